/** State: an immutable chain of instructions. Each call gives a new one; the old stays valid, so sharing a base is free. */
import { ImgError, wrapError } from '../error.ts'
import { wrongKind } from '../graph/given.ts'
import type { Instruction, StageRef } from '../graph/graph.ts'
import { type ArgUse, type Token, toPlain } from '../graph/token.ts'
import { argUses } from '../graph/token-args.ts'
import type { Row } from '../instruction/define.ts'
import { isStageLike, type StageLike, stageMark, stageOrigin } from '../instruction/part/stage-like.ts'
import { rowOf, table } from '../instruction/rows.ts'
import type * as rows from '../instruction/table.ts'
import { type CallSite, callSite } from './call-site.ts'
import { watchParameters } from './known-options.ts'
import { toStageName } from './names.ts'

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

// Another copy of the SDK in the same process reads it, too.
const chainMark = Symbol.for('imgsdk.chain')

/** What a State is made of. For `toGraph`. */
export function chainOf(state: StageLike): Chain {
  return (state as unknown as { readonly [chainMark]: Chain })[chainMark]
}

let birth: ((state: State) => void) | undefined

/** Who is told of every State from now on. */
export function onBirth(listener: ((state: State) => void) | undefined): void {
  birth = listener
}

/** A State on top of another, or a first one. */
export function extend(previous: State | undefined, change: Partial<Chain>): State {
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
  const chain: Chain = Object.freeze({ ...blank, ...change })
  const state = Object.freeze(Object.create(prototype, { [chainMark]: { value: chain } })) as State
  birth?.(state)
  return state
}

const prototype = {
  [stageMark]: stageOrigin,
  as: located(function as(this: State, site, name: string) {
    return extend(this, { name: toStageName(name), site })
  }),
  with(this: State, fn: (state: State, ...args: unknown[]) => State, ...args: unknown[]) {
    const refuse = (error: ImgError) => error.located(callSite(prototype.with)?.location())
    if (typeof fn !== 'function') throw refuse(wrongKind(fn, 'what .with() applies', 'a function'))
    const state = fn(this, ...args)
    if (isStageLike(state)) return state
    const hint = state === undefined ? 'did you forget return?' : undefined
    throw refuse(wrongKind(state, 'what the function given to .with() returned', 'a stage', hint))
  },
  comment: located(function comment(this: State, _, text: string) {
    return extend(this, { comments: toPlain(text, 'a comment').split('\n') })
  }),
  instruction: located(function instruction(this: State, site, given: { keyword: string; args: object }) {
    const { keyword, args } = given ?? {}
    if (rowOf(keyword) === undefined || keyword === 'FROM')
      throw new ImgError('ARGUMENT_VALUE', `"${keyword}" is not an instruction of a stage`)
    if (typeof args !== 'object' || args === null) throw wrongKind(args, `args of ${keyword}`, 'an object')
    return extend(this, { link: { instruction: { keyword, args: Object.freeze(args) }, site, uses: [] }, site })
  }),
  toString() {
    return '[imgsdk State]'
  },
  // In a string a stage would be a word that means nothing to anybody.
  [Symbol.toPrimitive]() {
    throw new ImgError('ARGUMENT_VALUE', 'a stage was used as text', {
      hint: "a stage is given as a value: from(stage), or .copy('/path', '/destination', { from: stage })",
    })
  },
}

for (const row of table.values()) {
  if (row.keyword !== 'FROM')
    Object.defineProperty(prototype, row.keyword.toLowerCase(), { value: method(row), enumerable: true })
}

function method(row: Row) {
  return located(function build(this: State, site, ...params: unknown[]): State {
    const watched = watchParameters(row, params)
    const args = Object.freeze(row.build(...watched.params))
    watched.check()
    const link = { instruction: { keyword: row.keyword, args }, site, uses: argUses(params) }
    return extend(this, { link, site })
  })
}

/** A method that is told where it was called, and whose errors point there. */
function located<A extends unknown[]>(body: (this: State, site: CallSite | undefined, ...params: A) => State) {
  return function call(this: State, ...params: A): State {
    const site = callSite(call)
    try {
      return body.call(this, site, ...params)
    } catch (error) {
      throw wrapError(error, 'ARGUMENT_VALUE', { at: site?.location() })
    }
  }
}
