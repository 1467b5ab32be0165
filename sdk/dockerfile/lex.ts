/** From text to logical lines: continuations joined, comments set aside, here-documents taken in. */
import { heredocsOf, isDelimiter } from '../instruction/shape/heredoc.ts'
import { jsonStrings } from '../instruction/shape/json-strings.ts'
import type { Heredoc } from '../instruction/shape/shape.ts'
import { type Command, splitCommand } from '../instruction/shape/split-command.ts'
import { isSpace, skipSpace } from '../instruction/shape/tokens.ts'
import { commentLine, commentText, type Directives, readCarried, readEscape } from './directives.ts'
import { type LogicalLine, offsetIn, type Pieces } from './logical-line.ts'
import { SourceText } from './source-text.ts'

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
    const offsetAt = (offset: number) => offsetIn(pieces, offset)
    // also where the keyword comes lines later, behind continuations
    const start = pieces.offsets[0]!
    let end = this.source.lineStart(last) + this.source.line(last).length
    const heredocs = this.heredocs(command, line, start, end)
    if (heredocs.length > 0) end = this.source.lineStart(this.at - 1) + this.source.line(this.at - 1).length
    const within = inner.filter((text) => text.trim() !== '#')
    const { gaps } = this
    const comments = within.length > 0 ? [...this.comments, ...within] : this.comments
    this.comments = []
    this.gaps = []
    const { keyword, keywordOffset, flags, args, argsOffset, original } = command
    const innerComments = within.length
    const breaks = pieces.positions.length > 1 ? pieces.positions.slice(1) : []
    // one literal: objects that are spread are many times dearer
    return {
      keyword,
      keywordOffset,
      flags,
      args,
      argsOffset,
      original,
      logical: line,
      heredocs,
      comments,
      gaps,
      innerComments,
      breaks,
      between,
      emptyContinuation,
      start,
      end,
      offsetAt,
    }
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
