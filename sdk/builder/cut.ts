/** Cuts chains of instructions into stages. */
import type { ArgUse } from '../graph/token.ts'
import { isStageLike } from '../instruction/part/stage-like.ts'
import { boundaryMatters } from './boundary.ts'
import type { CallSite } from './call-site.ts'
import { chainOf, type Link, type State } from './state.ts'

/** One stage while the graph is made. */
export interface Draft {
  readonly root: State
  readonly base: State | undefined
  readonly links: readonly { link: Link; comments: readonly string[] }[]
  readonly name: string | undefined
  /** Where it was given that name. */
  readonly namedAt: CallSite | undefined
  readonly comments: readonly string[]
  readonly uses: readonly ArgUse[]
}

/** The States that a stage must end at: targets, those copied from, and those that several chains go on from. */
export function stageEnds(targets: readonly State[]): ReadonlySet<State> {
  const ends = new Set<State>()
  const children = new Map<State, Set<State>>()
  const seen = new Set<State>()
  const queue: State[] = [...targets]
  for (const state of targets) ends.add(state)
  while (queue.length > 0) {
    let state = queue.pop()!
    while (!seen.has(state)) {
      seen.add(state)
      const chain = chainOf(state)
      if (chain.link) {
        for (const used of statesIn(chain.link.instruction.args)) {
          ends.add(used)
          queue.push(used)
        }
      }
      if (chain.root && 'state' in chain.root.base) {
        ends.add(chain.root.base.state)
        queue.push(chain.root.base.state)
      }
      if (!chain.previous) break
      const siblings = children.get(chain.previous) ?? new Set()
      children.set(chain.previous, siblings.add(state))
      state = chain.previous
    }
  }
  for (const [state, branches] of children) if (branches.size > 1 && hasInstructions(state)) ends.add(state)
  return ends
}

function hasInstructions(state: State): boolean {
  for (let at: State | undefined = state; at; at = chainOf(at).previous)
    if (chainOf(at).link || chainOf(at).name) return true
  return false
}

/** The stage that ends here: its own instructions, and the stage below, if it starts from one. */
export function cut(end: State, ends: ReadonlySet<State>): Draft {
  const links: { link: Link; comments: readonly string[] }[] = []
  let pending: { link: Link; comments: string[] } | undefined
  let named: { readonly name: string | undefined; readonly site: CallSite | undefined } | undefined
  let comments: string[] = []
  let base: State | undefined
  let at: State = end
  for (;;) {
    const chain = chainOf(at)
    if (chain.name !== undefined) named ??= chain
    if (chain.comments.length > 0) {
      if (pending) pending.comments.unshift(...chain.comments)
      else comments = [...chain.comments, ...comments]
    }
    if (chain.link) {
      pending = { link: chain.link, comments: [] }
      links.push(pending)
    }
    if (!chain.previous) break
    at = chain.previous
    if (ends.has(at) && at !== end && !boundaryMatters(at, links.toReversed())) {
      base = at
      break
    }
  }
  const root = base ? end : at
  if (!base) {
    const start = chainOf(at).root!
    if ('state' in start.base) base = start.base.state
  }
  return {
    root,
    base,
    links: links.reverse(),
    name: named?.name,
    namedAt: named?.site,
    comments,
    uses: chainOf(at).uses,
  }
}

/** The States among an instruction's arguments. */
export function statesIn(args: object): State[] {
  const found: State[] = []
  for (const value of Object.values(args)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item && typeof item === 'object') {
        if (isStageLike(item.state)) found.push(item.state as State)
        if (isStageLike(item.from?.state)) found.push(item.from.state as State)
      }
    }
  }
  return found
}
