/** What of an instruction's text stays in one piece, and which of it its author wrote well enough to be left. */
import { positional, type Row } from '../instruction/define.ts'
import { heredocToken } from '../instruction/shape/heredoc.ts'
import { jsonStrings } from '../instruction/shape/json-strings.ts'
import type { Style } from '../instruction/shape/shape.ts'
import { splitBlanks, splitShellWords, type Token } from '../instruction/shape/tokens.ts'
import type { Spelled } from './layout.ts'
import type { LogicalLine } from './logical-line.ts'

/** A part of the logical line. */
export interface Piece {
  readonly start: number
  readonly end: number
  /** What is written there; absent for what stands there, continuations and all. */
  readonly text?: string
  /** Nothing but the end of a line stands between it and the piece before. */
  readonly tight?: boolean
}

/** The arguments in pieces, and how their lines may be broken. */
export interface Pieces {
  readonly pieces: readonly Piece[]
  readonly kind: Spelled['kind']
}

type Args = Readonly<Record<string, unknown>>

/** The pieces of the arguments; undefined where the author's spelling is not to be kept. */
export function piecesOf(line: LogicalLine, args: Args, row: Row, style: Style): Pieces | undefined {
  if (line.args === '') return { pieces: [], kind: 'other' }
  if (args['variables'] || args['labels']) return assignments(line, args, row, style)
  if (args['base']) {
    const spell = (text: string, at: number) => (at === 1 ? text.toUpperCase() : at === 2 ? text.toLowerCase() : text)
    return { ...words(line, spell), kind: 'other' }
  }
  if (args['test']) return healthtest(line, args['test'] as { form: string })
  if (isArray(line.args, args)) return items(line)
  if (args['ports']) return words(line)
  if (args['dest'] !== undefined || args['paths']) return tidyWords(line, style)
  const whole = { start: line.argsOffset, end: line.argsOffset + line.args.length }
  if ((args['command'] as { form?: string } | undefined)?.form === 'shell') return { pieces: [whole], kind: 'shell' }
  const isWord = ['path', 'user', 'signal'].some((name) => args[name] !== undefined)
  const untidy = isWord && (!isPlain(line.args, style) || line.breaks.some((at) => at > whole.start && at < whole.end))
  return untidy ? undefined : { pieces: [whole], kind: 'other' }
}

/** Whether the arguments stand in a JSON array that means them. */
function isArray(text: string, args: Args): boolean {
  const { form } = (args['command'] ?? {}) as { form?: string }
  const may = form === 'exec' || args['shell'] || args['paths'] || (args['dest'] !== undefined && !args['contents'])
  return Boolean(may) && Array.isArray(jsonStrings(text))
}

/** One piece for each string, bracket and comma. */
function items({ args, argsOffset }: Pick<LogicalLine, 'args' | 'argsOffset'>): Pieces {
  const pieces: Piece[] = []
  let before = ''
  for (const match of args.matchAll(/"(?:[^"\\]|\\.)*"|[[\],]/g)) {
    const [token] = match
    const start = argsOffset + match.index
    const tight = before === '[' || token === ']' || token === ','
    const text = token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : token
    pieces.push({ start, end: start + token.length, text, tight })
    before = token
  }
  return { pieces: pieces.map((piece, at) => (at === 0 ? { ...piece, tight: false } : piece)), kind: 'list' }
}

function healthtest(line: LogicalLine, { form }: { form: string }): Pieces {
  const [type, rest] = splitBlanks(line.args)
  const head = pieceOf(type!, line, type!.text.toUpperCase())
  if (!rest) return { pieces: [head], kind: 'other' }
  const from = line.argsOffset + rest.offset
  const args = line.args.slice(rest.offset)
  if (form === 'exec') return { pieces: [head, ...items({ args, argsOffset: from }).pieces], kind: 'list' }
  return { pieces: [head, { start: from, end: from + args.length }], kind: 'shell' }
}

function words(line: LogicalLine, spell?: (text: string, at: number) => string): Pieces {
  const tokens = splitBlanks(line.args)
  return {
    pieces: tokens.map((token, at) => pieceOf(token, line, spell?.(token.text, at) ?? token.text)),
    kind: 'words',
  }
}

/** Quotes and escapes are for the printer to choose. */
function tidyWords(line: LogicalLine, style: Style): Pieces | undefined {
  const tidy = splitBlanks(line.args).every(({ text }) => isPlain(text, style) || heredocToken(text))
  return tidy ? words(line) : undefined
}

/** Each pair as its author wrote it, where that is bare or in one pair of quotes that are well chosen. */
function assignments(line: LogicalLine, args: Args, row: Row, style: Style): Pieces | undefined {
  const { shape, field } = positional(row)
  const values = args[field!] as readonly unknown[]
  const tokens = splitShellWords(line.args, style.escape)
  if (row.keyword !== 'ARG' && !tokens[0]?.text.includes('=')) return legacy(line, tokens, style)
  if (tokens.length !== values.length) return undefined
  const pieces = tokens.flatMap((token, at): Piece[] => {
    const start = line.argsOffset + token.offset
    const end = start + token.text.length
    const equals = token.text.indexOf('=')
    const [key, value] = equals < 0 ? [token.text, ''] : [token.text.slice(0, equals), token.text.slice(equals + 1)]
    const canonical = shape.write([values[at]], style)
    if (!isTidy(value, style)) return [{ start, end, text: canonical }]
    if (isPlain(key, style)) return [{ start, end }]
    // a value in quotes keeps its lines, whatever its name is written like
    const text = canonical.slice(0, canonical.indexOf('=') + 1)
    return [
      { start, end: start + equals + 1, text },
      { start: start + equals + 1, end, tight: true },
    ]
  })
  return { pieces, kind: 'assignments' }
}

/** `key value` is `key=value`, where the value is one word that may stay. */
function legacy({ args, argsOffset }: LogicalLine, tokens: readonly Token[], style: Style): Pieces | undefined {
  const [key, value] = tokens
  if (!key || !value || tokens.length > 2 || !isPlain(key.text, style) || !isTidy(value.text, style)) return undefined
  const text = `${key.text}=${value.text}`
  return { pieces: [{ start: argsOffset, end: argsOffset + args.length, text }], kind: 'assignments' }
}

function pieceOf(token: Token, { argsOffset }: LogicalLine, text: string): Piece {
  const start = argsOffset + token.offset
  return { start, end: start + token.text.length, text }
}

function isPlain(text: string, { escape }: Style): boolean {
  return !/["']/.test(text) && !text.includes(escape)
}

/** Bare, all in double quotes, or all in single quotes that spare escapes. */
function isTidy(text: string, style: Style): boolean {
  if (isPlain(text, style)) return true
  const inside = text.slice(1, -1)
  if (text.length < 2 || text[0] !== text.at(-1)) return false
  if (text[0] === "'") return !inside.includes("'") && (/["$]/.test(inside) || inside.includes(style.escape))
  return text[0] === '"' && !inside.replaceAll(`${style.escape}"`, '').includes('"')
}
