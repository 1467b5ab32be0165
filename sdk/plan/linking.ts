/** The front half of lowering: stages, their references, what is reachable, which images are needed. */
import { ImgError } from '../error.ts'
import { expand } from '../graph/expand.ts'
import type { Graph } from '../graph/graph.ts'
import type { Template } from '../graph/template.ts'
import { normalizePlatform, parsePlatform } from '../oci/platform.ts'
import { formatReference, isReference, parseReference } from '../oci/reference.ts'
import type { Platform } from '../oci/types.ts'
import { connect, reachableFrom, refuseCycles, type Stages } from './connect.ts'
import { contextOf, isLayout } from './contexts.ts'
import { resolveEpoch } from './epoch.ts'
import { locate } from './locate.ts'
import { type ImageRequest, imageKey, type LowerOptions } from './options.ts'
import { checkRequest } from './request.ts'
import { declareGlobals, type Environment, predefined } from './scope.ts'
import { emptyImage, newStage, platformOfImage, type StageState, withConfig } from './stage-state.ts'
import { readTriggers } from './triggers.ts'

/** The stages of a graph, linked; `missing` lists images that must be resolved before lowering can go on. */
export interface Linked {
  readonly stages: StageState[]
  readonly target: StageState
  readonly reachable: ReadonlySet<StageState>
  readonly globals: Environment
  readonly given: ReadonlyMap<string, string>
  readonly targetPlatform: Platform
  /** SOURCE_DATE_EPOCH, in seconds. */
  readonly epoch: number | undefined
  readonly missing: readonly ImageRequest[]
}

/** Links a graph. Checks every stage, reachable or not, as BuildKit does. Source: conformance, phase P3. */
export function link(graph: Graph, options: LowerOptions): Linked {
  const given = new Map(Object.entries(options.buildArgs ?? {}))
  if (options.sourceDateEpoch !== undefined && !given.has('SOURCE_DATE_EPOCH'))
    given.set('SOURCE_DATE_EPOCH', String(options.sourceDateEpoch))
  checkRequest(given)
  const targetPlatform = normalizePlatform(options.platform ?? options.buildPlatform)
  const lastName = graph.stages.at(-1)?.from.args.name ?? ''
  const globals = predefined(options.buildPlatform, targetPlatform, options.target || lastName, given)
  declareGlobals(globals, graph, given)
  const epoch = resolveEpoch(graph, given, globals, options)
  const all = openStages(graph, globals, targetPlatform, options)
  const stages = all.list
  const target = findTarget(graph, stages, options)
  for (const stage of [...stages]) connect(stage, stage.instructions, all)
  refuseCycles(stages)
  for (const stage of stages) if (stage.replaced) forget(stage)
  if (stages.length === 1) stages[0]!.name = ''
  const { reachable, missing } = resolve(graph, all, target, targetPlatform, options)
  return { stages, target, reachable, globals, given, targetPlatform, epoch, missing }
}

/** Every stage with its base expanded and found. */
function openStages(graph: Graph, globals: Environment, targetPlatform: Platform, options: LowerOptions): Stages {
  const stages: StageState[] = []
  const names = new Map<string, StageState>()
  graph.stages.forEach(({ from, instructions }, index) => {
    const { base, platform, name } = from.args
    locate(from, () => {
      const fill = (value: Template) => expand(value, { get: (key) => globals.get(key) })
      const baseName =
        'stage' in base ? (graph.stages[base.stage]?.from.args.name ?? String(base.stage)) : fill(base.image)
      if (name !== undefined && !isReference(name)) throw notAName(name)
      if (baseName === '') throw new ImgError('ARGUMENT_VALUE', 'FROM: the base name is blank after expansion')
      const stage = newStage({
        name: name ?? `stage-${index}`,
        from,
        named: from,
        baseName,
        instructions,
        implicit: false,
      })
      if (platform !== undefined) stage.platform = platformOf(fill(platform), options.buildPlatform)
      stage.base = 'stage' in base ? stages[base.stage] : names.get(baseName)
      if ('stage' in base && base.stage >= index)
        throw new ImgError('STAGE_ORDER', `FROM refers to a stage that is not before it`)
      const context = name && contextOf(options.contexts, name, stage.platform ?? targetPlatform)
      if (context) Object.assign(stage, { context, replaced: true, base: undefined })
      stages.push(stage)
      if (name !== undefined) names.set(name, stage)
    })
  })
  return { list: stages, names }
}

