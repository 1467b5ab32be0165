/** Writing a template as a word: the most readable spelling that reads back as the same template. */

import { ImgError } from '../../error.ts'
import { sameJson } from '../../graph/canonical.ts'
import { type Part, partsOf, type Template, type Variable } from '../../graph/template.ts'
import { lexBody, lexWord } from './lex-word.ts'

/** Where a word is going to stand. */
export interface Place {
  readonly escape: string
  /** Blanks must be protected by quotes or escapes. */
  readonly tight?: boolean
  /** It becomes a string of JSON, which may hold line breaks. */
  readonly lines?: boolean
  /** References are written with braces. */
  readonly braces?: boolean
  /** Whether text standing in this place is cut out again as it is. Default: always. */
  fits?(text: string): boolean
}

type Quote = 'none' | 'double' | 'single'

/** Whether two values of the graph are the same. */
export function same(left: unknown, right: unknown): boolean {
  return sameJson(left, right)
}

/** The error for a value that no text means. */
export function inexpressible(what: string, hint?: string): ImgError {
  return new ImgError('PRINT_INEXPRESSIBLE', `no Dockerfile text means ${what}`, { hint })
}

/** The first candidate that is right. Throws PRINT_INEXPRESSIBLE. */
export function firstOf(candidates: Iterable<string>, right: (text: string) => boolean, what: () => string): string {
  for (const text of candidates) if (right(text)) return text
  throw inexpressible(what())
}

/** The text of a word. Throws PRINT_INEXPRESSIBLE. */
export function spellWord(value: Template, place: Place): string {
  const right = (text: string) =>
    (place.lines || !text.includes('\n')) && (place.fits?.(text) ?? true) && same(lexWord(text, place.escape), value)
  return firstOf(wordSpellings(value, place), right, () => `the word ${shown(value)}`)
}

/** The text of the body of a here-document. Throws PRINT_INEXPRESSIBLE. */
export function spellBody(value: Template): string {
  const text = partsOf(value)
    .map((part, at, parts) =>
      typeof part === 'string' ? escapeAll(part, '\\$', '\\') : spellPart(part, parts[at + 1], bodyNest),
    )
    .join('')
  return firstOf(
    [text],
    (spelled) => same(lexBody(spelled), value),
    () => 'this here-document',
  )
}

/** A value in a message, cut short. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function* wordSpellings(value: Template, place: Place): Generator<string> {
  const literals = partsOf(value).filter((part) => typeof part === 'string')
  const text = literals.join('')
  const simple = !/["'$]/.test(text) && !text.includes(place.escape)
  if (value === '') yield '""'
  if (simple) yield spell(value, 'none', { ...place, tight: false })
  if (simple) yield spell(value, 'double', place)
  if (typeof value === 'string' && !text.includes("'")) yield `'${value}'`
  yield spell(value, 'double', place)
  yield spell(value, 'none', place)
  // a word that looks like something else is told apart by what stands first
  yield `""${spell(value, 'none', place)}`
  yield `''${spell(value, 'none', place)}`
  yield place.escape + spell(value, 'none', place)
}

/** A word without quotes around it; references that must stand in quotes get theirs. */
export function spellBare(value: Template, place: Place): string {
  return spell(value, 'none', place)
}

/** A word in double quotes. */
export function spellDouble(value: Template, place: Place): string {
  return spell(value, 'double', place)
}

function spell(value: Template, quote: Quote, place: Place): string {
  const parts = partsOf(value)
  const inner = parts.map((part, at) => {
    if (typeof part === 'string') {
      const blanks = quote === 'none' && place.tight ? ' \t\v\f\r' : ''
      return escapeAll(part, `${quote === 'double' ? '' : "'"}"$${place.escape}${blanks}`, place.escape)
    }
    const own = quote === 'none' && 'var' in part && part.quoted === true
    const text = spellPart(part, own ? undefined : parts[at + 1], nestOf(own ? 'double' : quote, place))
    return own ? `"${text}"` : text
  })
  return quote === 'double' ? `"${inner.join('')}"` : inner.join('')
}

/** What has to be watched inside `${…}`. */
interface Nest {
  readonly escape: string
  readonly tight: boolean
  /** Quotes mean something here. */
  readonly quotes: boolean
  readonly braces?: boolean | undefined
}

const bodyNest: Nest = { escape: '\\', tight: false, quotes: false }

function nestOf(quote: Quote, place: Place): Nest {
  return { escape: place.escape, tight: quote === 'none' && place.tight === true, quotes: true, braces: place.braces }
}

function spellPart(part: Exclude<Part, string>, next: Part | undefined, nest: Nest): string {
  if ('invalid' in part) return part.invalid
  if (part.op !== undefined) return spellModified(part, nest)
  const joined = typeof next === 'string' && /^[\p{L}\p{Nd}_{]/u.test(next)
  return joined || nest.braces || part.var === '' ? `\${${part.var}}` : `$${part.var}`
}

function spellModified(part: Variable, nest: Nest): string {
  const { op, word = '', with: replacement = '' } = part
  const head = `\${${part.var}${op}`
  if (op === '/' || op === '//') {
    const pattern = op === '/' && word === '' ? "''" : spellRaw(word, '/', nest)
    return `${head}${pattern}/${spellRaw(replacement, '}', nest)}}`
  }
  if (op === '#' || op === '##' || op === '%' || op === '%%') return `${head}${spellRaw(word, '}', nest)}}`
  const specials = `${nest.quotes ? `'"` : ''}$}${nest.escape}${nest.tight ? ' \t\v\f\r' : ''}`
  const inner = partsOf(word).map((piece, at, all) =>
    typeof piece === 'string' ? escapeAll(piece, specials, nest.escape) : spellPart(piece, all[at + 1], nest),
  )
  return `${head}${inner.join('')}}`
}

/** A pattern or replacement: escape characters in it stand for themselves, so only quotes protect. */
function spellRaw(value: Template, stop: string, nest: Nest): string {
  const parts = partsOf(value)
  return parts
    .map((part, at) => (typeof part === 'string' ? rawText(part, stop, nest) : spellPart(part, parts[at + 1], nest)))
    .join('')
}

function rawText(text: string, stop: string, nest: Nest): string {
  let out = ''
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!
    if (char === nest.escape && at + 1 < text.length) {
      at += 1
      out += char + text[at]!
    } else if (!nest.quotes) out += char
    else if (char === "'") out += `"'"`
    else if (char === '"' || char === '$' || char === stop || char === nest.escape) out += `'${char}'`
    else if (nest.tight && /[ \t\v\f\r]/.test(char)) out += `'${char}'`
    else out += char
  }
  return out
}

function escapeAll(text: string, specials: string, escape: string): string {
  let out = ''
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    if (!specials.includes(text[at]!)) continue
    out += text.slice(from, at) + escape
    from = at
  }
  return out + text.slice(from)
}
