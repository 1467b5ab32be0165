/** Lowering: the instruction graph with its variables filled in, as a plan of LLB ops and an image config. */
import { ImgError } from '../error.ts'
import type { Graph, Instruction } from '../graph/graph.ts'
import type { LowerContext, Lowering } from '../instruction/define.ts'
import { rowOf } from '../instruction/rows.ts'
import type { Lookup } from '../instruction/shape/shape.ts'
import { normalizePlatform } from '../oci/platform.ts'
import type { History } from '../oci/types.ts'
import { baseOutput, type Folders, finishFolders } from './base-output.ts'
import { execOutput } from './exec-draft.ts'
import { expandArgs } from './expand-args.ts'
import { fileOutput, linkedOutput } from './file-draft.ts'
import { contextAttrs, finishImage } from './finish.ts'
import { type Linked, link } from './linking.ts'
import { locate } from './locate.ts'
import type { Plan } from './op.ts'
import { type Node, OpPool, postOrder, toOpPlatform } from './ops.ts'
import type { ImageRequest, LoweredInstruction, LowerOptions } from './options.ts'
import type { Linker } from './origin.ts'
import { Refused, setsVariables } from './refused.ts'
import { asksForSeveral } from './request.ts'
import { proxies } from './scope.ts'
import { adoptConfig, inherit, type StageState, wholeHistory, withConfig } from './stage-state.ts'
import { baseSteps, countSteps, makesLayer, prefix, title } from './title.ts'

/** Of more variables than this none is the one that was meant: to list them for each that is not set would take minutes. */
const mostKnown = 1000
const historyComment = 'buildkit.dockerfile.v0'

/** The images that lowering needs and `options.images` does not have yet. Resolve them and ask again: triggers may add more. */
export function unresolved(graph: Graph, options: LowerOptions): readonly ImageRequest[] {
  return link(graph, options).missing
}

/**
 * The plan of a graph's target.
 *
 * @throws located errors of every kind of instruction; IMAGE_NOT_FOUND when a needed image is not among `options.images`
 * @source BuildKit, frontend/dockerfile/dockerfile2llb; conformance chapters 3 to 11
 */
export function lower(graph: Graph, options: LowerOptions): Plan {
  const linked = link(graph, options)
  const [absent] = linked.missing
  if (absent)
    throw new ImgError('IMAGE_NOT_FOUND', `the image ${absent.ref} is needed and was not resolved`, { at: absent.at })
  const pool = new OpPool()
  const local = { source: { identifier: 'local://context' } }
  const context = pool.add(local, [], undefined, { name: '[internal] load build context' })
  const contextPaths = new Set<string>()
  const folders: Folders = new Map()
  const refused = new Refused()
  const fold: Fold = { linked, options, pool, context, contextPaths, folders, proxies: proxies(linked.given), refused }
  for (const stage of linked.stages) if (linked.reachable.has(stage) && !stage.base) baseOutput(stage, pool, folders)
  // Implicit stages may stand behind stages that use them.
  for (const stage of linked.stages) if (linked.reachable.has(stage) && !stage.dispatched) dispatchStage(stage, fold)
  refused.throwAll()
  context.op = { source: { identifier: 'local://context', attrs: contextAttrs(contextPaths) } }
  const { target, epoch } = linked
  target.paths.add('/')
  finishFolders(folders)
  const vertices = postOrder(target.output)
  return {
    vertices,
    result: target.output && [vertices.length - 1, target.output.index],
    ...(epoch === undefined ? {} : { sourceDateEpoch: epoch }),
    ...(asksForSeveral(linked.given) ? { several: true as const } : {}),
    image: finishImage({ ...target.image, history: wholeHistory(target) }, linked.targetPlatform, options),
  }
}

type Unset = LoweredInstruction['unset'][number]

/** Which step of its stage an instruction is, and where the stage stands. */
interface Place {
  readonly step: number
  readonly position: number
  readonly trigger: boolean
  /** The variables that it uses and that are not set, once it is lowered. */
  readonly unset: Unset[]
}

interface Fold {
  readonly linked: Linked
  readonly options: LowerOptions
  readonly pool: OpPool
  readonly context: Node
  readonly contextPaths: Set<string>
  readonly folders: Folders
  readonly proxies: Record<string, string> | undefined
  readonly refused: Refused
}

