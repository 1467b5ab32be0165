/** Parser directives: comments at the top of a file that say how to read it. */

import { isSpace, skipSpace } from '../instruction/shape/tokens.ts'
import type { SourceText } from './source-text.ts'

/** The directives of a file. */
export interface Directives {
  readonly escape: '\\' | '`'
  readonly syntax?: string
  readonly check?: string
}

interface Directive {
  readonly name: 'syntax' | 'escape' | 'check'
  readonly value: string
}

const form = /^([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*([^\n]+)$/

/** The directive that a line is; undefined ends the run of directives. Source: D1.20, D1.21. */
function readDirective(line: string): Directive | undefined {
  if (!line.startsWith('#')) return undefined
  const match = form.exec(line.slice(skipSpace(line, 1)))
  if (!match) return undefined
  const name = match[1]!.toLowerCase()
  // a value of blanks is one blank, which counts: BuildKit's pattern wants a character, and a blank is one
  const value = match[2]!.replace(/[\t\n\f\r ]+$/, '') || match[2]!
  return isName(name) ? { name, value } : undefined
}

/** Whether a comment, printed at the top of a file, would be taken for a directive; `escape` is found indented, too. */
export function looksLikeDirective(line: string): boolean {
  return readDirective(line.slice(skipSpace(line))) !== undefined
}

/**
 * The `escape` directive as the lexer meets it, line by line, indented lines too.
 *
 * @returns how many lines from the top are directives, and the escape character
 * @throws  DOCKERFILE_DIRECTIVE
 * @source  D1.22 to D1.25
 */
export function readEscape(
  source: SourceText,
  lineAt: (line: number) => string,
): { lines: number; escape: '\\' | '`' } {
  let escape: '\\' | '`' = '\\'
  const seen = new Set<string>()
  for (let line = 0; line < source.lineCount; line += 1) {
    const text = lineAt(line)
    const directive = readDirective(text.slice(skipSpace(text)))
    if (!directive) return { lines: line, escape }
    const { name, value } = directive
    const fail = (message: string, hint: string) => {
      const start = source.lineStart(line)
      return source.error('DOCKERFILE_DIRECTIVE', message, start, start + source.line(line).length, hint)
    }
    if (seen.has(name)) throw fail(`only one ${name} parser directive can be used`, 'remove this one')
    seen.add(name)
    if (name !== 'escape') continue
    if (value !== '\\' && value !== '`') throw fail(`invalid escape token "${value}"`, 'write \\ or `')
    escape = value
  }
  return { lines: source.lineCount, escape }
}

/** `syntax` and `check`, which are looked for on their own: not indented, but behind a `#!` line. Source: D1.25, D1.26. */
export function readCarried(source: SourceText, lineAt: (line: number) => string): { syntax?: string; check?: string } {
  const out: { syntax?: string; check?: string } = {}
  for (let line = lineAt(0).startsWith('#!') ? 1 : 0; line < source.lineCount; line += 1) {
    const directive = readDirective(lineAt(line))
    if (!directive) break
    const { name, value } = directive
    if (name !== 'escape' && value.trim() !== '') out[name] ??= value
  }
  return out
}

function isName(name: string): name is Directive['name'] {
  return name === 'syntax' || name === 'escape' || name === 'check'
}

/**
 * A comment line's text: what is after the first character, less the blank that mostly follows. An indented one keeps its `#`, behind a
 * blank; so that no other looks like one, `# #` is read like `##`. Source: D1.17, D1.18.
 */
export function commentText(line: string): string | undefined {
  const start = skipSpace(line)
  if (line[start] !== '#') return undefined
  let end = line.length
  while (end > 1 && isSpace(line.charCodeAt(end - 1))) end -= 1
  if (start > 0) return ` ${line.slice(start, end)}`
  const words = skipSpace(line, 1)
  const usual = words === 2 && line[1] === ' '
  return line.slice(usual ? words : 1, end)
}

/** A comment as a line of a Dockerfile; reading it gives the text again. */
export function commentLine(text: string): string {
  if (text === '') return '#'
  if (text.startsWith(' #')) return text
  return text[0] === '#' || skipSpace(text) > 0 ? `#${text}` : `# ${text}`
}
