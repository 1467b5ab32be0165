/** Tags for text: here-documents, and strings with Dockerfile references. */
import type { ImgError } from '../error.ts'
import { kindOf, wrongKind } from '../graph/given.ts'
import { partsOf, type Variable } from '../graph/template.ts'
import { encodeToken } from '../graph/token.ts'
import type { InlineFile } from '../instruction/part/copying.ts'
import { lexBody } from '../instruction/shape/lex-word.ts'
import { callSite } from './call-site.ts'

/** A here-document: a script for `run`, or a file for `copy` and `add`. */
export interface Heredoc extends InlineFile {
  toString(): string
}

/**
 * A here-document. As a tag the common indentation is taken off, and the first line break; as a function the text stays as it is.
 * A newline is added at the end where there is none. Tokens of `arg()` are filled in; a plain `$` is just a `$`.
 *
 * @param options.name  the delimiter, which is the file's name when it is copied into a directory. @default 'EOF'
 */
export function heredoc(text: TemplateStringsArray, ...values: readonly unknown[]): Heredoc
export function heredoc(text: string, options?: { name?: string }): Heredoc
export function heredoc(text: TemplateStringsArray | string, ...rest: readonly unknown[]): Heredoc {
  if (typeof text === 'string') return document(text, (rest[0] as { name?: string } | undefined)?.name)
  if (!Array.isArray(text?.raw)) throw notTag(text, heredoc)
  const indent = indentation(text)
  const pieces = text.map((piece) => piece.replaceAll(`\n${indent}`, '\n'))
  pieces[0] = pieces[0]!.replace(/^\n/, '')
  // The closing backtick may stand on a line of its own.
  pieces[pieces.length - 1] = pieces.at(-1)!.replace(/(^|\n)[ \t]+$/, '$1')
  return document(join(pieces, rest, heredoc))
}

function document(text: string, name = 'EOF'): Heredoc {
  const lines = text === '' || text.endsWith('\n') ? text : `${text}\n`
  return Object.freeze({ name, text: lines, toString: () => lines })
}

function join(pieces: readonly string[], values: readonly unknown[], tag: Tag): string {
  const filled = (piece: string, index: number) => (index < values.length ? piece + textFor(values[index], tag) : piece)
  return pieces.map(filled).join('')
}

// What JavaScript would write as `undefined` or `[object Promise]`.
function textFor(value: unknown, tag: Tag): string {
  const kind = kindOf(value)
  if (!/^(?:undefined|null|a promise|a stage|a function|a class)$/.test(kind)) {
    const text = String(value)
    if (!text.startsWith('[object ')) return text
  }
  throw wrongKind(value, 'a value in this text', 'text or a number').located(callSite(tag)?.location())
}

type Tag = { readonly name: string } & ((...args: never[]) => unknown)

function notTag(given: unknown, tag: Tag): ImgError {
  const error = wrongKind(
    given,
    `what ${tag.name} was called with`,
    'a template',
    `write it as a tag: ${tag.name}\`…\``,
  )
  return error.located(callSite(tag)?.location())
}

/** The blanks that every line starts with, blank lines apart. The first line stands behind the backtick. */
function indentation(pieces: readonly string[]): string {
  const starts = pieces.join('\u0000').split('\n').slice(1)
  const filled = starts.filter(
    (line, index) => /[^ \t]/.test(line) || (index < starts.length - 1 && line.includes('\u0000')),
  )
  const indents = filled.map((line) => /^[ \t]*/.exec(line)![0])
  if (indents.length === 0) return ''
  return indents.reduce((common, indent) => {
    let length = 0
    while (length < common.length && common[length] === indent[length]) length++
    return common.slice(0, length)
  })
}

/**
 * Text with references as a Dockerfile writes them: `$NAME`, and `\${NAME:-default}` with a backslash before the brace's dollar,
 * because `${…}` belongs to JavaScript. Other text is literal; `\\$` is a dollar.
 */
export function expand(text: TemplateStringsArray, ...values: readonly unknown[]): string {
  if (!Array.isArray(text?.raw)) throw notTag(text, expand)
  return join(text.map(tokens), values, expand)
}

function tokens(piece: string): string {
  return partsOf(lexBody(piece))
    .map((part) => (typeof part === 'string' ? part : 'invalid' in part ? part.invalid : encodeToken(part as Variable)))
    .join('')
}
