/** An error as a person reads it: code, place, message, the lines it is about, and what to do. */
import { readFileSync, statSync } from 'node:fs'
import { relative } from 'node:path'
import process from 'node:process'
import type { ImgError, Location } from '../../sdk/error.ts'
import { harmless, type Style, styleOf } from './style.ts'

/** Lines that end with a newline. Errors that stand for several are shown one by one. */
export function renderError(error: ImgError, colour = false): string {
  const style = styleOf(colour)
  if (error.errors.length > 1) {
    const all = error.errors.map((inner) => renderError(inner, colour)).join('\n')
    return `${all}\n${style.bold(style.red(`${error.errors.length} errors`))}\n`
  }
  const { code, message, at, hint } = error
  const lines = [`${style.bold(style.red(code))}${at ? `  ${place(at)}` : ''}`, indent(message)]
  if (at) lines.push(...frame(at, error.source, style))
  if (hint) lines.push(indent(`${style.cyan('hint:')} ${hint}`))
  if (code === 'INTERNAL')
    lines.push(indent(`this is a bug in imgsdk; please report it with these lines\n${stackOf(error)}`))
  return `${lines.join('\n')}\n`
}

/** An error as it stands in a JSON document: `schemas/failure.schema.json`. */
export function errorDocument(error: ImgError): Record<string, unknown> {
  const { code, message, exit, at, hint, detail, errors } = error
  return {
    code,
    message,
    exit,
    at,
    hint,
    detail,
    errors: errors.length > 0 ? errors.map(errorDocument) : undefined,
    stack: code === 'INTERNAL' ? stackOf(error) : undefined,
  }
}

/** What `--json` prints where a verb fails. */
export function failureDocument(error: ImgError): string {
  return `${JSON.stringify({ error: errorDocument(error) }, null, 2)}\n`
}

/** `file:line:column`, the file relative to the working directory when it lies below it. */
export function place(at: Location): string {
  const path = relative(process.cwd(), at.file)
  const file = path === '' || path.startsWith('..') ? at.file : path
  return [file, at.line, ...(at.column === undefined ? [] : [at.column])].join(':')
}

/** At most this many lines of one instruction are shown. */
const mostLines = 8

/** The lines of the place, each with its number, and a row of `^` under what is meant. */
export function frame(at: Location, source: string | undefined, style: Style): string[] {
  const all = linesOf(at.file, source)
  if (!all) return []
  const last = Math.min(at.endLine ?? at.line, at.line + mostLines - 1, all.length)
  const width = String(last).length
  const shown: string[] = []
  for (let line = at.line; line <= last; line++) {
    shown.push(` ${style.red('>')} ${String(line).padStart(width)} | ${harmless(all[line - 1]!)}`)
    if (line === at.line && at.column !== undefined && last === at.line) {
      shown.push(`   ${' '.repeat(width)} | ${underline(all[line - 1]!, at.column, at.endColumn, style)}`)
    }
  }
  return shown
}

/** Blanks up to the column, tabs kept so that the marks stand under the text. */
function underline(line: string, column: number, endColumn: number | undefined, style: Style): string {
  const before = line.slice(0, column - 1).replace(/[^\t]/g, ' ')
  const end = Math.min(endColumn ?? endOfWord(line, column), line.length + 1)
  return `${before}${style.red('^'.repeat(Math.max(1, end - column)))}`
}

function endOfWord(line: string, column: number): number {
  const word = /^[\w$]+|^\S/.exec(line.slice(column - 1))
  return column + (word?.[0].length ?? 1)
}

let latest: { readonly key: string; readonly lines: readonly string[] } | undefined

/** The lines of a source; a long one that many things are told of is cut once. */
function linesOf(file: string, source: string | undefined): readonly string[] | undefined {
  try {
    const { mtimeMs, size } = source === undefined ? statSync(file) : { mtimeMs: 0, size: 0 }
    const key = source ?? `\0${file}\0${mtimeMs}\0${size}`
    if (latest?.key !== key) latest = { key, lines: (source ?? readFileSync(file, 'utf8')).split(/\r\n|[\n\r]/) }
    return latest.lines
  } catch {
    return undefined
  }
}

function stackOf(error: ImgError): string {
  const origin = error.cause instanceof Error ? error.cause : error
  return origin.stack ?? String(origin)
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}
