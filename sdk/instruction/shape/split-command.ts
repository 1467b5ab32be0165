/** Cutting a logical line into keyword, flags and arguments. */
import { isBlank, skipSpace, trimmedEnd } from './tokens.ts'

/** A flag as written: `name` without dashes, `value` undefined where there is no `=`. */
export interface FlagToken {
  readonly name: string
  readonly value: string | undefined
  readonly offset: number
  readonly end: number
}

/**
 * The flags that a text starts with, and where the rest begins. BuildKit takes the bytes of a flag one by one, each for a
 * character: `--chown=é` is for `Ã©`. Source: D1.40, D1.41.
 */
export function splitFlags(text: string, escape: string): { flags: FlagToken[]; rest: number } {
  if (!text.startsWith('--', skipSpace(text)) || most(text) < 0x80) return splitBytes(text, escape)
  const bytes = toBytes(text)
  const { flags, rest } = splitBytes(bytes, escape)
  const place = (at: number) => fromBytes(bytes.slice(0, at), false)!.length
  return {
    flags: flags.map((flag) => ({ ...flag, offset: place(flag.offset), end: place(flag.end) })),
    rest: place(rest),
  }
}

function splitBytes(text: string, escape: string): { flags: FlagToken[]; rest: number } {
  const flags: FlagToken[] = []
  let at = 0
  while (true) {
    while (at < text.length && isFlagBlank(text.charCodeAt(at))) at += 1
    if (!text.startsWith('--', at)) return { flags, rest: at }
    const offset = at
    const { word, end } = flagWord(text, at, escape)
    at = end
    if (word === '--') return { flags, rest: at }
    const equals = word.indexOf('=')
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals)
    flags.push({ name, value: equals < 0 ? undefined : word.slice(equals + 1), offset, end })
  }
}

/** One flag token with its quotes and escapes undone. */
function flagWord(text: string, start: number, escape: string): { word: string; end: number } {
  let word = ''
  let from = start
  let quote = ''
  let at = start
  while (at < text.length) {
    const char = text[at]!
    if (char === escape) {
      word += text.slice(from, at)
      from = at + 1
      at += 2
    } else if (quote === '' && isFlagBlank(text.charCodeAt(at))) break
    else if (quote === '' ? char === "'" || char === '"' : char === quote) {
      word += text.slice(from, at)
      from = at + 1
      quote = quote === '' ? char : ''
      at += 1
    } else at += 1
  }
  at = Math.min(at, text.length)
  return { word: word + text.slice(from, at), end: at }
}

/** The text of a flag token that `splitFlags` reads back as `word`; undefined where there is none. */
export function quoteFlag(word: string, escape: string): string | undefined {
  const quoted = quoteBytes(word, escape)
  if (most(quoted) < 0x80) return quoted
  if (most(quoted) >= 0x100) return undefined
  return fromBytes(quoted, true) ?? quoteTorn(word, escape)
}

/** A value that ends in the first bytes of a letter, whose others are white space to BuildKit: `--chown=Â` is from a no-break space. */
function quoteTorn(word: string, escape: string): string | undefined {
  for (let tail = 1; tail <= 3; tail += 1) {
    const end = word.slice(-tail)
    if (end.length < tail || end.charCodeAt(0) < 0x80 || needsFlagQuotes(end, escape)) return undefined
    for (const blanks of tornEnds) {
      const text = fromBytes(quoteBytes(word.slice(0, -tail), escape) + end + blanks, true)
      if (text !== undefined) return text
    }
  }
  return undefined
}

function quoteBytes(word: string, escape: string): string {
  if (!needsFlagQuotes(word, escape)) return word
  const quote = word.includes('"') && !word.includes("'") ? "'" : '"'
  let out = ''
  for (const char of word) out += char === quote || char === escape ? escape + char : char
  return quote + out + quote
}

function needsFlagQuotes(word: string, escape: string): boolean {
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at)
    if (isFlagBlank(code) || code === 0x22 || code === 0x27 || word[at] === escape) return true
  }
  return false
}

/** One to three bytes that are white space to Go when they are taken for characters. */
const tornEnds = [1, 2, 3].flatMap((length) =>
  Array.from({ length: 2 ** length }, (_, bits) =>
    Array.from({ length }, (_, at) => ((bits >> at) & 1 ? '\u00a0' : '\u0085')).join(''),
  ),
)

// Two bytes that are white space to Go when they are taken for characters.
function isFlagBlank(code: number): boolean {
  return isBlank(code) || code === 0x0a || code === 0x85 || code === 0xa0
}

/** The greatest code unit. */
function most(text: string): number {
  let greatest = 0
  for (let at = 0; at < text.length; at += 1) greatest = Math.max(greatest, text.charCodeAt(at))
  return greatest
}

/** Each byte of the UTF-8 form as a character. */
function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** The text of such bytes; undefined where they are none and must be. */
function fromBytes(bytes: string, strict: boolean): string | undefined {
  const buffer = Buffer.from(bytes, 'latin1')
  const text = buffer.toString('utf8')
  return strict && !Buffer.from(text, 'utf8').equals(buffer) ? undefined : text
}

/** A keyword and what follows it. Offsets count into the line. */
export interface Command {
  readonly keyword: string
  readonly keywordOffset: number
  readonly flags: readonly FlagToken[]
  /** Without flags, and without white space around it. */
  readonly args: string
  readonly argsOffset: number
  /** Everything after the keyword, flags and trailing blanks included. */
  readonly original: string
}

/** Cuts a logical line into keyword, flags and arguments. Source: D1.4, D1.5, D1.40. */
export function splitCommand(line: string, escape: string): Command {
  const keywordOffset = skipSpace(line)
  const end = trimmedEnd(line, keywordOffset)
  let at = keywordOffset
  while (at < end && !isBlank(line.charCodeAt(at))) at += 1
  const keyword = line.slice(keywordOffset, at)
  let start = at
  while (start < end && isBlank(line.charCodeAt(start))) start += 1
  // what Go's \s is: no VT
  const original = line.slice(at).replace(/^[\t\n\f\r ]+/, '')
  const rest = line.slice(start, end)
  const { flags, rest: cut } = splitFlags(rest, escape)
  const argsStart = skipSpace(rest, cut)
  const shifted = flags.map((flag) => ({ ...flag, offset: flag.offset + start, end: flag.end + start }))
  return {
    keyword,
    keywordOffset,
    flags: shifted,
    args: rest.slice(argsStart),
    argsOffset: start + argsStart,
    original,
  }
}
