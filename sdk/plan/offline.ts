/** Lowering without a network: every base image is taken for a made-up one. `--resolve none`. */
import type { Graph } from '../graph/graph.ts'
import type { ImageConfig } from '../oci/types.ts'
import { lower, unresolved } from './lower.ts'
import type { Plan } from './op.ts'
import { type BaseImage, imageKey, type LowerOptions } from './options.ts'
import { defaultPath } from './stage-state.ts'

/** One layer, linux/amd64, an environment of just PATH: what the expected plans of the corpus were made with. */
const madeUp: ImageConfig = {
  architecture: 'amd64',
  os: 'linux',
  config: { Env: [defaultPath] },
  rootfs: { type: 'layers', diff_ids: [`sha256:${'a'.repeat(64)}`] },
}

/** The plan of a graph, with made-up base images, under their own names, for those that are not among `options.images`. */
export function lowerOffline(
  graph: Graph,
  options: Omit<LowerOptions, 'images'> & Partial<Pick<LowerOptions, 'images'>>,
): Plan {
  const images = new Map<string, BaseImage>(options.images)
  for (;;) {
    const missing = unresolved(graph, { ...options, images })
    if (missing.length === 0) return lower(graph, { ...options, images })
    for (const { ref, platform } of missing) images.set(imageKey(ref, platform), { ref, config: madeUp })
  }
}
