/** One instruction of a file, cut out: its text, and where each character of it stands. */
import type { Heredoc } from '../instruction/shape/shape.ts'
import type { Command } from '../instruction/shape/split-command.ts'

/** One instruction, cut but not understood. Offsets into the file come from `offsetAt`. */
export interface LogicalLine extends Command {
  /** The whole of it: what offsets count into. */
  readonly logical: string
  readonly heredocs: readonly Heredoc[]
  /** In order; an empty one clears those before it (D1.17), one that is a `#` behind a blank is no description (D1.18). */
  readonly comments: readonly string[]
  /** Before which of them, by position, blank lines stand; the number of those above the instruction for the instruction itself. */
  readonly gaps: readonly number[]
  /** How many of them, the last, stood between continued lines: they describe nothing. */
  readonly innerComments: number
  /** Where in the logical line each physical line after the first begins. */
  readonly breaks: readonly number[]
  /** The comment lines between those, as they stand; `after` counts the physical lines of the instruction above. */
  readonly between: readonly { readonly after: number; readonly text: string }[]
  /** Where there is an empty line inside: the last physical line that was read before any here-document, from 1. */
  readonly emptyContinuation: number | undefined
  /** From the first character of the keyword to the last of the last physical line, here-documents included. */
  readonly start: number
  readonly end: number
  /** Where in the file a character of the logical line stands. */
  offsetAt(position: number): number
}

/** The physical lines that went into a logical one: where the text of each stands in it, and in the file. Columns, for there may be very many. */
export interface Pieces {
  readonly positions: number[]
  readonly offsets: number[]
}

/** Where in the file a character of the logical line stands. */
export function offsetIn({ positions, offsets }: Pieces, position: number): number {
  let low = 0
  let high = positions.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (positions[middle]! <= position) low = middle
    else high = middle
  }
  return offsets[low]! + position - positions[low]!
}
