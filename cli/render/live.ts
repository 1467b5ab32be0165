/** What of a build is shown while it runs: as many steps and lines of their output as the terminal has room for. */
import { harmless, type Style } from './style.ts'
import { duration } from './units.ts'
import { cut, pad, widthOf } from './width.ts'

/** A step that runs. */
export interface RunningStep {
  readonly name: string
  /** By the clock of `performance.now()`. */
  readonly started: number
  /** The last lines of output. */
  readonly tail: readonly string[]
  /** Shown instead of the time, unless ''. */
  readonly state: string
}

/** Of a terminal, in characters. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

/** Of each running step, at most so many lines of output are shown. */
export const tailLines = 5

/** Of a name, at least so much is shown before what stands at the right edge. */
const leastName = 8

/** One step in one line: a mark, its name, and something at the right edge, where there is room for it. Both may be coloured. */
export function stepLine(mark: string, name: string, right: string, columns: number): string {
  const all = columns - widthOf(harmless(mark)) - 4
  const room = all - widthOf(harmless(right)) - 2
  if (room < leastName) return ` ${mark} ${cut(harmless(name), all)}`
  return ` ${mark} ${pad(cut(harmless(name), room), room)}  ${right}`
}

/** The lines of all running steps, none wider than the terminal, and fewer than it is high: the cursor stands below them. */
export function liveLines(
  steps: readonly RunningStep[],
  { head, now, style }: { readonly head: string; readonly now: number; readonly style: Style },
  { columns, rows }: Size,
): string[] {
  if (steps.length === 0) return []
  const room = Math.max(0, rows - 2)
  const fits = steps.length <= room
  const shown = fits ? steps : steps.slice(0, Math.max(0, room - 1))
  const tails = tailsFor(shown, room - shown.length)
  const lines = shown.flatMap((step) => [
    stepLine('=>', step.name, style.dim(step.state || duration(now - step.started)), columns),
    ...tails(step).map((line) => style.dim(` => => ${cut(harmless(line), columns - 8)}`)),
  ])
  const more = fits || room === 0 ? [] : [style.dim(cut(`    and ${steps.length - shown.length} more`, columns - 1))]
  return [style.bold(cut(head, columns - 1)), ...lines, ...more].slice(0, Math.max(0, rows - 1))
}

/** The same number of lines for each step, as many as there is room for. */
function tailsFor(steps: readonly RunningStep[], room: number): (step: RunningStep) => readonly string[] {
  let most = tailLines
  while (most > 0 && steps.reduce((sum, { tail }) => sum + Math.min(tail.length, most), 0) > room) most--
  return ({ tail }) => (most === 0 ? [] : tail.slice(-most))
}

/** How many rows lines take that were drawn before and that a narrower terminal has wrapped since. */
export function rowsOf(lines: readonly string[], { columns, rows }: Size): number {
  const taken = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(harmless(line)) / columns)), 0)
  return Math.min(taken, rows - 1)
}
