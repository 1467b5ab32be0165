/** What a module is made of. */
import type { Instruction } from '../graph/graph.ts'

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

/** The comments of an instruction, without the `#` of indented ones; where the author left a line blank between them, an empty one stands. */
export function commentsOf({ comments = [], gaps = [] }: Pick<Instruction, 'comments' | 'gaps'>): readonly string[] {
  const lines = comments.flatMap((text, at) => {
    const parted = at > 0 && gaps.includes(at) && text !== '' && comments[at - 1] !== ''
    const line = text.replace(/^ # ?/, '')
    return parted ? ['', line] : [line]
  })
  return lines.slice(0, lines.findLastIndex((line) => line.trim() !== '') + 1)
}

/** A line of a comment; what would not be seen as a part of it is a blank. */
export function commentLine(text: string): string {
  const line = text.replace(harmful, ' ').trimEnd()
  return line === '' ? '//' : `//${/^\s/.test(line) ? '' : ' '}${line}`
}
