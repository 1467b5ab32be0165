/** From text to logical lines: continuations joined, comments set aside, here-documents taken in. */
import { heredocsOf, isDelimiter } from '../instruction/shape/heredoc.ts'
import { jsonStrings } from '../instruction/shape/json-strings.ts'
import type { Heredoc } from '../instruction/shape/shape.ts'
import { type Command, splitCommand } from '../instruction/shape/split-command.ts'
import { isSpace, skipSpace } from '../instruction/shape/tokens.ts'
import { commentLine, commentText, type Directives, readCarried, readEscape } from './directives.ts'
import { SourceText } from './source-text.ts'

/** One instruction, cut but not understood. Offsets into the file come from `offsetAt`. */
export interface LogicalLine extends Command {
  /** The whole of it: what offsets count into. */
  readonly logical: string
  readonly heredocs: readonly Heredoc[]
  /** In order; an empty one clears those before it (D1.17), one that is a `#` behind a blank is no description (D1.18). */
  readonly comments: readonly string[]
  /** Before which of them, by position, blank lines stand; the number of those above the instruction for the instruction itself. */
  readonly gaps: readonly number[]
  /** How many of them, the last, stood between continued lines: they describe nothing. */
  readonly innerComments: number
  /** Where in the logical line each physical line after the first begins. */
  readonly breaks: readonly number[]
  /** The comment lines between those, as they stand; `after` counts the physical lines of the instruction above. */
  readonly between: readonly { readonly after: number; readonly text: string }[]
  /** Where there is an empty line inside: the last physical line that was read before any here-document, from 1. */
  readonly emptyContinuation: number | undefined
  /** From the first character of the keyword to the last of the last physical line, here-documents included. */
  readonly start: number
  readonly end: number
  /** Where in the file a character of the logical line stands. */
  offsetAt(position: number): number
}

/** A file being read, line by line, so that a long one never stands in memory as a whole. */
export interface Lexed extends Directives {
  readonly source: SourceText
  /** The next logical line; undefined at the end. Throws errors of phase P1. */
  next(): LogicalLine | undefined
  /** Comments since the last instruction, and the blank lines before them. */
  trailing(): Pick<LogicalLine, 'comments' | 'gaps'>
}

const heredocKeywords: readonly string[] = ['RUN', 'COPY', 'ADD']

/** Begins to cut a file into logical lines. Throws errors of phase P1. Source: chapter 1. */
export function lex(text: string, file: string): Lexed {
  const source = new SourceText(text, file)
  if (text === '')
    throw source.error('DOCKERFILE_EMPTY', 'the Dockerfile cannot be empty', 0, 0, 'begin with FROM and an image')
  const lineAt = (line: number) => {
    const content = source.line(line)
    return line === 0 && content.startsWith('\ufeff') ? content.slice(1) : content
  }
  const { lines: directives, escape } = readEscape(source, lineAt)
  const reader = new Reader(source, lineAt, escape, directives)
  const carried = readCarried(source, lineAt)
  return { source, escape, ...carried, next: () => reader.next(), trailing: () => reader }
}

/** A text that is meant to be one instruction; undefined where it is none, or more. */
export function lexOne(text: string, file: string): { lexed: Lexed; line: LogicalLine } | undefined {
  const lexed = lex(text, file)
  const line = lexed.next()
  return line && !lexed.next() && lexed.trailing().comments.length === 0 ? { lexed, line } : undefined
}

/** The physical lines that went into a logical one: where the text of each stands in it, and in the file. Columns, for there may be very many. */
interface Pieces {
  readonly positions: number[]
  readonly offsets: number[]
}

class Reader {
  comments: string[] = []
  gaps: number[] = []
  private readonly source: SourceText
  private readonly lineAt: (line: number) => string
  private readonly escape: '\\' | '`'
  private at: number

  constructor(source: SourceText, lineAt: (line: number) => string, escape: '\\' | '`', first: number) {
    this.source = source
    this.lineAt = lineAt
    this.escape = escape
    this.at = first
  }

