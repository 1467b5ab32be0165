/** A Dockerfile's text, its physical lines, and places in it. */
import type { Code } from '../codes.ts'
import { ImgError, type Location } from '../error.ts'

/** The most bytes of a physical line, its end left out. Source: D1.3. */
export const longestLine = 65535

/** The text of one file. Offsets count UTF-16 code units from its start. */
export class SourceText {
  readonly text: string
  readonly file: string
  /** Where each physical line starts. */
  private readonly starts: readonly number[]

  constructor(text: string, file: string) {
    this.text = text
    this.file = file
    const starts = [0]
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
    // what follows the last newline is a line only if there is something
    if (starts.at(-1) === text.length) starts.pop()
    this.starts = starts
  }

  /** How many physical lines there are. */
  get lineCount(): number {
    return this.starts.length
  }

  /** Where a line starts; past the last line, the end of the text. */
  lineStart(line: number): number {
    return this.starts[line] ?? this.text.length
  }

  /** A line without its line break; trailing carriage returns are dropped as well. Counts from 0. Source: D1.2. */
  line(line: number): string {
    const start = this.lineStart(line)
    let end = this.lineStart(line + 1)
    this.checkLength(line, start, end)
    while (end > start && (this.text.charCodeAt(end - 1) === 0x0a || this.text.charCodeAt(end - 1) === 0x0d)) end -= 1
    return this.text.slice(start, end)
  }

  /** The location of a range. */
  at(start: number, end: number): Location {
    const first = this.lineOf(start)
    const last = this.lineOf(Math.max(start, end))
    return {
      file: this.file,
      line: first + 1,
      column: start - this.lineStart(first) + 1,
      endLine: last + 1,
      endColumn: Math.max(start, end) - this.lineStart(last) + 1,
    }
  }

  /** An error at a range. */
  error(code: Code, message: string, start: number, end: number, hint?: string): ImgError {
    return new ImgError(code, message, { at: this.at(start, end), source: this.text, hint })
  }

  /** The line that an offset is in; the end of a line belongs to it. */
  private lineOf(offset: number): number {
    let low = 0
    let high = this.starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.starts[middle]! <= offset) low = middle
      else high = middle
    }
    return low
  }

  private checkLength(line: number, start: number, end: number): void {
    const content = this.text.charCodeAt(end - 1) === 0x0a ? end - 1 : end
    // three bytes at most for a code unit, so most lines need no count
    if ((content - start) * 3 <= longestLine || utf8Length(this.text, start, content) <= longestLine) return
    const hint = 'break it with the escape character, or put the text into a here-document'
    throw this.error(
      'DOCKERFILE_SYNTAX',
      `line ${line + 1} is greater than the max allowed size of ${longestLine} bytes`,
      start,
      content,
      hint,
    )
  }
}

/** Bytes of a part of a text. */
function utf8Length(text: string, start: number, end: number): number {
  let bytes = 0
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at)
    // each half of a surrogate pair stands for two bytes
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3
  }
  return bytes
}
