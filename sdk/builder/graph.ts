/** From States to the instruction graph: cuts chains into stages, declares build arguments, numbers the edges. */
import { ImgError } from '../error.ts'
import { type Graph, graphVersion, type Instruction, type Stage, type StageRef } from '../graph/graph.ts'
import { linkNames } from '../graph/link.ts'
import { type ArgUse, toTemplate } from '../graph/token.ts'
import { isStageLike } from '../instruction/part/stage-like.ts'
import { boundaryMatters } from './boundary.ts'
import { chainOf, type Link, type State } from './state.ts'

/** Named targets, or a single one. */
export type Targets = State | Readonly<Record<string, State>>

/** One stage while the graph is made. */
interface Draft {
  readonly root: State
  readonly base: State | undefined
  readonly links: readonly { link: Link; comments: readonly string[] }[]
  readonly name: string | undefined
  readonly comments: readonly string[]
  readonly uses: readonly ArgUse[]
}

/**
 * The instruction graph of one or several States. A prefix that several share becomes a stage of its own;
 * the last target comes last.
 *
 * @throws ARGUMENT_VALUE when two stages have one name, or an argument two defaults
 */
export function toGraph(targets: Targets): Graph {
  const named: [string | undefined, State][] = isStageLike(targets)
    ? [[undefined, targets as State]]
    : Object.entries(targets)
  if (named.length === 0) throw new ImgError('IMAGE_FILE_EXPORTS', 'no image was given')
  const ends = stageEnds(named.map(([, state]) => state))
  const order: State[] = []
  const drafts = new Map<State, Draft>()
  const visit = (end: State): void => {
    if (drafts.has(end)) return
    const draft = cut(end, ends)
    drafts.set(end, draft)
    if (draft.base) visit(draft.base)
    for (const { link } of draft.links) for (const state of statesIn(link.instruction.args)) visit(state)
    order.push(end)
  }
  for (const [, state] of named) visit(state)
  const targetNames = new Map(
    named.flatMap(([name, state]) => (name === undefined || name === 'default' ? [] : [[state, name] as const])),
  )
  return assemble(order, drafts, targetNames)
}

