/** Cutting Dockerfile text into words, with and without quotes, and what counts as white space. */

import { ImgError } from '../../error.ts'

/** Whether a code unit is white space to Unicode. Source: Go, unicode.IsSpace. */
export function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d)
  if (code < 0x85) return false
  if (code === 0x85 || code === 0xa0 || code === 0x1680) return true
  if (code < 0x2000) return false
  return code <= 0x200a || code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f || code === 0x3000
}

/** Where the text begins once leading white space is skipped, from `start` on. */
export function skipSpace(text: string, start = 0): number {
  let at = start
  while (at < text.length && isSpace(text.charCodeAt(at))) at += 1
  return at
}

/** Where the text ends once trailing white space is dropped. */
export function trimmedEnd(text: string, start = 0): number {
  let end = text.length
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1
  return end
}

/** The text without white space around it; `\ufeff` is not white space here. */
export function trim(text: string): string {
  const start = skipSpace(text)
  return text.slice(start, trimmedEnd(text, start))
}

/** Whether a code unit parts a keyword from its arguments, and words that know no quotes: tab, VT, FF, CR, space. */
export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || (code >= 0x0b && code <= 0x0d)
}

/** A piece of text and where it starts in what it was cut from. */
export interface Token {
  readonly text: string
  readonly offset: number
}

/** Words of one instruction: more would take more memory than any build is worth. BuildKit has no such bound. */
const mostWords = 65_536

function checkCount(words: readonly Token[]): void {
  if (words.length < mostWords) return
  throw new ImgError('DOCKERFILE_SYNTAX', `the instruction has more than ${mostWords} words`, {
    hint: 'part it into several',
  })
}

/** Words that know no quotes, as of COPY, EXPOSE, VOLUME and FROM. `text` has no blanks around it. */
export function splitBlanks(text: string): Token[] {
  const out: Token[] = []
  let start = 0
  for (let at = 0; at <= text.length; at += 1) {
    if (at < text.length && !isBlank(text.charCodeAt(at))) continue
    if (at > start) {
      checkCount(out)
      out.push({ text: text.slice(start, at), offset: start })
    }
    start = at + 1
  }
  return out
}

/** Words with quotes and escapes honoured and kept, as of ENV, LABEL and ARG. Source: D2.34. */
export function splitShellWords(text: string, escape: string): Token[] {
  const out: Token[] = []
  let at = skipSpace(text)
  while (at < text.length) {
    const offset = at
    let word = ''
    let from = at
    let quote = ''
    while (at < text.length) {
      const char = text[at]!
      if (char === escape && quote !== "'") {
        if (at + 1 === text.length) {
          // an escape character that ends the text is dropped
          word += text.slice(from, at)
          from = at + 1
        }
        at += 2
        continue
      }
      if (quote !== '') {
        if (char === quote) quote = ''
      } else if (char === "'" || char === '"') quote = char
      else if (isSpace(text.charCodeAt(at))) break
      at += 1
    }
    at = Math.min(at, text.length)
    word += text.slice(from, at)
    if (word !== '') {
      checkCount(out)
      out.push({ text: word, offset })
    }
    at = skipSpace(text, at)
  }
  return out
}
