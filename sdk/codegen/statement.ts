/** What a module is made of. */

/** A constant, or the default export. */
export interface Statement {
  /** Undefined for the export. */
  readonly constant: string | undefined
  /** The lines above it, without `//`. */
  readonly comments: readonly string[]
  readonly code: string
}

// Controls, what ends a line, what turns the direction of writing around, and halves of pairs.
const harmful = /(?!\t)\p{Cc}|[\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Cs}/gu

/** A line of a comment; what would not be seen as a part of it is a blank. */
export function commentLine(text: string): string {
  const line = text.replace(harmful, ' ').trimEnd()
  return line === '' ? '//' : `//${/^\s/.test(line) ? '' : ' '}${line}`
}
