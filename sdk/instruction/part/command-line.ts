/** Commands, in exec form and in shell form. */
import { ImgError } from '../../error.ts'
import { textOf } from '../../graph/given.ts'
import { toPlain, toShell } from '../../graph/token.ts'
import type { LowerContext } from '../define.ts'
import type { Command } from '../shape/command.ts'
import { goQuote } from './go-quote.ts'

/** A command as the builder takes it: text for the shell, or the words of the exec form. */
export type CommandLike = string | readonly string[]

/** The command that a builder's argument means. */
export function toCommand(command: CommandLike, keyword: string): Command {
  if (Array.isArray(command)) return { form: 'exec', args: toExecWords(command, keyword) }
  const text = toShell(textOf(command as string, `the command of ${keyword}`, 'text, or a list of words')).trim()
  if (!text.includes('\n')) return { form: 'shell', text }
  throw new ImgError('ARGUMENT_VALUE', `${keyword} takes one line; several lines only RUN can have`)
}

/** The words of an exec form. */
export function toExecWords(words: readonly string[], keyword: string): string[] {
  return words.map((word) => toPlain(word, `a word of ${keyword} in exec form`))
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