/** The States that a stage must end at: targets, those copied from, and those that several chains go on from. */
function stageEnds(targets: readonly State[]): ReadonlySet<State> {
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
function cut(end: State, ends: ReadonlySet<State>): Draft {
  const links: { link: Link; comments: readonly string[] }[] = []
  let pending: { link: Link; comments: string[] } | undefined
  let name: string | undefined
  let comments: string[] = []
  let base: State | undefined
  let at: State = end
  for (;;) {
    const chain = chainOf(at)
    name ??= chain.name
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
  return { root, base, links: links.reverse(), name, comments, uses: chainOf(at).uses }
}

/** The States among an instruction's arguments. */
function statesIn(args: object): State[] {
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

function assemble(
  order: readonly State[],
  drafts: ReadonlyMap<State, Draft>,
  targetNames: ReadonlyMap<State, string>,
): Graph {
  const position = new Map(order.map((state, index) => [state, index]))
  const bases = new Set(order.flatMap((state) => drafts.get(state)!.base ?? []))
  const names = nameStages(order, drafts, targetNames, bases)
  const globals = new Map<string, ArgUse>()
  const declared = new Map<State, ReadonlySet<string>>()
  const stages = order.map((end): Stage => {
    const draft = drafts.get(end)!
    const root = chainOf(draft.root).root
    if (root) for (const use of draft.uses) declareGlobal(globals, use)
    const known = new Set(draft.base ? declared.get(draft.base) : [])
    const instructions = draft.links.flatMap(({ link, comments }) => {
      const own = link.instruction.keyword === 'ARG' ? argNames(link.instruction.args) : []
      const missing = link.uses.filter((use) => !known.has(use.name) && !own.includes(use.name))
      for (const use of link.uses) declareGlobal(globals, use)
      const declaredHere = new Set(missing.map((use) => use.name))
      for (const name of [...declaredHere, ...own]) known.add(name)
      const at = link.site ? { at: link.site.location() } : {}
      const declarations = [...declaredHere].map((name): Instruction => ({ keyword: 'ARG', args: { variables: [{ name }] }, ...at }))
      const args = resolve(link.instruction.args, position)
      return [
        ...declarations,
        { keyword: link.instruction.keyword, args, ...at, ...(comments.length > 0 ? { comments } : {}) },
      ]
    })
    declared.set(end, known)
    const platform = root?.platform === undefined ? {} : { platform: toTemplate(root.platform) }
    const base: StageRef = draft.base ? { stage: position.get(draft.base)! } : (root!.base as StageRef)
    const site = chainOf(draft.root).site ?? chainOf(end).site
    const name = names.get(end)
    return {
      from: {
        keyword: 'FROM',
        args: { base, ...platform, ...(name === undefined ? {} : { name }) },
        ...(site ? { at: site.location() } : {}),
        ...(draft.comments.length > 0 && draft.root !== end ? { comments: draft.comments } : {}),
      },
      instructions,
    }
  })
  const args = [...globals.values()].map(
    (use): Instruction => ({
      keyword: 'ARG',
      args: {
        variables: [
          use.default === undefined ? { name: use.name } : { name: use.name, default: toTemplate(use.default) },
        ],
      },
    }),
  )
  return linkNames({ version: graphVersion, args, stages })
}

function argNames(args: object): string[] {
  return (args as { variables: { name: string }[] }).variables.map(({ name }) => name)
}

function declareGlobal(globals: Map<string, ArgUse>, use: ArgUse): void {
  const before = globals.get(use.name)
  if (before && before.default !== undefined && use.default !== undefined && before.default !== use.default) {
    throw new ImgError(
      'ARGUMENT_VALUE',
      `the build argument ${use.name} has two defaults: "${before.default}" and "${use.default}"`,
      {
        hint: 'make it once with arg() and use that value everywhere',
      },
    )
  }
  if (!before || before.default === undefined) globals.set(use.name, use)
}

/** Names: the author's; the export's; for a stage that others start from, `stage-N`, as BuildKit calls it. */
function nameStages(
  order: readonly State[],
  drafts: ReadonlyMap<State, Draft>,
  targetNames: ReadonlyMap<State, string>,
  bases: ReadonlySet<State>,
): Map<State, string> {
  const names = new Map<State, string>()
  const taken = new Set<string>()
  for (const state of order) {
    const name = drafts.get(state)!.name ?? asStageName(targetNames.get(state))
    if (name === undefined) continue
    if (!/^[a-z][a-z0-9-_.]*$/.test(name)) {
      throw new ImgError(
        'ARGUMENT_VALUE',
        `"${name}" is not a stage name; expected a letter, then letters, digits, "-", "_" or "."`,
        {
          at: chainOf(state).site?.location(),
        },
      )
    }
    if (taken.has(name))
      throw new ImgError('ARGUMENT_VALUE', `two stages are called "${name}"`, { at: chainOf(state).site?.location() })
    taken.add(name)
    names.set(state, name)
  }
  order.forEach((state, index) => {
    if (names.has(state) || !bases.has(state)) return
    let name = `stage-${index}`
    while (taken.has(name)) name += '-'
    taken.add(name)
    names.set(state, name)
  })
  return names
}

// An export may be called anything that JavaScript allows; as a stage it gets the nearest name that FROM allows.
function asStageName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const lower = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9-_.]/g, '-')
  return /^[a-z]/.test(lower) ? lower : `target-${lower}`
}

/** Arguments with States replaced by positions. */
function resolve(args: object, position: ReadonlyMap<State, number>): object {
  const change = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(change)
    if (value === null || typeof value !== 'object') return value
    const { state, from } = value as { state?: unknown; from?: { state?: unknown } }
    if (isStageLike(state)) return { stage: position.get(state as State) }
    if (from && isStageLike(from.state)) return { ...value, from: { stage: position.get(from.state as State) } }
    return value
  }
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [key, change(value)]))
}
