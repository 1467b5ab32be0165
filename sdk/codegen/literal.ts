/** JavaScript literals: any text, written so that it means just that. */

import { shellLines } from '../instruction/shape/shell-lines.ts'
import type { Doc } from './doc.ts'
import { width } from './doc.ts'

const named: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
}
// What cannot be seen, would be read as something else, or turns the line around: controls, formats, odd blanks, halves of pairs.
const hidden = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu

function escapeHidden(char: string): string {
  const code = char.codePointAt(0)!
  if (named[char]) return named[char]
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`
}

/** A string literal, in the quotes that need fewer escapes. */
export function quote(text: string): string {
  const count = (char: string) => text.split(char).length
  const mark = count("'") > count('"') ? '"' : "'"
  return mark + text.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`).replace(hidden, escapeHidden) + mark
}

/** The text between backticks that means `text`. Newlines and tabs stay as they are. */
export function templateText(text: string): string {
  const escaped = text.replace(/[\\`]|\$(?=\{)/g, '\\$&')
  return escaped.replace(hidden, (char) => (char === '\n' || char === '\t' ? char : escapeHidden(char)))
}

/** The name of a member of an object literal. */
export function memberName(name: string): string {
  // As a plain name this one would set the prototype.
  if (name === '__proto__') return "['__proto__']"
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name)
}

/**
 * A literal for a command: where its author broke it it is broken, else a long one in pieces, as in a Dockerfile.
 *
 * @param breaks  where a line went on in the next one
 */
export function commandLiteral(text: string, breaks: readonly number[] = []): Doc {
  const whole = quote(text)
  const lines =
    brokenAt(text, breaks) ?? (whole.length <= width - 20 && !text.includes('\t') ? undefined : continued(text))
  if (lines !== undefined || whole.length <= width - 20) return lines ?? whole
  const pieces = shellLines(text, '\\', { first: width - 20, next: width - 20 })
  return pieces.length < 2 ? whole : { kind: 'sum', pieces: joinShort(pieces).map(quote) }
}

/** A literal for a long value that was broken in a Dockerfile, as the blanks in it tell; else a plain one. */
export function valueLiteral(text: string): string {
  return (text.length > width - 20 && !text.includes('\n') ? continued(text) : undefined) ?? quote(text)
}

/** Columns of a line that is left as its author had it. */
const widest = 140

/** A template literal that looks like the Dockerfile; undefined where nothing was broken. */
export function brokenAt(text: string, breaks: readonly number[]): string | undefined {
  const cuts = [...new Set([0, ...breaks.filter((at) => at < text.length), text.length])]
  if (cuts.length < 3) return undefined
  const lines = cuts.slice(1).map((end, at) => text.slice(cuts[at], end))
  return lines.some((line) => line === '') ? undefined : `\`${lines.map(templateText).join('\\\n')}\``
}

/** The same for continued lines, whose indentation is part of the text, where nothing else tells where they were. */
function continued(text: string): string | undefined {
  const lines = text.split(/(?<=\S\s)(?=\s{2,}\S|\t\S|\s(?:&&|\|\||;|\|)\s)/)
  if (lines.length < 2 || lines.some((line) => line.length > widest)) return undefined
  return `\`${lines.map(templateText).join('\\\n')}\``
}

/** Neighbours that together stay below 60 characters share a line. */
function joinShort(pieces: readonly string[]): string[] {
  const out: string[] = []
  for (const piece of pieces) {
    const last = out.at(-1)
    if (last !== undefined && last.length + piece.length < 60 && !/\s{2,}$/.test(last))
      out[out.length - 1] = last + piece
    else out.push(piece)
  }
  return out
}