/** Every instruction of a stage, triggers of its base first. */
function dispatchStage(stage: StageState, fold: Fold): void {
  if (stage.base) inherit(stage, stage.base)
  stage.dispatched = true
  adoptConfig(stage)
  stage.total = countSteps(stage)
  let step = baseSteps(stage)
  const position = fold.linked.stages.indexOf(stage)
  fold.options.onStage?.(position)
  for (const [index, instruction] of stage.instructions.entries()) {
    if (stage.broken) return
    if (makesLayer(instruction)) step++
    const place: Place = { step, position, trigger: index < stage.triggers, unset: [] }
    try {
      locate(instruction, () => dispatch(instruction, stage, fold, place))
    } catch (thrown) {
      const mayBeSet = fold.options.forgiving && stage.guessed && place.unset.length > 0
      if (!mayBeSet) fold.refused.add(thrown)
      stage.broken = setsVariables(instruction)
    }
  }
}

function dispatch(instruction: Instruction, stage: StageState, fold: Fold, place: Place): void {
  const { step, position, trigger, unset } = place
  const row = rowOf(instruction.keyword)!
  const context = contextOf(stage, fold, unset)
  let args: object | undefined
  let lowering: Lowering
  try {
    args = expandArgs(row, instruction, context.env)
    lowering = row.lower(args, context)
  } finally {
    fold.options.onInstruction?.({ instruction, args, context, stage: position, trigger, unset })
  }
  if (lowering.draft) {
    const text = title(lowering)
    const name = `${prefix(stage, step)}${trigger ? 'ONBUILD ' : ''}${text}`
    const linker: Linker = {
      pool: fold.pool,
      context: { node: fold.context, index: 0 },
      contextPaths: fold.contextPaths,
      platform: toOpPlatform(normalizePlatform(stage.platform!)),
      proxies: fold.proxies,
      hostname: fold.linked.given.get('BUILDKIT_SANDBOX_HOSTNAME') || undefined,
    }
    const beside = { name, at: instruction.at }
    const { draft } = lowering
    // a process may read anything
    if ('exec' in draft) stage.paths.add('/')
    if ('exec' in draft) stage.output = execOutput(draft.exec, stage, linker, beside)
    else if (draft.link) stage.output = linkedOutput(draft, stage, linker, beside)
    else stage.output = fileOutput(draft.file, stage.output, stage, linker, beside)
  }
  apply(lowering, stage, instruction)
}

/** Changes to variables, config and history: once, for all rows. */
function apply(lowering: Lowering, stage: StageState, { keyword }: Instruction): void {
  for (const [name, value] of lowering.assign ?? []) stage.env.set(name, value)
  for (const declared of lowering.declares ?? []) stage.declared.push(declared)
  if (lowering.config) stage.image = withConfig(stage.image, lowering.config)
  if (lowering.config && 'User' in lowering.config) stage.user = lowering.config.User ?? ''
  if (lowering.author !== undefined) stage.image = { ...stage.image, author: lowering.author }
  if (lowering.workdir !== undefined) stage.workdir = lowering.workdir
  if (keyword === 'CMD') stage.cmdSeen = true
  if (lowering.history === undefined) return
  const entry: History = {
    created_by: lowering.history,
    comment: historyComment,
    ...(lowering.draft ? {} : { empty_layer: true }),
  }
  stage.history.push(entry)
}

function contextOf(stage: StageState, { linked, options }: Fold, unset: Unset[]): LowerContext {
  const note = (name: string, besides: Iterable<string> = []): void => {
    const declared = stage.declared.some((one) => one.name === name)
    if (declared) return
    const known = stage.env.size > mostKnown ? [] : stage.env.names()
    unset.push({ name, known: [...known, ...besides] })
  }
  const env: Lookup = {
    get: (name) => stage.env.get(name),
    ...(options.onInstruction || options.forgiving ? { unset: note } : {}),
  }
  return {
    config: stage.image.config ?? {},
    os: stage.image.os,
    env,
    workdir: stage.workdir,
    buildArgs: linked.given,
    globalArgs: linked.globals,
    declared: stage.declared,
    cmdSeen: stage.cmdSeen,
    epoch: linked.epoch,
    cacheNamespace: linked.given.get('BUILDKIT_CACHE_MOUNT_NS') ?? '',
  }
}
