/** Commands, in exec form and in shell form. */
import { ImgError } from '../../error.ts'
import { toPlain, toShell } from '../../graph/token.ts'
import type { LowerContext } from '../define.ts'
import type { Command } from '../shape/command.ts'
import { goQuote } from './go-quote.ts'

/** A command as the builder takes it: text for the shell, or the words of the exec form. */
export type CommandLike = string | readonly string[]

/** The command that a builder's argument means. */
export function toCommand(command: CommandLike, keyword: string): Command {
  if (typeof command !== 'string')
    return { form: 'exec', args: command.map((word) => toPlain(word, `${keyword} in exec form`)) }
  const text = toShell(command).trim()
  if (!text.includes('\n')) return { form: 'shell', text }
  throw new ImgError('ARGUMENT_VALUE', `${keyword} takes one line; several lines only RUN can have`)
}

/** The argument vector: as it stands, or handed to the shell that is in force. */
export function withShell(command: Command, context: LowerContext): readonly string[] {
  if (command.form === 'exec') return command.args
  return [...shellOf(context), command.text]
}

/** The shell that is in force. */
export function shellOf({ config, os }: LowerContext): readonly string[] {
  if (config.Shell && config.Shell.length > 0) return config.Shell
  return os === 'windows' ? ['cmd', '/S', '/C'] : ['/bin/sh', '-c']
}

/** A list as history shows it: `["a" "b"]`. */
export function historyList(args: readonly string[]): string {
  return `[${args.map(goQuote).join(' ')}]`
}