  /** The next logical line; undefined at the end of the file. */
  next(): LogicalLine | undefined {
    while (this.at < this.source.lineCount) {
      const text = this.lineAt(this.at)
      const comment = commentText(text)
      if (comment !== undefined) this.comments.push(comment)
      else if (skipSpace(text) < text.length) return this.logical(text)
      else if (this.gaps.at(-1) !== this.comments.length) this.gaps.push(this.comments.length)
      this.at += 1
    }
    return undefined
  }

  private logical(first: string): LogicalLine {
    const indent = skipSpace(first)
    const texts: string[] = []
    const pieces: Pieces = { positions: [], offsets: [] }
    const inner: string[] = []
    const between: { after: number; text: string }[] = []
    let position = 0
    let empty = false
    let last = this.at
    const add = (line: number, text: string, skipped: number): boolean => {
      const content = this.continued(text)
      const bom = line === 0 && this.source.text.startsWith('\ufeff') ? 1 : 0
      pieces.positions.push(position)
      pieces.offsets.push(this.source.lineStart(line) + skipped + bom)
      texts.push(content ?? text)
      position += texts.at(-1)!.length
      last = line
      return content !== undefined
    }
    let open = add(this.at, first.slice(indent), indent)
    this.at += 1
    while (open && this.at < this.source.lineCount) {
      const text = this.lineAt(this.at)
      const comment = commentText(text)
      if (comment !== undefined) {
        inner.push(comment.startsWith(' #') ? comment : ` ${commentLine(comment)}`)
        between.push({ after: texts.length, text })
      } else if (isBlankLine(text)) empty = true
      else open = add(this.at, text, 0)
      this.at += 1
    }
    const emptyContinuation = empty ? this.at : undefined
    const line = texts.join('')
    const command = splitCommand(line, this.escape)
    const offsetAt = (offset: number) => locate(pieces, offset)
    // also where the keyword comes lines later, behind continuations
    const start = pieces.offsets[0]!
    let end = this.source.lineStart(last) + this.source.line(last).length
    const heredocs = this.heredocs(command, line, start, end)
    if (heredocs.length > 0) end = this.source.lineStart(this.at - 1) + this.source.line(this.at - 1).length
    const within = inner.filter((text) => text.trim() !== '#')
    const comments = [...this.comments, ...within]
    const { gaps } = this
    this.comments = []
    this.gaps = []
    const around = { comments, gaps, innerComments: within.length, emptyContinuation, between }
    return { ...command, ...around, logical: line, heredocs, start, end, offsetAt, breaks: pieces.positions.slice(1) }
  }

  /** The text before a continuation; undefined where the line ends the instruction. Source: D1.9 to D1.11. */
  private continued(text: string): string | undefined {
    let end = text.length
    while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end -= 1
    if (text[end - 1] !== this.escape || text[end - 2] === this.escape) return undefined
    return text.slice(0, end - 1)
  }

  private heredocs(command: Command, line: string, start: number, end: number): Heredoc[] {
    if (!line.includes('<<') || !mayHaveHeredocs(command, this.escape)) return []
    return heredocsOf(line).map(({ name, expand, chomp }) => {
      const from = this.source.lineStart(this.at)
      while (this.at < this.source.lineCount) {
        const text = this.source.line(this.at)
        const begin = this.source.lineStart(this.at)
        this.at += 1
        if (isDelimiter(text, name, chomp)) return { name, expand, chomp, body: this.source.text.slice(from, begin) }
      }
      const hint = `end it with a line that is just ${name}`
      throw this.source.error('DOCKERFILE_HEREDOC', `unterminated heredoc "${name}"`, start, end, hint)
    })
  }
}

/** RUN, COPY and ADD, alone or behind ONBUILD, but not in JSON form. Source: D1.50. */
function mayHaveHeredocs(command: Command, escape: string): boolean {
  const keyword = command.keyword.toUpperCase()
  const inner = keyword === 'ONBUILD' ? splitCommand(command.args, escape) : command
  return heredocKeywords.includes(inner.keyword.toUpperCase()) && !Array.isArray(jsonStrings(inner.args))
}

function isBlankLine(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (!isSpace(text.charCodeAt(at))) return false
  return true
}

function locate({ positions, offsets }: Pieces, position: number): number {
  let low = 0
  let high = positions.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (positions[middle]! <= position) low = middle
    else high = middle
  }
  return offsets[low]! + position - positions[low]!
}
