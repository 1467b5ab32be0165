/** Lowering without a network: every base image is taken for a made-up one. `--resolve none`. */
import type { Graph } from '../graph/graph.ts'
import type { ImageConfig } from '../oci/types.ts'
import { lower } from './lower.ts'
import type { Plan } from './op.ts'
import type { BaseImage, LowerOptions } from './options.ts'
import { defaultPath } from './stage-state.ts'

/** One layer, linux/amd64, an environment of just PATH: what the expected plans of the corpus were made with. */
const anyImage: ImageConfig = {
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
  // Answers for every image there may be, so that linking need not be done twice.
  const get = (key: string): BaseImage =>
    options.images?.get(key) ?? { ref: key.slice(0, key.indexOf(' ')), config: anyImage, madeUp: true }
  return lower(graph, { ...options, images: { get } })
}
