/** What a verb is: its options as data, so that the parser, the help and the reference page read the same table. */
import type { Terminal } from './terminal.ts'

/** An option without a value. */
export interface Flag {
  readonly kind: 'flag'
  readonly short?: string
  readonly help: string
}

/** An option with one value; given twice, the last one counts. */
export interface Value {
  readonly kind: 'value'
  readonly short?: string
  /** What stands for the value in the help, e.g. `DIR`. */
  readonly value: string
  readonly choices?: readonly string[]
  /** Shown in the help; the verb itself applies it. */
  readonly default?: string
  readonly help: string
}

/** An option that may be repeated. */
export interface List {
  readonly kind: 'list'
  readonly short?: string
  readonly value: string
  readonly help: string
}

/** One row of a verb's option table. */
export type Option = Flag | Value | List
/** A verb's options by long name, without the dashes. */
export type Options = Readonly<Record<string, Option>>

/** The values that were given: a flag is true or false, a list may be empty, a value may be absent. */
export type ValuesOf<O extends Options> = {
  readonly [K in keyof O]: O[K] extends Flag ? boolean : O[K] extends List ? readonly string[] : string | undefined
}

/** What a verb is run with. */
export interface Call<O extends Options = Options> {
  readonly values: ValuesOf<O>
  readonly positionals: readonly string[]
  readonly terminal: Terminal
  /** Aborts on the first Ctrl-C. Until it is asked for, Ctrl-C ends the process as usual. */
  interruptible(): AbortSignal
}

/** A verb of the command line. */
export interface Command<O extends Options = Options> {
  readonly name: string
  /** One line for the list of verbs. */
  readonly summary: string
  /** What follows `imgsdk <name>`, one line per form. */
  readonly usage: readonly string[]
  /** A paragraph or two. */
  readonly description: string
  /** How many positional arguments it takes. */
  readonly arguments: readonly [least: number, most: number]
  readonly options: O
  /** Options that other tools have under this verb and this one has not, and what to do instead. */
  readonly elsewhere?: Readonly<Record<string, string>>
  readonly examples: readonly (readonly [command: string, meaning: string])[]
  /** Resolves to the exit status, 0 when it has none to give. */
  run(call: Call<O>): Promise<number | undefined>
}

/** A verb, with the types of its values read off its options. */
export function command<const O extends Options>(verb: Command<O>): Command<O> {
  return verb
}
