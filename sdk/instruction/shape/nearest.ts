/** The nearest known word to an unknown one, for hints. */

/** How near is near. */
export interface Nearness {
  /** The most edits, for the length of the longer word. */
  limit(longer: number): number
  /** Whether swapped neighbours are one edit, not two. */
  readonly swaps: boolean
  /** Whether upper and lower case are the same. */
  readonly caseless: boolean
}

/** As BuildKit has it: two insertions, deletions or replacements. */
const strict: Nearness = { limit: () => 2, swaps: false, caseless: false }

/** For what people type: a third of the word may be wrong. */
export const typed: Nearness = {
  limit: (longer) => Math.max(1, Math.floor(longer / 3)),
  swaps: true,
  caseless: true,
}

/** The known word with the fewest edits; undefined where none is near, or where `word` is one of them. */
export function nearest(word: string, known: Iterable<string>, nearness: Nearness = strict): string | undefined {
  const { limit, swaps, caseless } = nearness
  const wanted = caseless ? word.toLowerCase() : word
  let best: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const candidate of known) {
    if (candidate === word) return undefined
    const most = Math.min(limit(Math.max(word.length, candidate.length)), least - 1)
    if (Math.abs(candidate.length - word.length) > most) continue
    const distance = editDistance(wanted, caseless ? candidate.toLowerCase() : candidate, swaps)
    if (distance <= most) [best, least] = [candidate, distance]
  }
  // a variable may have an empty name: then it may be the nearest, but not worth a hint
  return best === '' ? undefined : best
}

/** `did you mean X?`, or nothing. */
export function didYouMean(
  word: string,
  known: Iterable<string>,
  { prefix = '', nearness = strict }: { readonly prefix?: string; readonly nearness?: Nearness } = {},
): string | undefined {
  const near = nearest(word, known, nearness)
  return near === undefined ? undefined : `did you mean ${prefix}${near}?`
}

/** One row at a time. */
function editDistance(left: string, right: string, swaps: boolean): number {
  let before: number[] = []
  let row = Array.from({ length: right.length + 1 }, (_, at) => at)
  for (let at = 1; at <= left.length; at += 1) {
    const next = [at]
    for (let to = 1; to <= right.length; to += 1) {
      const replaced = row[to - 1]! + (left[at - 1] === right[to - 1] ? 0 : 1)
      let cost = Math.min(replaced, row[to]! + 1, next[to - 1]! + 1)
      const swapped = swaps && at > 1 && to > 1 && left[at - 1] === right[to - 2] && left[at - 2] === right[to - 1]
      if (swapped) cost = Math.min(cost, before[to - 2]! + 1)
      next.push(cost)
    }
    before = row
    row = next
  }
  return row[right.length]!
}
