/**
 * The patterns of `${name#p}`, `${name%p}` and `${name/p/r}`: `*` and `?`, matched by hand, because a regular
 * expression made of hostile text could take exponential time. Cost: length of pattern × length of value, which is bounded.
 */
import { ImgError } from '../error.ts'

/** The most steps that one match may take. */
const mostSteps = 2 ** 29
const any = -1
const star = -2
const newline = 0x0a
const backslash = 0x5c

/** The value without its shortest, or longest, beginning that matches. Throws EXPANSION. Source: D2.8, D2.11. */
export function removePrefix(value: string, pattern: string, greedy: boolean): string {
  const text = codePoints(value)
  const end = matchEnds(text, tokens(codePoints(pattern), pattern), greedy)[0]!
  return end < 0 ? value : fromCodePoints(text.subarray(end))
}

/** The value without its shortest, or longest, ending that matches. Throws EXPANSION. Source: D2.9, D2.11. */
export function removeSuffix(value: string, pattern: string, greedy: boolean): string {
  const text = codePoints(value).reverse()
  const end = matchEnds(text, tokens(reversed(codePoints(pattern)), pattern), greedy)[0]!
  return end < 0 ? value : fromCodePoints(text.subarray(end).reverse())
}

/** The value with the first match, or all, replaced. Throws EXPANSION. Source: D2.10, D2.12. */
export function replaceMatches(value: string, pattern: string, replacement: string, all: boolean): string {
  const text = codePoints(value)
  const ends = matchEnds(text, tokens(codePoints(pattern), pattern), true)
  const out: string[] = []
  let copied = 0
  let from = 0
  let size = 0
  while (from <= text.length) {
    let start = from
    while (start <= text.length && ends[start]! < 0) start += 1
    if (start > text.length) break
    const end = ends[start]!
    const kept = fromCodePoints(text.subarray(copied, start))
    const inserted = all ? filledIn(replacement, fromCodePoints(text.subarray(start, end))) : replacement
    out.push(kept)
    // an empty match right after another match does not count
    if (end > copied || start === 0) out.push(inserted)
    size += kept.length + inserted.length
    if (size > 8 * 1024 * 1024) throw new ImgError('EXPANSION', 'a replacement makes the value too long')
    copied = end
    if (!all) break
    from = Math.max(from + 1, end)
  }
  return out.join('') + fromCodePoints(text.subarray(copied))
}

/** A replacement of `//` is a template of Go's regexp package: `$0` is the match, other groups are empty. */
function filledIn(replacement: string, match: string): string {
  if (!replacement.includes('$')) return replacement
  return replacement.replace(/\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu, (whole, bare, braced) => {
    if (whole === '$$') return '$'
    return (bare ?? braced) === '0' ? match : ''
  })
}

/** A pattern as code points, with `any` and `star` for the wildcards. */
function tokens(pattern: Int32Array, shown: string): Int32Array {
  const out: number[] = []
  for (let at = 0; at < pattern.length; at += 1) {
    const code = pattern[at]!
    if (code === 0x2a) {
      if (out.at(-1) !== star) out.push(star)
    } else if (code === 0x3f) out.push(any)
    else if (code !== backslash) out.push(code)
    else {
      const next = pattern[at + 1]
      // before } and / the backslash only protected them from ending the pattern
      if (next === 0x7d || next === 0x2f) continue
      if (next !== 0x2a && next !== 0x3f && next !== backslash) {
        const escape = next === undefined ? '\\' : `\\${String.fromCodePoint(next)}`
        throw new ImgError(
          'EXPANSION',
          `invalid pattern (${shown.slice(0, 200)}) in substitution: invalid escape '${escape}'`,
        )
      }
      out.push(next)
      at += 1
    }
  }
  return Int32Array.from(out)
}

/** The pattern backwards, escapes still before what they escape. */
function reversed(pattern: Int32Array): Int32Array {
  const out = Int32Array.from(pattern).reverse()
  for (let at = 0; at < pattern.length; at += 1) {
    if (pattern[at] !== backslash || at + 1 === pattern.length) continue
    const to = pattern.length - 1 - at
    out[to - 1] = backslash
    out[to] = pattern[at + 1]!
    at += 1
  }
  return out
}

/** For each start in the text, where the longest or shortest match ends; -1 where nothing matches. */
function matchEnds(text: Int32Array, pattern: Int32Array, greedy: boolean): Int32Array {
  const { length } = text
  if (pattern.length * length > mostSteps)
    throw new ImgError('EXPANSION', 'a pattern and its value are too long to match')
  // row[i]: the end of a match of the rest of the pattern that starts at i
  let row = Int32Array.from({ length: length + 1 }, (_, at) => at)
  for (let token = pattern.length - 1; token >= 0; token -= 1) {
    const code = pattern[token]!
    const next = new Int32Array(length + 1).fill(-1)
    if (code === star) {
      for (let at = length; at >= 0; at -= 1) {
        const here = row[at]!
        const later = at < length && text[at] !== newline ? next[at + 1]! : -1
        next[at] =
          here < 0 || later < 0 ? Math.max(here, later) : greedy ? Math.max(here, later) : Math.min(here, later)
      }
    } else {
      for (let at = length - 1; at >= 0; at -= 1) {
        const matches = code === any ? text[at] !== newline : text[at] === code
        if (matches) next[at] = row[at + 1]!
      }
    }
    row = next
  }
  return row
}

function codePoints(text: string): Int32Array {
  const out = new Int32Array(text.length)
  let length = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.codePointAt(at)!
    if (code > 0xffff) at += 1
    out[length++] = code
  }
  return out.subarray(0, length)
}

function fromCodePoints(codes: Int32Array): string {
  let out = ''
  for (let at = 0; at < codes.length; at += 8192) out += String.fromCodePoint(...codes.subarray(at, at + 8192))
  return out
}
