/** Cutting Dockerfile text into tokens, each way that the language cuts it: on blanks, like a shell, as flags, as JSON. */

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

/** Words that know no quotes, as of COPY, EXPOSE, VOLUME and FROM. `text` has no blanks around it. */
export function splitBlanks(text: string): Token[] {
  const out: Token[] = []
  let start = 0
  for (let at = 0; at <= text.length; at += 1) {
    if (at < text.length && !isBlank(text.charCodeAt(at))) continue
    if (at > start) out.push({ text: text.slice(start, at), offset: start })
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
    if (word !== '') out.push({ text: word, offset })
    at = skipSpace(text, at)
  }
  return out
}

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

/**
 * The strings of a JSON array that makes up the whole text.
 *
 * @returns undefined where the text is no such array; `'mixed'` where it holds something else than strings
 * @source  D1.36, D1.37, D1.38
 */
export function jsonStrings(text: string): readonly string[] | 'mixed' | undefined {
  const start = skipSpace(text)
  if (text[start] !== '[') return undefined
  let value: unknown
  try {
    value = JSON.parse(text.slice(start))
  } catch {
    return undefined
  }
  const items = value as readonly unknown[]
  if (!items.every((item) => typeof item === 'string')) return 'mixed'
  // a lone surrogate cannot be written as UTF-8
  return items.map((item) => (item as string).replace(/[\ud800-\udfff]/gu, '\ufffd'))
}

/** A JSON array of strings as a person writes it: a blank after each comma. */
export function writeJson(items: readonly string[]): string {
  return `[${items.map((item) => JSON.stringify(item)).join(', ')}]`
}
