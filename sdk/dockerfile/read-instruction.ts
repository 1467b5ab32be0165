/** From one logical line to an instruction, by the row of its keyword. */
import { ImgError } from '../error.ts'
import { type Instruction, type Written, written } from '../graph/graph.ts'
import { positional, type Row } from '../instruction/define.ts'
import { rowOf, table } from '../instruction/rows.ts'
import { didYouMean } from '../instruction/shape/nearest.ts'
import type { Source } from '../instruction/shape/shape.ts'
import type { FlagToken } from '../instruction/shape/split-command.ts'
import type { Lexed } from './lex.ts'
import type { LogicalLine } from './logical-line.ts'

type Args = Record<string, unknown>

/**
 * Reads one instruction.
 *
 * @param wordEscape  the escape character of words, where it is not that of the file
 * @throws            errors of phase P2, located
 */
export function readInstruction(line: LogicalLine, lexed: Lexed, wordEscape?: '\\' | '`'): Instruction {
  const keyword = line.keyword.toUpperCase()
  const row = rowOf(keyword)
  if (!row) throw unknownKeyword(line, lexed)
  const notes: string[] = []
  if (line.keyword !== keyword) notes.push(`keyword:${line.keyword}`)
  if (line.emptyContinuation !== undefined) notes.push(`empty-continuation:${line.emptyContinuation}`)
  if (line.innerComments > 0) notes.push(`inner-comments:${line.innerComments}`)
  // a stage stands apart anyway
  const gaps = keyword === 'FROM' ? line.gaps.filter((at) => at > 0) : line.gaps
  const reading = new Reading(row, line, lexed, notes, wordEscape)
  const args = reading.args()
  return Object.freeze({
    keyword,
    args: Object.freeze(args),
    at: lexed.source.at(line.start, line.end),
    ...(line.comments.length > 0 ? { comments: line.comments } : {}),
    ...(gaps.length > 0 ? { gaps } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    [written]: writtenOf(line, lexed),
  })
}

function writtenOf({ start, end, argsOffset, args, breaks, gaps }: LogicalLine, { source }: Lexed): Written {
  return {
    text: source.text.slice(start, end),
    breaks: breaks.map((at) => at - argsOffset).filter((at) => at > 0 && at < args.length),
    apart: gaps[0] === 0,
  }
}

function unknownKeyword(line: LogicalLine, { source }: Lexed) {
  const shown = line.keyword.length > 80 ? `${line.keyword.slice(0, 80)}…` : line.keyword
  const end = line.offsetAt(line.keywordOffset + line.keyword.length)
  return source.error(
    'UNKNOWN_INSTRUCTION',
    `unknown instruction: ${shown}`,
    line.start,
    end,
    /^(?:\/[/*]|--|;|<!)/.test(shown)
      ? 'a comment begins with #'
      : didYouMean(line.keyword.toUpperCase(), table.keys()),
  )
}

class Reading {
  private readonly row: Row
  private readonly line: LogicalLine
  private readonly lexed: Lexed
  private readonly notes: string[]
  private readonly wordEscape: '\\' | '`' | undefined

  constructor(row: Row, line: LogicalLine, lexed: Lexed, notes: string[], wordEscape: '\\' | '`' | undefined) {
    this.row = row
    this.line = line
    this.lexed = lexed
    this.notes = notes
    this.wordEscape = wordEscape
  }

  args(): Args {
    const { row, line } = this
    const { shape, field } = positional(row)
    const { heredocs, original, argsOffset } = line
    const source = { ...this.source(line.args, argsOffset), heredocs, original }
    const value = this.located(() => shape.read(source))
    const args: Args = field === undefined ? { ...value } : { [field]: value }
    if (!row.swallowsFlags && !isNone(args)) this.flags(args)
    return args
  }

  private flags(args: Args): void {
    const seen = new Set<string>()
    for (const token of this.line.flags) {
      const { name } = token
      const shape = Object.hasOwn(this.row.flags ?? {}, name) ? this.row.flags![name] : undefined
      if (!shape) this.fail(token, 'UNKNOWN_FLAG', `unknown flag: --${name}`, this.nearestFlag(name))
      if (seen.has(name) && !shape.repeatable)
        this.fail(token, 'FLAG_VALUE', `duplicate flag specified: --${name}`, 'give it once')
      seen.add(name)
      if (token.value === undefined && shape.bare === undefined) {
        this.fail(token, 'FLAG_VALUE', `missing a value on flag: --${name}`, `write --${name}=…`)
      }
      const value = token.value === undefined ? shape.bare : shape.read(this.flagSource(token))
      if (shape.repeatable) {
        if (args[name] === undefined) args[name] = [value]
        else (args[name] as unknown[]).push(value)
      } else if (!shape.isAbsent?.(value, name)) args[name] = value
    }
  }

  /** What is wrong with an instruction as a whole is shown at its keyword. */
  private located<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof ImgError) || error.at) throw error
      const { start, keywordOffset, keyword } = this.line
      const end = this.line.offsetAt(keywordOffset + keyword.length)
      throw this.lexed.source.error(error.code, error.message, start, end, error.hint)
    }
  }

  private nearestFlag(name: string): string | undefined {
    return didYouMean(name, Object.keys(this.row.flags ?? {}), { prefix: '--' })
  }

  private fail(token: FlagToken, code: Parameters<Source['fail']>[0], message: string, hint?: string): never {
    throw this.error(code, message, token.offset, token.end, hint)
  }

  private flagSource(token: FlagToken): Source {
    return {
      ...this.source(token.value ?? '', token.offset),
      flag: token.name,
      fail: (code, message, options) => this.fail(token, code, message, options?.hint),
    }
  }

  private source(text: string, offset: number): Source {
    return {
      keyword: this.row.keyword,
      text,
      escape: this.lexed.escape,
      ...(this.wordEscape ? { wordEscape: this.wordEscape } : {}),
      heredocs: [],
      note: (note) => this.notes.push(note),
      fail: (code, message, options = {}) => {
        const from = options.offset ?? 0
        const length = options.length ?? text.length - from
        // nothing to point at: the whole instruction
        if (text === '') throw this.lexed.source.error(code, message, this.line.start, this.line.end, options.hint)
        throw this.error(code, message, offset + from, offset + from + length, options.hint)
      },
    }
  }

  private error(code: Parameters<Source['fail']>[0], message: string, start: number, end: number, hint?: string) {
    const { line, lexed } = this
    // the end is taken from the character before it: after a continuation the next one is lines away
    return lexed.source.error(
      code,
      message,
      line.offsetAt(start),
      line.offsetAt(Math.max(start, end - 1)) + (end > start ? 1 : 0),
      hint,
    )
  }
}

/** HEALTHCHECK NONE takes no notice of flags. Source: D1.45. */
function isNone(args: Args): boolean {
  return (args['test'] as { form?: string } | undefined)?.form === 'none'
}
