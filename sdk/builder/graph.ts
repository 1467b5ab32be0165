/** From States to the instruction graph: cuts chains into stages, declares build arguments, numbers the edges. */
import { ImgError } from '../error.ts'
import { wrongKind } from '../graph/given.ts'
import { type Graph, graphVersion, type Instruction, type Stage, type StageRef } from '../graph/graph.ts'
import { linkNames } from '../graph/link.ts'
import { postOrder } from '../graph/post-order.ts'
import { type ArgUse, toTemplate } from '../graph/token.ts'
import { isStageLike } from '../instruction/part/stage-like.ts'
import type { CallSite } from './call-site.ts'
import { cut, type Draft, stageEnds, statesIn } from './cut.ts'
import { nameStages } from './names.ts'
import { type Arrangement, chainOf, type State } from './state.ts'

/** Named targets, or a single one. */
export type Targets = State | Readonly<Record<string, State>>

/**
 * The instruction graph of one or several States. A prefix that several share becomes a stage of its own;
 * the last target comes last.
 *
 * @throws ARGUMENT_VALUE when two stages have one name, or an argument two defaults
 */
export function toGraph(targets: Targets): Graph {
  const named: [string | undefined, State][] = isStageLike(targets)
    ? [[undefined, targets as State]]
    : Object.entries(targets ?? {})
  for (const [name, state] of named) if (!isStageLike(state)) throw wrongKind(state, `the target "${name}"`, 'a stage')
  if (named.length === 0) throw new ImgError('IMAGE_FILE_EXPORTS', 'no image was given')
  const arrangement = named.length === 1 ? chainOf(named[0]![1]).arrangement : undefined
  if (arrangement) return arranged(arrangement)
  const ends = stageEnds(named.map(([, state]) => state))
  const drafts = new Map<State, Draft>()
  const order = postOrder(
    named.map(([, state]) => state),
    (end) => {
      const draft = cut(end, ends)
      drafts.set(end, draft)
      const used = draft.links.flatMap(({ link }) => statesIn(link.instruction.args))
      return draft.base ? [draft.base, ...used] : used
    },
  )
  const targetNames = new Map(
    named.flatMap(([name, state]) => (name === undefined || name === 'default' ? [] : [[state, name] as const])),
  )
  return assemble(order, drafts, nameStages(order, drafts, targetNames))
}

/** The graph of `image()`: its stages as they are listed. */
function arranged({ stages, args, escape }: Arrangement): Graph {
  const ends = stageEnds(stages)
  const listed = new Set(stages)
  const drafts = new Map(stages.map((end) => [end, cut(end, ends)]))
  const order = [...listed]
  for (const [end, { base, links }] of drafts) {
    const refuse = (message: string, hint: string) => {
      throw new ImgError('STAGE_ORDER', message, { at: chainOf(end).site?.location(), hint })
    }
    const used = links.flatMap(({ link }) => statesIn(link.instruction.args))
    if ([...used, ...(base ? [base] : [])].some((state) => !listed.has(state)))
      refuse('image() lists a stage that uses one which it does not list', 'add that one, before the one that uses it')
    if (base && order.indexOf(base) >= order.indexOf(end))
      refuse('image() lists a stage before the one that it starts from', 'list the stage that others start from first')
  }
  const names = new Map([...drafts].flatMap(([end, { name }]) => (name === undefined ? [] : [[end, name] as const])))
  const graph = assemble(order, drafts, names, args)
  return escape === undefined ? graph : { ...graph, escape }
}

function assemble(
  order: readonly State[],
  drafts: ReadonlyMap<State, Draft>,
  names: ReadonlyMap<State, string>,
  listed: Arrangement['args'] = [],
): Graph {
  const position = new Map(order.map((state, index) => [state, index]))
  const globals = new Map<string, ArgUse>()
  const declared = new Map<State, ReadonlySet<string>>()
  const stages = order.map((end): Stage => {
    const draft = drafts.get(end)!
    const root = chainOf(draft.root).root
    if (root) for (const use of draft.uses) declareGlobal(globals, use, chainOf(draft.root).site)
    const known = new Set(draft.base ? declared.get(draft.base) : [])
    const instructions = draft.links.flatMap(({ link, comments }) => {
      const own = link.instruction.keyword === 'ARG' ? argNames(link.instruction.args) : []
      const missing = link.uses.filter(({ name, nested }) => !nested && !known.has(name) && !own.includes(name))
      for (const use of link.uses) declareGlobal(globals, use, link.site)
      const declaredHere = new Set(missing.map((use) => use.name))
      for (const name of [...declaredHere, ...own]) known.add(name)
      const at = link.site ? { at: link.site.location() } : {}
      const declarations = [...declaredHere].map(
        (name): Instruction => ({ keyword: 'ARG', args: { variables: [{ name }] }, ...at }),
      )
      const args = resolve(link.instruction.args, position)
      return [...declarations, { keyword: link.instruction.keyword, args, ...at, ...paragraph(comments) }]
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
        ...(draft.root === end ? {} : paragraph(draft.comments)),
      },
      instructions,
    }
  })
  return linkNames({ version: graphVersion, args: globalArgs(listed, globals), stages })
}

/** The ARG instructions before the first stage: those that are listed, and those that are used besides. */
function globalArgs(listed: Arrangement['args'], used: ReadonlyMap<string, ArgUse>): Instruction[] {
  const lists = listed.map((tokens) => tokens.map((token) => token.declares ?? { name: token.name }))
  const known = new Set(lists.flat().map(({ name }) => name))
  const others = [...used.values()].filter(({ name }) => !known.has(name)).map((use) => [use])
  return [...lists, ...others].map((uses): Instruction => {
    const variables = uses.map(({ name, default: value }) =>
      value === undefined ? { name } : { name, default: toTemplate(value) },
    )
    return { keyword: 'ARG', args: { variables } }
  })
}

function argNames(args: object): string[] {
  return (args as { variables: { name: string }[] }).variables.map(({ name }) => name)
}

/** What is commented begins a paragraph. */
const paragraph = (comments: readonly string[]) => (comments.length > 0 ? { comments, gaps: [0] } : {})

function declareGlobal(globals: Map<string, ArgUse>, use: ArgUse, site: CallSite | undefined): void {
  const before = globals.get(use.name)
  if (before && before.default !== undefined && use.default !== undefined && before.default !== use.default) {
    throw new ImgError(
      'ARGUMENT_VALUE',
      `the build argument ${use.name} has two defaults: "${before.default}" and "${use.default}"`,
      { at: site?.location(), hint: 'make it once with arg() and use that value everywhere' },
    )
  }
  if (!before || before.default === undefined) globals.set(use.name, use)
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
