/** Base images that the store has already: what a linter may know of them without asking anyone. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { openStore } from '../engine/open.ts'
import { createResolver } from '../engine/resolve/resolver.ts'
import { ImgError } from '../error.ts'
import type { Graph } from '../graph/graph.ts'
import { unresolved } from '../plan/lower.ts'
import { type BaseImage, imageKey, type LowerOptions } from '../plan/options.ts'
import { defaultStore, hostPlatform } from './open.ts'

/** Where to look, and which images a build of the graph would take. */
export interface KnownImagesOptions extends Pick<LowerOptions, 'target' | 'buildArgs' | 'allStages' | 'parseTrigger'> {
  /** The folder of the store, which is not made. @default IMGSDK_STORE, else imgsdk in the user's data folder */
  readonly store?: string | undefined
}

/**
 * The configs of a graph's base images, by `imageKey`, of those that the store has under their name or digest. No registry is
 * asked. A graph that is refused, or a store that cannot be opened, gives what was found until then.
 */
export async function knownImages(graph: Graph, options: KnownImagesOptions): Promise<ReadonlyMap<string, BaseImage>> {
  const known = new Map<string, BaseImage>()
  const folder = resolve(options.store ?? defaultStore())
  if (!existsSync(folder)) return known
  try {
    const store = await openStore(folder)
    try {
      await lookUp(graph, options, createResolver({ store, mode: 'local', registry: noRegistry }), known)
    } finally {
      await store.close()
    }
  } catch (error) {
    if (!(error instanceof ImgError)) throw error
  }
  return known
}

async function lookUp(
  graph: Graph,
  { store: _, ...options }: KnownImagesOptions,
  resolver: ReturnType<typeof createResolver>,
  known: Map<string, BaseImage>,
): Promise<void> {
  // An image that is not there must not keep triggers of others from naming more.
  const images = new Map<string, BaseImage>()
  for (;;) {
    const missing = unresolved(graph, { ...options, buildPlatform: hostPlatform(), images })
    if (missing.length === 0) return
    for (const { ref, platform } of missing) {
      const key = imageKey(ref, platform)
      const found = await resolver.resolve(ref, platform).catch((error: unknown) => {
        if (error instanceof ImgError) return undefined
        throw error
      })
      if (found) known.set(key, { ref, config: found.config })
      images.set(key, known.get(key) ?? { ref, config: { ...platform, rootfs: { type: 'layers', diff_ids: [] } } })
    }
  }
}

function noRegistry(host: string): never {
  throw new ImgError('INTERNAL', `a linter asks no registry, and not ${host}`)
}
