/** What rules look at: the graph, and what lowering makes of it where no base image is known. */
import { ImgError, wrapError } from '../error.ts'
import { expand } from '../graph/expand.ts'
import type { Graph, Instruction, Stage } from '../graph/graph.ts'
import type { Template } from '../graph/template.ts'
import type { Mount } from '../instruction/shape/mount.ts'
import { type ExpandedMount, expandMount } from '../instruction/shape/mount-expand.ts'
import type { Platform } from '../oci/types.ts'
import { lowerOffline } from '../plan/offline.ts'
import type { BaseImage, LoweredInstruction, LowerOptions } from '../plan/options.ts'
import { declareGlobals, type Environment, predefined } from '../plan/scope.ts'

/** An ignore file, as far as rules ask: `parseIgnore(text).matcher`. */
export interface IgnoreList {
  readonly patterns: readonly { readonly text: string; readonly exception: boolean }[]
  /** Whether a pattern names the path or a directory that it is in. */
  matches(path: string): boolean
}

/** What linting is told besides the graph. */
export interface LintOptions {
  /** The stage to look at, with those that it needs. @default all stages */
  readonly target?: string | undefined
  /** `BUILDKIT_DOCKERFILE_CHECK` among them replaces the `check` directive. */
  readonly buildArgs?: Readonly<Record<string, string>> | undefined
  /** @default linux/amd64 */
  readonly buildPlatform?: Platform | undefined
  readonly platform?: Platform | undefined
  /** Configs of base images, by `imageKey`; one that is not there is taken for linux/amd64 with nothing but PATH set. */
  readonly images?: ReadonlyMap<string, BaseImage> | undefined
  /** The ignore file of the build context. */
  readonly ignore?: IgnoreList | undefined
  /** Rules to leave out, and experimental ones to take in, besides what the file says. */
  readonly skip?: 'all' | readonly string[] | undefined
  readonly experimental?: 'all' | readonly string[] | undefined
  /** Look only at what a build of the target (default: the last stage) would look at. @default false */
  readonly reachableOnly?: boolean | undefined
  readonly contexts?: LowerOptions['contexts']
  /** Reads ONBUILD triggers of stages that others start from. */
  parseTrigger: LowerOptions['parseTrigger']
}

/** An instruction as lowering saw it. */
export interface SceneStep extends LoweredInstruction {
  /** The mounts of a RUN, as far as they can be understood. */
  readonly mounts: readonly ExpandedMount[]
}

/** A stage with what lowering saw of it; `steps` is empty where it is not `reached`. Triggers of the base come first. */
export interface SceneStage {
  readonly index: number
  readonly stage: Stage
  /** Whether a build would look at it, or the whole file is looked at. */
  readonly reached: boolean
  readonly steps: readonly SceneStep[]
}

/** The whole of it. */
export interface Scene {
  readonly graph: Graph
  readonly stages: readonly SceneStage[]
  /** Variables before the first FROM. */
  readonly globals: Environment
  /** The same as if no build argument were given; undefined where they cannot be evaluated. */
  readonly defaults: Environment | undefined
  readonly buildPlatform: Platform
  readonly targetPlatform: Platform
  readonly images: ReadonlyMap<string, BaseImage>
  readonly contexts: LowerOptions['contexts']
  readonly ignore: IgnoreList | undefined
  /** The position of the stage that is asked for. */
  readonly target: number | undefined
  /** Why lowering stopped. */
  readonly error: ImgError | undefined
}

