/** What to say when a RUN did not end well. */
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { ImgError, type Location } from '../../error.ts'
import type { ExecMeta } from '../../plan/op.ts'
import type { Ended } from './cell.ts'

/** What else is known of how it ended. */
export interface FailureFacts {
  /** The last of what the command wrote. */
  readonly output: string
  /** Whether the machine ran out of memory meanwhile. */
  readonly outOfMemory: boolean
  readonly at: Location | undefined
}

/** The error for how a container ended; undefined when that is one of the ways it may end. */
export function runFailure(
  meta: ExecMeta,
  ended: Ended,
  { output, outOfMemory, at }: FailureFacts,
): ImgError | undefined {
  const text = commandText(meta.args)
  const complaint = complaints(ended.log)
  if (complaint !== undefined) return notStarted(meta, complaint, at)
  if ((meta.validExitCodes ?? [0]).includes(ended.status) && !ended.lost) return undefined
  const signal = signalName(ended.status)
  const memory = outOfMemory && signal === 'SIGKILL'
  return new ImgError('RUN_FAILED', `RUN ended with exit status ${ended.status}: ${text}`, {
    at,
    hint: memory ? 'the machine ran out of memory: give it more, or let the command use less' : hints[ended.status],
    detail: {
      exitCode: ended.status,
      ...(signal && { signal }),
      ...(memory && { outOfMemory: true }),
      command: text,
      output,
    },
  })
}

const hints: Readonly<Record<number, string>> = {
  126: 'exit status 126: a file was found but could not be executed; look at its mode and its first line',
  127: 'exit status 127: the shell found no such command in PATH',
}

/** How many processes the kernel has killed for lack of memory. */
export function memoryKills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** The command as its author wrote it: the script of the shell form, else the words. */
export function commandText(args: readonly string[]): string {
  if (args.length === 3 && args[1] === '-c') return args[2]!
  return args.map((arg) => (/^[^\s"'\\]+$/.test(arg) ? arg : JSON.stringify(arg))).join(' ')
}

function notStarted(meta: ExecMeta, complaint: string, at: Location | undefined): ImgError {
  const text = commandText(meta.args)
  const program = meta.args[0] ?? ''
  const detail = { command: text, runtime: complaint }
  const named = complaint.includes(program) || complaint.startsWith('open executable')
  if (named && /not found|no such file or directory/i.test(complaint)) return programMissing(meta, at, complaint)
  if (named && /permission denied|not permitted|exec format/i.test(complaint)) {
    const what = /exec format/i.test(complaint) ? 'is made for another kind of machine' : 'is not executable'
    const message = `RUN could not start "${program}", which ${what}: ${text}`
    return new ImgError('RUN_FAILED', message, { at, detail: { ...detail, exitCode: 126 } })
  }
  const message = `RUN could not be started: ${complaint}`
  return new ImgError('RUN_FAILED', message, { at, detail: { ...detail, exitCode: 125 } })
}

/** The error for a command that the image does not have. `runtime`: how the runtime said it. */
export function programMissing({ args }: Pick<ExecMeta, 'args'>, at?: Location, runtime?: string): ImgError {
  const [program = ''] = args
  return new ImgError('RUN_FAILED', `RUN found no program "${program}" in the image: ${commandText(args)}`, {
    at,
    hint: program.includes('/')
      ? `use the exec form with a program that the image has, or a base image that has "${program}"`
      : 'look at PATH in the image',
    detail: { exitCode: 127, command: commandText(args), ...(runtime && { runtime }) },
  })
}

/** The errors among the lines of a runtime's log. */
function complaints(log: readonly string[]): string | undefined {
  const errors = log.flatMap((line) => {
    try {
      const entry = JSON.parse(line) as { level?: string; msg?: string }
      return entry.level === 'error' && entry.msg ? [entry.msg] : []
    } catch {
      return []
    }
  })
  return errors.length > 0 ? errors.join('; ') : undefined
}

function signalName(status: number): string | undefined {
  if (status <= 128) return undefined
  return Object.entries(constants.signals).find(([, number]) => number === status - 128)?.[0]
}