// A context may stand in the place of any stage, and contexts are called as images are.
function notAName(name: string): ImgError {
  return new ImgError('ARGUMENT_VALUE', `"${name}" cannot be the name of a stage: it could not be that of an image`, {
    hint: 'have single "-", "_" or "." only between letters and digits',
  })
}

/** What a stage says counts for nothing once a named context stands in its place, but for triggers. Source: conformance D9.20. */
function forget(stage: StageState): void {
  stage.instructions = stage.instructions.filter(({ keyword }) => keyword === 'ONBUILD')
  stage.uses.clear()
  stage.triggersRead = true
}

function platformOf(text: string, host: Platform): Platform {
  if (text === '') throw new ImgError('PLATFORM_INVALID', 'FROM: --platform is empty after expansion')
  return parsePlatform(text, host)
}

function findTarget(graph: Graph, stages: readonly StageState[], options: LowerOptions): StageState {
  if (!options.target) return stages.at(-1)!
  const wanted = options.target.toLowerCase()
  const index = graph.stages.findLastIndex(({ from }) => from.args.name === wanted)
  if (index >= 0) return stages[index]!
  const names = graph.stages.flatMap(({ from }) => from.args.name ?? [])
  throw new ImgError('STAGE_UNKNOWN', `there is no stage called "${options.target}"`, {
    hint:
      names.length > 0 ? `the stages are: ${names.join(', ')}` : 'no stage of this image has a name; name one with AS',
  })
}

/** Resolves base images of reachable stages, and reads triggers, until those bring nothing new. */
function resolve(graph: Graph, all: Stages, target: StageState, targetPlatform: Platform, options: LowerOptions) {
  const missing = new Map<string, ImageRequest>()
  for (;;) {
    const reachable = options.allStages ? new Set(all.list) : reachableFrom(target)
    for (const stage of all.list)
      if (!stage.base && !stage.resolved) resolveBase(stage, reachable.has(stage), targetPlatform, options, missing)
    if (missing.size > 0) return { reachable, missing: [...missing.values()] }
    let added = false
    for (const stage of reachable) added = readTriggers(graph, stage, all, options) || added
    if (!added) return { reachable, missing: [] }
  }
}

function resolveBase(
  stage: StageState,
  reachable: boolean,
  targetPlatform: Platform,
  options: LowerOptions,
  missing: Map<string, ImageRequest>,
): void {
  stage.context ??= contextOf(options.contexts, stage.baseName, stage.platform ?? targetPlatform)
  const { context } = stage
  const empty = stage.baseName === 'scratch' && context === undefined
  // what a FROM says must be a reference, also where a context stands in its place, and only what is needed of contexts
  const said = empty ? '' : locate(stage.named, () => formatReference(parseReference(stage.baseName)))
  if (empty || context?.kind === 'files' || context?.kind === 'scratch') {
    if (context?.kind !== 'files') stage.baseName = 'scratch'
    // what stands in the place of a stage is for the target, whatever the stage says
    stage.platform = context && !stage.replaced ? (stage.platform ?? targetPlatform) : targetPlatform
    const image = emptyImage(stage.platform)
    // files in the place of a stage have no config at all, not even that of scratch
    stage.image = stage.replaced ? { ...image, config: {} } : image
    stage.resolved = true
    stage.dispatched = stage.implicit || stage.replaced
    return
  }
  if (!reachable && context) return
  const at = stage.named?.at
  const ref = isLayout(context?.ref)
    ? context.ref
    : context
      ? locate(stage.named, () => formatReference(parseReference(context.ref)))
      : said
  stage.platform ??= targetPlatform
  if (!reachable) return
  const image = options.images.get(imageKey(ref, stage.platform))
  if (!image) {
    missing.set(imageKey(ref, stage.platform), { ref, platform: stage.platform, ...(at ? { at } : {}) })
    return
  }
  const { created: _, history, ...config } = image.config
  stage.image = stage.replaced ? withConfig(config, { OnBuild: undefined }) : config
  if (stage.replaced && config.os !== '' && config.architecture !== '') stage.imagePlatform = platformOfImage(config)
  for (const entry of history ?? []) stage.history.push(entry)
  stage.baseName = image.ref
  stage.guessed = image.madeUp === true
  stage.resolved = true
  stage.dispatched = stage.implicit || stage.replaced
}
