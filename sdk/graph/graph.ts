/** The instruction graph: stages of instructions whose variables are not filled in. */
import type { Location } from '../error.ts'
import type { Template } from './template.ts'

/** The version that we write. A reader refuses a higher one. */
export const graphVersion = 1

/** The key of what an instruction was read from. A symbol, so that no form of the graph has it and no comparison sees it. */
export const written: unique symbol = Symbol('written')

/** How the author of a Dockerfile laid an instruction out: for the printer and codegen to keep what is good of it. */
export interface Written {
  /** From its keyword to the end of its last line, here-documents included. */
  readonly text: string
  /** Where in its arguments, flags left out, the author went on in the next line. */
  readonly breaks: readonly number[]
  /** Whether a blank line stood above it and its comments. */
  readonly apart: boolean
}

/** An image as its author said it. The canonical form leaves out `at`, `comments`, `gaps` and `notes`. */
export interface Graph {
  readonly version: typeof graphVersion
  /** The escape character of the text that it came from, where that is not `\`. */
  readonly escape?: '`'
  /** The value of the `syntax` parser directive. Never obeyed, only carried. */
  readonly syntax?: string
  /** The value of the `check` parser directive. */
  readonly check?: string
  /** ARG instructions before the first FROM. */
  readonly args: readonly Instruction[]
  /** In order of definition; a stage is referred to by its position. At least one. */
  readonly stages: readonly Stage[]
  /** The comment lines after the last instruction, without `#`. Not part of the digest. */
  readonly comments?: readonly string[]
  /** Before which of them, counted from 0, a blank line stands. */
  readonly gaps?: readonly number[]
}

/** A build stage. */
export interface Stage {
  /** The FROM instruction: `args` is a FromArgs. */
  readonly from: Instruction<FromArgs>
  readonly instructions: readonly Instruction[]
}

/** What FROM says. */
export interface FromArgs {
  readonly base: StageRef
  readonly platform?: Template
  /** Lower case. */
  readonly name?: string
}

/** One instruction: a row of the instruction table names its keyword and the shape of its `args`. */
export interface Instruction<A = object> {
  /** Upper case. */
  readonly keyword: string
  readonly args: A
  /** Where the author wrote it. Not part of the digest. */
  readonly at?: Location
  /** The comment lines above it, without `#` and the blank after it; one that was indented is a blank and the `#`. Not part of the digest. */
  readonly comments?: readonly string[]
  /** Before which of the comments, counted from 0, a blank line stands; their number stands for the instruction. Not part of the digest. */
  readonly gaps?: readonly number[]
  /** How it was spelled, for the linter: `legacy`, `keyword:run`, `empty-continuation:7` (a line), `inner-comments:1` (how many). Not part of the digest. */
  readonly notes?: readonly string[]
  /** Absent where it was not read from a Dockerfile. */
  readonly [written]?: Written
}

/**
 * An edge of the graph: a stage by position, or an image (or named context) by name.
 * In FROM the name is a template; elsewhere it is plain text.
 */
export type StageRef = { readonly stage: number } | { readonly image: Template }
