/** What became of one test file, read from what uvu printed and how the process ended. */

/** The counts of one file. `reason` says why it failed, when `failed` is not 0. */
export interface Outcome {
  readonly file: string
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly { readonly name: string; readonly reason: string }[]
  readonly reason: string
  readonly output: string
  readonly milliseconds: number
}

/** How a process ended: `ending` is undefined when its exit status was 0. */
export interface Ended {
  readonly file: string
  readonly output: string
  readonly ending: string | undefined
  readonly milliseconds: number
}

/** Adds up a file's totals. A crash, a time limit, a missing total and a file without tests each count as one failure. */
export function readOutcome({ file, output, ending, milliseconds }: Ended): Outcome {
  const total = lastNumber(output, /^ {2}Total: +(\d+)$/gm)
  const passed = lastNumber(output, /^ {2}Passed: +(\d+)$/gm) ?? 0
  const skips = lastNumber(output, /^ {2}Skipped: +(\d+)$/gm) ?? 0
  const skipped = [...output.matchAll(/^skipped: (.*) \((needs [^()]*)\)$/gm)].map((match) => ({
    name: match[1]!,
    reason: match[2]!,
  }))
  while (skipped.length < skips) skipped.push({ name: file, reason: 'no reason given' })
  const counted = total === undefined ? 0 : total - passed
  const reason = failure()
  return { file, passed, failed: reason ? Math.max(1, counted) : 0, skipped, reason, output, milliseconds }

  function failure(): string {
    if (counted > 0) return `${counted} of ${total} tests failed`
    if (ending !== undefined) return ending
    if (total === undefined) return 'it ended without a count: does it end with .run()?'
    if (total + skips === 0) return 'it holds no test'
    return ''
  }
}

function lastNumber(text: string, form: RegExp): number | undefined {
  const match = [...text.matchAll(form)].at(-1)
  return match && Number(match[1])
}
