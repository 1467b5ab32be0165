/** The one place where the engine's parts are wired: from a graph to a root file system and an image config. */
import { join } from 'node:path'
import { ImgError } from '../error.ts'
import type { Graph, Instruction } from '../graph/graph.ts'
import type { ImageConfig, Platform } from '../oci/types.ts'
import {
  type BaseImage,
  type ImageRequest,
  imageKey,
  type LowerOptions,
  lower,
  type NamedContext,
  unresolved,
} from '../plan/index.ts'
import type { Plan } from '../plan/op.ts'
import type { IgnoreRules } from './context/context.ts'
import { type ContextOptions, Contexts } from './contexts.ts'
import { scanArchive } from './layer/archive.ts'
import { contentReader } from './layer/content.ts'
import { openTree } from './layer/tree.ts'
import { entriesOf } from './layer/walk.ts'
import { type ExecOptions, runExec } from './op/exec.ts'
import { fetchGit } from './op/git.ts'
import { fetchFile } from './op/http.ts'
import type { Io, Layer, Secrets } from './ports.ts'
import type { Registries } from './registry/registries.ts'
import { createResolver, type ResolvedImage, type ResolverOptions } from './resolve/index.ts'
import { forgetful, openCache } from './solve/cache.ts'
import { solve } from './solve/solve.ts'
import { sourceRunner } from './source-runner.ts'
import { diff, merge } from './stack-runner.ts'
import { execRunner, fileRunner, type StepParts } from './step-runner.ts'
import type { Store } from './store/store.ts'

/** What the engine is handed because it knows no spelling. */
export interface Spellings {
  parseTrigger(text: string, escape: '\\' | '`'): Instruction
  parseIgnore(text: string, file: string): IgnoreRules & { decide?(path: string): { pattern?: string; line?: number } }
  /** Looks at the graph once its base images are known, before anything runs; what it throws ends the build. */
  check?(images: ReadonlyMap<string, BaseImage>): void
}

/** What a graph is solved with. */
export interface SolveOptions extends ContextOptions {
  readonly store: Store
  readonly target?: string | undefined
  /** The platform asked for; absent: this machine's. */
  readonly platform?: Platform | undefined
  /** This machine's. */
  readonly buildPlatform: Platform
  readonly buildArgs?: Readonly<Record<string, string>> | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** `--build-context`: by name. A local folder is given as `{ kind: 'files', identifier: 'local://NAME' }` and in `folders`. */
  readonly contexts?: ReadonlyMap<string, NamedContext> | undefined
  readonly secrets?: Secrets | undefined
  readonly allow?: { readonly insecure?: boolean; readonly hostNetwork?: boolean } | undefined
  readonly noCache?: boolean | undefined
  /** `pull`: ask the registry even for an image that the store has under that name. */
  readonly pull?: ResolverOptions['mode'] | undefined
  readonly registry: Registries
  /** Seconds. */
  readonly sourceDateEpoch?: number | undefined
  readonly runtime?: ExecOptions['runtime'] | undefined
}

/** A graph, solved. */
export interface Solved {
  readonly plan: Plan
  /** From the bottom up, the base's first. */
  readonly layers: readonly Layer[]
  readonly config: ImageConfig
  /** When a layer of ours was made: RFC 3339. A layer that is missing here belongs to a base image. */
  readonly created: ReadonlyMap<string, string>
}

