/** The nearest known word to an unknown one, for hints. */

/** The option within edit distance 2 of `value`; undefined where there is none, or where it is one of them. */
export function nearest(value: string, options: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = 3
  for (const option of options) {
    if (option === value) return undefined
    if (Math.abs(option.length - value.length) >= bestDistance) continue
    const distance = editDistance(value, option)
    if (distance >= bestDistance) continue
    best = option
    bestDistance = distance
  }
  return best || undefined
}

/** `did you mean X?`, or nothing. */
export function didYouMean(value: string, options: Iterable<string>, prefix = ''): string | undefined {
  const option = nearest(value, options)
  return option === undefined ? undefined : `did you mean ${prefix}${option}?`
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at)
  for (let at = 1; at <= left.length; at += 1) {
    const next = [at]
    for (let to = 1; to <= right.length; to += 1) {
      const swap = row[to - 1]! + (left[at - 1] === right[to - 1] ? 0 : 1)
      next.push(Math.min(swap, row[to]! + 1, next[to - 1]! + 1))
    }
    row = next
  }
  return row[right.length]!
}
