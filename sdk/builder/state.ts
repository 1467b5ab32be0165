/** State: an immutable chain of instructions. Each call gives a new one; the old stays valid, so sharing a base is free. */
import { ImgError, wrapError } from '../error.ts'
import type { Instruction, StageRef } from '../graph/graph.ts'
import type { ArgUse, Token } from '../graph/token.ts'
import { argUses } from '../graph/token-args.ts'
import type { Row } from '../instruction/define.ts'
import { type StageLike, stageMark } from '../instruction/part/stage-like.ts'
import { rowOf, table } from '../instruction/rows.ts'
import type * as rows from '../instruction/table.ts'
import { type CallSite, callSite } from './call-site.ts'
import { watchOptions } from './known-options.ts'

/** One method per row of the instruction table, FROM excepted. */
type Methods = {
  readonly [K in keyof typeof rows as K extends 'from' ? never : K]: (
    ...params: Parameters<(typeof rows)[K]['build']>
  ) => State
}

/** What a chain starts with. */
export interface Root {
  readonly base: StageRef | { readonly state: State }
  readonly platform?: string
}

/** One link: an instruction, and what it takes of build arguments. */
export interface Link {
  readonly instruction: Omit<Instruction, 'at' | 'comments'>
  readonly site: CallSite | undefined
  readonly uses: readonly ArgUse[]
}

/** What a State is made of; `undefined` where it does not apply. */
export interface Chain {
  readonly previous: State | undefined
  readonly root: Root | undefined
  readonly link: Link | undefined
  readonly name: string | undefined
  readonly comments: readonly string[]
  readonly site: CallSite | undefined
  readonly uses: readonly ArgUse[]
  readonly arrangement: Arrangement | undefined
}

/** What `image()` says about the whole. */
export interface Arrangement {
  readonly stages: readonly State[]
  /** One ARG instruction each. */
  readonly args: readonly (readonly Token[])[]
  readonly escape?: '`'
}

/** A build stage as a value. Start one with `from()` or `scratch()`. */
export interface State extends Methods, StageLike {
  /** Names the stage: `AS name`. Lower-case letters, digits, `-`, `_` and `.`, starting with a letter. */
  as(name: string): State
  /** The chain with `fn` applied: `base.with(addUser, 'app')`. */
  with<A extends readonly unknown[]>(fn: (state: State, ...args: A) => State, ...args: A): State
  /** A comment above the next instruction. */
  comment(text: string): State
  /**
   * An instruction as the graph holds it, unchecked: for the rare one that no method says. A reference to a stage is
   * `{ state: stage }`.
   */
  instruction(instruction: { readonly keyword: string; readonly args: object }): State
}

const chains = new WeakMap<object, Chain>()

/** What a State is made of. For `toGraph`. */
export function chainOf(state: StageLike): Chain {
  return chains.get(state)!
}

/** A State on top of another, or a first one. */
export function extend(previous: State | undefined, change: Partial<Chain>): State {
  const state = Object.create(prototype) as State
  const blank = {
    previous,
    root: undefined,
    link: undefined,
    name: undefined,
    comments: [],
    site: undefined,
    uses: [],
    arrangement: undefined,
  }
  chains.set(state, { ...blank, ...change })
  return Object.freeze(state)
}

const prototype: object = {
  [stageMark]: true,
  as(this: State, name: string) {
    return extend(this, { name: name.toLowerCase(), site: callSite(extend) })
  },
  with<A extends readonly unknown[]>(this: State, fn: (state: State, ...args: A) => State, ...args: A) {
    return fn(this, ...args)
  },
  comment(this: State, text: string) {
    return extend(this, { comments: text.split('\n') })
  },
  instruction(this: State, { keyword, args }: { keyword: string; args: object }) {
    const site = callSite(extend)
    if (rowOf(keyword) && keyword !== 'FROM') {
      return extend(this, { link: { instruction: { keyword, args: Object.freeze(args) }, site, uses: [] }, site })
    }
    throw new ImgError('ARGUMENT_VALUE', `"${keyword}" is not an instruction of a stage`, { at: site?.location() })
  },
  toString() {
    return '[imgsdk State]'
  },
}

for (const row of table.values()) {
  if (row.keyword !== 'FROM')
    Object.defineProperty(prototype, row.keyword.toLowerCase(), { value: method(row), enumerable: true })
}

function method(row: Row) {
  return function call(this: State, ...params: unknown[]): State {
    const site = callSite(call)
    try {
      const watched = watchOptions(row.keyword, params)
      const args = Object.freeze(row.build(...watched.params))
      watched.check()
      const link = {
        instruction: { keyword: row.keyword, args },
        site,
        uses: argUses(params),
      }
      return extend(this, { link, site })
    } catch (error) {
      throw wrapError(error, 'ARGUMENT_VALUE', { at: site?.location() })
    }
  }
}
