/** What a shape is: one kind of argument value, read from and written to Dockerfile text. */
import type { Code } from '../../codes.ts'
import type { Lookup } from '../../graph/expand.ts'
import type { Template } from '../../graph/template.ts'

/** A JSON Schema (draft 2020-12) as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** A here-document that stood on the instruction's line, body with `<<-` tabs still in place. */
export interface Heredoc {
  readonly name: string
  /** False where the delimiter was quoted. */
  readonly expand: boolean
  /** Whether it was `<<-`. */
  readonly chomp: boolean
  readonly body: string
}

/** What a shape reads: the argument text of one instruction, flags taken off, or the value of one flag. */
export interface Source {
  readonly keyword: string
  readonly text: string
  readonly escape: '\\' | '`'
  /** The escape character inside words, where it is another: a trigger is cut with `\` but expanded as its file says (D8.6). */
  readonly wordEscape?: '\\' | '`'
  /** The name of the flag, where the text is the value of one. */
  readonly flag?: string
  /** Everything after the keyword as it stood, flags and trailing blanks included. */
  readonly original?: string
  readonly heredocs: readonly Heredoc[]
  /** Records how the value was spelled, for the linter. */
  note(note: string): void
  /** Throws a located error; `offset` counts characters into `text`. */
  fail(code: Code, message: string, options?: { hint?: string | undefined; offset?: number; length?: number }): never
}

/** What a shape needs to know to write. */
export interface Style {
  readonly escape: '\\' | '`'
  /** The value of a flag is written, which is quoted afterwards. */
  readonly flag?: true
  /** The keyword that it is written for. */
  readonly keyword?: string
  /** Nothing comes after it in the file. */
  readonly last?: true
  /** What a stage is called: its name, or its position as a decimal number. */
  stageName(index: number): string
}

/**
 * One kind of argument value. `read` after `write` is identity.
 * T is the value in the graph, X the value once variables are filled in.
 */
export interface Shape<T, X = T> {
  read(source: Source): T
  /** Text that reads back as the value; here-document bodies follow on their own lines. Throws PRINT_INEXPRESSIBLE. */
  write(value: T, style: Style): string
  expand(value: T, lookup: Lookup): X
  readonly schema: JsonSchema
  /** Flags only: what the flag means without `=value`. */
  readonly bare?: T
  /** Flags only: it may be given several times, each adding to a list. T is the type of one. */
  readonly repeatable?: true
  /** Flags only: whether the value means the same as leaving the flag out; then it is left out. */
  isAbsent?(value: T, flag: string): boolean
}

/** The value type of a shape. */
export type ValueOf<S> = S extends Shape<infer T, infer _X> ? T : never
/** The expanded type of a shape. */
export type ExpandedOf<S> = S extends Shape<infer _T, infer X> ? X : never

export type { Lookup, Template }
