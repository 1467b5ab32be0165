/** From a solved graph to an image: layers in the form that an output asks for, and the documents about them. */
import type { Solved } from '../engine/build.ts'
import { compressLayer } from '../engine/layer/compress.ts'
import { indexAnnotations, manifestAnnotations } from '../export/annotations.ts'
import { clampTimes } from '../export/clamp.ts'
import type { Image } from '../export/image.ts'
import type { ImageOptions } from '../export/output.ts'
import { assemble, assembleIndex } from '../oci/assemble.ts'
import type { ImageConfig, Platform } from '../oci/types.ts'
import type { BuiltLayer } from './build.ts'
import type { Session } from './open.ts'

/** The image, and what each of its layers is. Layers are compressed at the same time, each once in the life of a store. */
export async function packImage(
  solved: Solved,
  options: ImageOptions,
  sourceDateEpoch: number | undefined,
  { store, io }: Session,
): Promise<{ image: Image; layers: BuiltLayer[] }> {
  const { type, level, force } = options.compression
  const epoch = options.sourceDateEpoch ?? sourceDateEpoch
  const compression = { type, force, ...(level === undefined ? {} : { level }) }
  const layers = await Promise.all(
    solved.layers.map(async (solvedLayer) => {
      const created = solved.created.get(solvedLayer.id)
      // Two machines, one digest: with an epoch the files of our own layers are not newer than it.
      const layer =
        epoch === undefined || created === undefined ? solvedLayer : await clampTimes(solvedLayer, epoch, store, io)
      const compressed = await compressLayer(store, layer, compression, io)
      return { ...compressed, ...(created === undefined ? {} : { created }) }
    }),
  )
  const platform = platformOf(solved.config)
  const { config, manifest } = assemble({
    config: solved.config,
    layers,
    sourceDateEpoch: epoch,
    mediaTypes: options.mediaTypes,
    annotations: manifestAnnotations(options.annotations, platform),
  })
  const { mediaTypes, annotations } = options
  const index = solved.plan.several
    ? assembleIndex([{ descriptor: manifest.descriptor, platform }], {
        mediaTypes,
        annotations: indexAnnotations(annotations),
      })
    : undefined
  const history = (solved.config.history ?? []).filter((entry) => !entry.empty_layer)
  const bases = layers.length - solved.layers.filter((layer) => solved.created.has(layer.id)).length
  return {
    image: { platforms: [{ manifest, config, layers, platform }], index },
    layers: layers.map(({ descriptor, diffId }, index) => ({
      digest: descriptor.digest,
      diffId,
      size: descriptor.size,
      createdBy: history[index]?.created_by ?? '',
      base: index < bases,
    })),
  }
}

/** The platform that a config says its image is for. */
export function platformOf({ os, architecture, variant, 'os.version': version }: ImageConfig): Platform {
  return { os, architecture, ...(variant ? { variant } : {}), ...(version ? { 'os.version': version } : {}) }
}
