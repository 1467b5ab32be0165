/** A stage while it is lowered. */
import type { FromArgs, Instruction, StageRef } from '../graph/graph.ts'
import { shareEnv, splitEnv } from '../instruction/part/environment.ts'
import { joinPath } from '../instruction/part/path.ts'
import type { ContainerConfig, History, ImageConfig, Platform } from '../oci/types.ts'
import type { Output } from './ops.ts'
import type { NamedContext } from './options.ts'
import { Environment } from './scope.ts'

/** The default of PATH on Linux. Source: conformance D3.30. */
export const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** A stage of the graph, or an image that a COPY or a mount names. */
export interface StageState {
  /** Its name in messages and progress. */
  name: string
  readonly from: Instruction<FromArgs> | undefined
  /** The instruction that names it: its FROM, or the first COPY or RUN to use the image. */
  readonly named: Instruction | undefined
  /** The image reference after expansion; 'scratch' is the empty one. */
  baseName: string
  base: StageState | undefined
  /** A named context that replaces the stage, or its base. */
  context: NamedContext | undefined
  /** The context replaces the stage itself, whose instructions then count for nothing. */
  replaced: boolean
  instructions: readonly Instruction[]
  /** The stages that its instructions refer to, by the reference's own text. */
  readonly uses: Map<string, StageState>
  platform: Platform | undefined
  /** Of an image that replaces the stage, what it says itself: stages on it are for that. */
  imagePlatform: Platform | undefined
  /** It is not in the graph: an image named by COPY --from or a mount. */
  readonly implicit: boolean
  resolved: boolean
  /** Nothing is known of the image at its bottom, nor of the variables that this sets. */
  guessed: boolean
  /** An instruction that sets variables failed, so that errors behind it may be due to that. */
  broken: boolean
  triggersRead: boolean
  /** How many instructions at the start are triggers of the base. */
  triggers: number
  dispatched: boolean
  output: Output
  /** Without `history`, which is kept apart: appending to a list is cheap, copying it at each step is not. */
  image: ImageConfig
  /** Of this stage alone; `wholeHistory` puts those of its bases before. */
  readonly history: History[]
  /** What is used of its root file system, shared with the stages on it; `/` is all. */
  paths: Set<string>
  /** How many of its steps make layers, a base image counted. */
  total: number
  env: Environment
  workdir: string
  user: string
  declared: { readonly name: string; readonly value?: string }[]
  cmdSeen: boolean
}

/** A stage that nothing was done to yet. */
export function newStage(
  given: Pick<StageState, 'name' | 'from' | 'named' | 'baseName' | 'instructions' | 'implicit'>,
): StageState {
  const { name, from, named, baseName, instructions, implicit } = given
  // One literal: an object that is spread and then added to is many times dearer.
  return {
    name,
    from,
    named,
    baseName,
    instructions,
    implicit,
    base: undefined,
    context: undefined,
    replaced: false,
    uses: new Map(),
    platform: undefined,
    imagePlatform: undefined,
    resolved: false,
    guessed: false,
    broken: false,
    triggersRead: false,
    triggers: 0,
    dispatched: false,
    output: undefined,
    image: { architecture: '', os: '', rootfs: { type: 'layers', diff_ids: [] } },
    history: [],
    paths: new Set(),
    total: 0,
    env: new Environment(),
    workdir: '/',
    user: '',
    declared: [],
    cmdSeen: false,
  }
}

/** The key of a reference in `StageState.uses`. */
export function refKey(ref: StageRef): string {
  return 'stage' in ref ? `stage ${ref.stage}` : `image ${String(ref.image)}`
}

/** What an image config says that it is for, features left out. */
export function platformOfImage({ architecture, os, variant, 'os.version': version }: ImageConfig): Platform {
  return { architecture, os, ...(variant ? { variant } : {}), ...(version ? { 'os.version': version } : {}) }
}

/** The config of an image of no layers. Source: conformance D11.2. */
export function emptyImage(platform: Platform): ImageConfig {
  return {
    architecture: platform.architecture,
    os: platform.os,
    ...(platform.variant ? { variant: platform.variant } : {}),
    ...(platform['os.version'] ? { 'os.version': platform['os.version'] } : {}),
    config: { WorkingDir: '/' },
    rootfs: { type: 'layers', diff_ids: [] },
  }
}

/** Takes over what a stage inherits from the stage it starts from. Source: conformance D9.10, D3.17. */
export function inherit(stage: StageState, base: StageState): void {
  if (base.image.config?.Env) shareEnv(base.image.config.Env)
  stage.guessed = base.guessed
  stage.broken = base.broken
  stage.output = base.output
  stage.paths = base.paths
  stage.platform = base.imagePlatform ?? base.platform
  stage.image = withConfig(base.image, { OnBuild: undefined })
  stage.env = base.env.copy()
  stage.workdir = base.workdir
  stage.user = base.user
  stage.declared = [...base.declared]
}

/** The history of a stage, that of the stages it starts from first. Chains may be long: nothing is copied on the way. */
export function wholeHistory(stage: StageState): History[] {
  const parts: History[][] = []
  for (let one: StageState | undefined = stage; one; one = one.base) parts.push(one.history)
  return parts.reverse().flat()
}

/** An image config with members of `config` set, or removed where undefined. */
export function withConfig(
  image: ImageConfig,
  change: { readonly [K in keyof ContainerConfig]?: ContainerConfig[K] | undefined },
): ImageConfig {
  const config: Record<string, unknown> = { ...image.config }
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined) delete config[key]
    else config[key] = value
  }
  return { ...image, config: config as ContainerConfig }
}

/** Makes the image's own environment, directory and user the stage's. */
export function adoptConfig(stage: StageState): void {
  const env = stage.image.config?.Env ?? []
  if (!env.some((entry) => splitEnv(entry)[0] === 'PATH') && stage.platform?.os !== 'windows') {
    stage.image = withConfig(stage.image, { Env: [...env, defaultPath] })
  }
  for (const entry of stage.image.config?.Env ?? []) stage.env.set(...splitEnv(entry))
  const { WorkingDir, User } = stage.image.config ?? {}
  if (WorkingDir) stage.workdir = rooted(WorkingDir, stage)
  if (WorkingDir && stage.workdir !== WorkingDir && stage.platform?.os !== 'windows')
    stage.image = withConfig(stage.image, { WorkingDir: stage.workdir })
  if (User) stage.user = User
}

/** An image's own directory. BuildKit treats it as a WORKDIR in that directory, so that a relative one is joined to itself. */
function rooted(directory: string, { platform }: StageState): string {
  if (directory.startsWith('/')) return directory
  return platform?.os === 'windows' ? `/${directory}` : joinPath('/', directory, directory)
}
