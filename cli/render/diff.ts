/** Two texts as a unified diff. */

/** Lines around a change that are shown. */
const around = 3
/** Above this many steps a changed region is shown as a whole, removed and added. */
const mostSteps = 4_000_000

type Op = readonly [sign: ' ' | '-' | '+', line: string]

/** The difference, `--- a/NAME` first; '' where there is none. */
export function unifiedDiff(name: string, before: string, after: string): string {
  if (before === after) return ''
  const ops = compare(lines(before), lines(after))
  const hunks: string[] = []
  let [left, right] = [1, 1]
  for (let at = 0; at < ops.length; ) {
    if (ops[at]![0] === ' ') {
      left += 1
      right += 1
      at += 1
      continue
    }
    const start = Math.max(0, at - around)
    let end = at
    for (let next = at; next < ops.length && next <= end + 2 * around; next += 1) if (ops[next]![0] !== ' ') end = next
    const shown = ops.slice(start, Math.min(ops.length, end + around + 1))
    const [minus, plus] = [shown.filter(([sign]) => sign !== '+').length, shown.filter(([sign]) => sign !== '-').length]
    const head = at - start
    hunks.push(
      `@@ -${left - head},${minus} +${right - head},${plus} @@\n${shown.map(([sign, line]) => `${sign}${line}\n`).join('')}`,
    )
    left += minus - head
    right += plus - head
    at = start + shown.length
  }
  return `--- a/${name}\n+++ b/${name}\n${hunks.join('')}`
}

function lines(text: string): string[] {
  const all = text.split('\n')
  if (all.at(-1) === '') all.pop()
  else all[all.length - 1] += '\n\\ No newline at end of file'
  return all
}

function compare(before: readonly string[], after: readonly string[]): Op[] {
  let [start, end] = [0, 0]
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end))
    end += 1
  const [a, b] = [before.slice(start, before.length - end), after.slice(start, after.length - end)]
  const same = (line: string): Op => [' ', line]
  return [...before.slice(0, start).map(same), ...middle(a, b), ...before.slice(before.length - end).map(same)]
}

/** The longest common subsequence, by table. */
function middle(a: readonly string[], b: readonly string[]): Op[] {
  const removed = a.map((line): Op => ['-', line])
  const added = b.map((line): Op => ['+', line])
  if (a.length * b.length > mostSteps) return [...removed, ...added]
  const width = b.length + 1
  const length = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      length[i * width + j] =
        a[i] === b[j]
          ? length[(i + 1) * width + j + 1]! + 1
          : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!)
  const out: Op[] = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      out.push([' ', a[i]!])
      i += 1
      j += 1
    } else if (length[(i + 1) * width + j]! >= length[i * width + j + 1]!) out.push(removed[i++]!)
    else out.push(added[j++]!)
  }
  return [...out, ...removed.slice(i), ...added.slice(j)]
}