/** Sets the scene. An error of the graph is kept, so that what was seen before it can still be judged. */
export function setScene(graph: Graph, options: LintOptions): Scene {
  const buildPlatform = options.buildPlatform ?? { os: 'linux', architecture: 'amd64' }
  const targetPlatform = options.platform ?? buildPlatform
  const given = new Map(Object.entries(options.buildArgs ?? {}))
  const name = options.target || (graph.stages.at(-1)?.from.args.name ?? '')
  const fresh = () => predefined(buildPlatform, targetPlatform, name, given)
  const [globals, error] = attempt(() => withGlobals(fresh(), graph, given))
  const [defaults] = attempt(() => withGlobals(fresh(), graph, new Map()))
  const steps: SceneStep[][] = graph.stages.map(() => [])
  const reached = new Set<number>()
  const onStage = (index: number) => reached.add(index)
  const told = { onInstruction: keep, onStage }
  const [, failure] = attempt(() => lowerOffline(graph, { ...lowering(options, buildPlatform), ...told }))
  function keep(lowered: LoweredInstruction): void {
    // variables are those of now
    steps[lowered.stage]?.push({ ...lowered, mounts: mountsOf(lowered) })
  }
  const wanted = options.target?.toLowerCase()
  const target = wanted ? graph.stages.findLastIndex(({ from }) => from.args.name === wanted) : -1
  return {
    graph,
    stages: graph.stages.map((stage, index) => ({ index, stage, reached: reached.has(index), steps: steps[index]! })),
    globals: globals ?? fresh(),
    defaults,
    buildPlatform,
    targetPlatform,
    images: options.images ?? new Map(),
    contexts: options.contexts,
    ignore: options.ignore,
    target: target < 0 ? undefined : target,
    error: error ?? failure,
  }
}

function lowering(options: LintOptions, buildPlatform: Platform) {
  const { target, buildArgs, platform, images, contexts, parseTrigger } = options
  return {
    ...(target ? { target } : { allStages: !options.reachableOnly }),
    ...(buildArgs ? { buildArgs } : {}),
    ...(platform ? { platform } : {}),
    ...(images ? { images } : {}),
    ...(contexts ? { contexts } : {}),
    buildPlatform,
    parseTrigger,
    forgiving: true,
  }
}

function withGlobals(scope: Environment, graph: Graph, given: ReadonlyMap<string, string>): Environment {
  declareGlobals(scope, graph, given)
  return scope
}

function mountsOf({ instruction, args, context }: LoweredInstruction): readonly ExpandedMount[] {
  const mounts = (args as { mount?: readonly Mount[] } | undefined)?.mount
  if (instruction.keyword !== 'RUN' || !mounts) return []
  const lookup = { get: (name: string) => context.env.get(name) }
  return mounts.flatMap((mount) => attempt(() => expandMount(mount, lookup))[0] ?? [])
}

function attempt<T>(step: () => T): [value: T | undefined, error: ImgError | undefined] {
  try {
    return [step(), undefined]
  } catch (thrown) {
    if (!(thrown instanceof ImgError)) throw wrapError(thrown)
    return [undefined, thrown]
  }
}

/** Every instruction as it is written: ARGs before the first FROM, then stage by stage, FROM first. */
export function* written(graph: Graph): Generator<Instruction> {
  yield* graph.args
  for (const { from, instructions } of graph.stages) {
    yield from
    yield* instructions
  }
}

/** The text of a template; undefined where it cannot be filled in. `unset` is told of variables that are not set. */
export function fill(value: Template, scope: Environment, unset?: (name: string) => void): string | undefined {
  const [text] = attempt(() => expand(value, { get: (name) => scope.get(name), ...(unset ? { unset } : {}) }))
  return text
}

/** The rest of a note on how an instruction was spelled: of `keyword:run`, `run`. */
export function noteOf({ notes = [] }: Instruction, name: string): string | undefined {
  return notes.find((note) => note.startsWith(`${name}:`))?.slice(name.length + 1)
}

/** The keyword as it was spelled. */
export function keywordOf(instruction: Instruction): string {
  return noteOf(instruction, 'keyword') ?? instruction.keyword
}

/** The position of the stage that a stage starts from; undefined where that is an image. A name made of variables counts. */
export function baseStage(graph: Graph, stage: Stage, globals: Environment): number | undefined {
  const { base } = stage.from.args
  if ('stage' in base) return base.stage
  const name = typeof base.image === 'string' ? undefined : fill(base.image, globals)
  if (name === undefined) return undefined
  const earlier = graph.stages.slice(0, graph.stages.indexOf(stage))
  const index = earlier.findLastIndex(({ from }) => from.args.name === name)
  return index < 0 ? undefined : index
}
