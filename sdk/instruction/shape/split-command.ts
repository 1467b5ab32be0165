/** Cutting a logical line into keyword, flags and arguments. */
import { isBlank, skipSpace, trimmedEnd } from './tokens.ts'

/** A flag as written: `name` without dashes, `value` undefined where there is no `=`. */
export interface FlagToken {
  readonly name: string
  readonly value: string | undefined
  readonly offset: number
  readonly end: number
}

/** The flags that a text starts with, and where the rest begins. Source: D1.40, D1.41. */
export function splitFlags(text: string, escape: string): { flags: FlagToken[]; rest: number } {
  const flags: FlagToken[] = []
  let at = 0
  while (true) {
    while (at < text.length && (isBlank(text.charCodeAt(at)) || text[at] === '\n')) at += 1
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
    } else if (quote === '' && (isBlank(text.charCodeAt(at)) || char === '\n')) break
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

/** The text of a flag token that `splitFlags` reads back as `word`. */
export function quoteFlag(word: string, escape: string): string {
  if (!needsFlagQuotes(word, escape)) return word
  const quote = word.includes('"') && !word.includes("'") ? "'" : '"'
  let out = ''
  for (const char of word) out += char === quote || char === escape ? escape + char : char
  return quote + out + quote
}

function needsFlagQuotes(word: string, escape: string): boolean {
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at)
    if (isBlank(code) || code === 0x22 || code === 0x27 || word[at] === escape) return true
  }
  return false
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
  const original = line.slice(start)
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
