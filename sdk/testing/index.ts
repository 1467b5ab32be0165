/** The door `imgsdk/testing`: what an image will be, without building it. */
import { type Targets, toGraph } from '../builder/graph.ts'
import { parseTrigger } from '../dockerfile/trigger.ts'
import type { Graph } from '../graph/graph.ts'
import { isStageLike } from '../instruction/part/stage-like.ts'
import { parsePlatform } from '../oci/platform.ts'
import type { ContainerConfig, ImageConfig } from '../oci/types.ts'
import { lowerOffline } from '../plan/offline.ts'
import type { Op } from '../plan/op.ts'

/** How an image is looked at. */
export interface PlanOptions {
  /** The name of a stage. @default the last */
  readonly target?: string
  readonly buildArgs?: Readonly<Record<string, string>>
  /** `os/arch[/variant]`. @default linux/amd64 */
  readonly platform?: string
}

/** What an image will be. */
export interface ImagePlan {
  /** The config that containers start with. */
  readonly config: ContainerConfig
  readonly image: ImageConfig
  /** The environment as an object. */
  readonly env: Readonly<Record<string, string>>
  /** The `created_by` of every history entry of ours. */
  readonly history: readonly string[]
  /** The LLB ops, inputs before the ops that use them. */
  readonly ops: readonly Op[]
  /** The argument vectors of all commands that would run, in order. */
  readonly commands: readonly (readonly string[])[]
}

const host = { os: 'linux', architecture: 'amd64' }

/**
 * What building an image would do. Nothing is fetched: a base image is taken for one of a single layer with nothing in its
 * environment but PATH.
 *
 * @throws the located errors that a build would give before it runs anything
 */
export function plan(image: Targets | Graph, options: PlanOptions = {}): ImagePlan {
  const graph = isGraph(image) ? image : toGraph(image)
  const { vertices, image: config } = lowerOffline(graph, {
    target: options.target,
    buildArgs: options.buildArgs,
    platform: options.platform === undefined ? undefined : parsePlatform(options.platform, host),
    buildPlatform: host,
    parseTrigger,
  })
  const ops = vertices.map(({ op }) => op)
  return {
    config: config.config ?? {},
    image: config,
    env: Object.fromEntries(
      (config.config?.Env ?? []).map((entry) => [
        entry.slice(0, entry.indexOf('=')),
        entry.slice(entry.indexOf('=') + 1),
      ]),
    ),
    history: (config.history ?? []).flatMap(({ created_by }) => created_by ?? []),
    ops,
    commands: ops.flatMap((op) => ('exec' in op ? [op.exec.meta.args] : [])),
  }
}

function isGraph(image: Targets | Graph): image is Graph {
  return !isStageLike(image) && Array.isArray((image as Graph).stages)
}