/** Resolves, lowers and solves a graph. Throws located errors of every step; nothing that it leaves in the store is half made. */
export async function solveGraph(graph: Graph, options: SolveOptions, spellings: Spellings, io: Io): Promise<Solved> {
  const { plan, images } = await makePlan(graph, options, spellings, io)
  const { store } = options
  const { sourceDateEpoch } = plan
  const memory = { records: store.records, anew: options.noCache, read: contentReader(store.blobs) }
  const contexts = new Contexts(options, spellings, memory)
  const created = new Map<string, string>()
  const cache = openCache(store.records, store.layers)
  const parts: StepParts = {
    layers: store.layers,
    cache: options.noCache ? forgetful(cache) : cache,
    now: Math.floor(Date.now() / 1000),
    sourceDateEpoch,
    openTree: (layers, io) => openTree(layers, io),
    exec: async ({ op, vertex, io }, mounts) => {
      const { outputs } = await runExec(op, mounts, execOptions(options, vertex), io)
      return outputs
    },
    scan: scanArchive,
    temporary: join(store.folder, 'tmp'),
    made: (layer, time) => created.set(layer.id, time),
  }
  const source = sourceRunner({
    layers: store.layers,
    imageLayers: (ref, platform) => images.get(imageKey(ref, fromOp(platform)))?.layers,
    local: (name) => contexts.open(name),
    fetch: (op, io) => fetchFile(op, { store, transport: options.registry.transport, secrets: options.secrets }, io),
    git: (op, io) => fetchGit(op, { store, secrets: options.secrets, anew: options.noCache, entries }, io),
  })
  try {
    const result = await solve(plan, { source, exec: execRunner(parts), file: fileRunner(parts), merge, diff }, io)
    await contexts.keep()
    return { plan, layers: result.layers, config: plan.image, created }
  } catch (error) {
    throw contexts.explain(error)
  } finally {
    contexts.close()
  }
}

/** Lowers a graph, resolving the images that it needs until it needs no more. */
export async function makePlan(graph: Graph, options: SolveOptions, spellings: Spellings, io: Io) {
  const images = new Map<string, ResolvedImage>()
  const bases = new Map<string, BaseImage>()
  const lowering: LowerOptions = {
    target: options.target,
    platform: options.platform,
    buildPlatform: options.buildPlatform,
    buildArgs: options.buildArgs,
    labels: options.labels,
    sourceDateEpoch: options.sourceDateEpoch,
    images: bases,
    contexts: options.contexts,
    parseTrigger: spellings.parseTrigger,
  }
  let resolver: ReturnType<typeof createResolver> | undefined
  for (;;) {
    const missing = unresolved(graph, lowering)
    if (missing.length === 0) {
      const plan = lower(graph, lowering)
      spellings.check?.(bases)
      return { plan, images }
    }
    resolver ??= createResolver({
      store: options.store,
      mode: options.pull ?? 'default',
      registry: (host) => options.registry.at(host),
    })
    await Promise.all(missing.map((request) => resolveOne(request, resolver!, images, bases, io)))
  }
}

async function resolveOne(
  { ref, platform, at }: ImageRequest,
  resolver: ReturnType<typeof createResolver>,
  images: Map<string, ResolvedImage>,
  bases: Map<string, BaseImage>,
  io: Io,
): Promise<void> {
  const id = `resolve ${ref}`
  io.emit({ type: 'start', id, name: `[internal] load metadata for ${ref}`, at })
  const started = performance.now()
  try {
    const image = await resolver.resolve(ref, platform, io)
    // The digest is part of the op, so another image under the same tag is another key.
    const pinned = ref.includes('@') ? ref : `${ref}@${image.digest}`
    images.set(imageKey(pinned, platform), image)
    bases.set(imageKey(ref, platform), { ref: pinned, config: image.config })
    io.emit({ type: 'done', id, milliseconds: performance.now() - started })
  } catch (error) {
    io.emit({ type: 'failed', id, message: (error as Error).message })
    throw error instanceof ImgError ? error.located(at) : error
  }
}

const entries = (folder: string, io: Io) => entriesOf(folder, undefined, io)

function fromOp(platform: { OS: string; Architecture: string; Variant?: string } | undefined): Platform {
  const { OS = '', Architecture = '', Variant } = platform ?? {}
  return { os: OS, architecture: Architecture, ...(Variant ? { variant: Variant } : {}) }
}

const noSecrets: Secrets = { get: async () => undefined, agent: async () => undefined }

function execOptions(
  { store, secrets, allow, runtime }: SolveOptions,
  vertex: { name: string; at?: ExecOptions['at'] },
): ExecOptions {
  return {
    store,
    secrets: secrets ?? noSecrets,
    allow: { insecure: allow?.insecure ?? false, hostNetwork: allow?.hostNetwork ?? false },
    name: vertex.name,
    ...(vertex.at ? { at: vertex.at } : {}),
    ...(runtime ? { runtime } : {}),
  }
}
