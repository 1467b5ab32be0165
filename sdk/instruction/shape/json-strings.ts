/** JSON arrays of strings: exec form, and lists with blanks in them. */
import { skipSpace } from './tokens.ts'

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
