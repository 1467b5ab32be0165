/** Puts layers and a config together into the documents of an image. */
import { ImgError } from '../error.ts'
import { type Digest, digestOf } from './digest.ts'
import { encodeConfig, encodeIndex, encodeManifest } from './encode.ts'
import { clampTime, completeHistory, type HistoryLayer } from './history.ts'
import { type Descriptor, type ImageConfig, mediaTypes, type Platform } from './types.ts'

/** A document of an image: its bytes, and what refers to them. */
export interface Document {
  readonly bytes: Uint8Array
  readonly descriptor: Descriptor
}

/** One layer, as the exporter compressed it. */
export interface AssembleLayer extends HistoryLayer {
  readonly descriptor: Descriptor
  readonly diffId: Digest
}

/** Which family of media types: OCI's, or those of Docker's schema 2. */
export type MediaTypes = 'oci' | 'docker'

/** What `assemble` takes. */
export interface AssembleInput {
  /** From the plan: the base's history, dated, then ours, undated. `rootfs` is made anew. */
  readonly config: ImageConfig
  /** All of them, the base's first. */
  readonly layers: readonly AssembleLayer[]
  /** Seconds since 1970. Times that the build adds become this, later ones are clamped. */
  readonly sourceDateEpoch?: number | undefined
  /** @default 'oci' */
  readonly mediaTypes?: MediaTypes | undefined
  readonly annotations?: { readonly manifest?: Annotations; readonly descriptor?: Annotations } | undefined
}

type Annotations = Readonly<Record<string, string>>

/**
 * The config and the manifest of an image for one platform.
 *
 * @throws IMAGE_INVALID   the config has no os or no architecture
 * @throws ARGUMENT_VALUE  `sourceDateEpoch` is not a time
 * @source D11.4 to D11.14; image-spec, config.md, manifest.md
 */
export function assemble(input: AssembleInput): { readonly config: Document; readonly manifest: Document } {
  const { layers, annotations, mediaTypes: family = 'oci' } = input
  const config = document(encodeConfig(complete(input)), types[family].config)
  const manifest = encodeManifest({
    schemaVersion: 2,
    mediaType: types[family].manifest,
    config: config.descriptor,
    layers: layers.map(({ descriptor }) => layerDescriptor(descriptor, family)),
    ...(annotations?.manifest && { annotations: annotations.manifest }),
  })
  return { config, manifest: document(manifest, types[family].manifest, annotations?.descriptor) }
}

/** The index of an image for several platforms, in the order given. Source: D11.15; image-spec, image-index.md. */
export function assembleIndex(
  manifests: readonly { readonly descriptor: Descriptor; readonly platform: Platform }[],
  options: { readonly mediaTypes?: MediaTypes | undefined; readonly annotations?: Annotations | undefined } = {},
): Document {
  const { index } = types[options.mediaTypes ?? 'oci']
  const bytes = encodeIndex({
    schemaVersion: 2,
    mediaType: index,
    manifests: manifests.map(({ descriptor, platform }) => ({ ...descriptor, platform })),
    ...(options.annotations && { annotations: options.annotations }),
  })
  return document(bytes, index)
}

const types = {
  oci: { manifest: mediaTypes.ociManifest, config: mediaTypes.ociConfig, index: mediaTypes.ociIndex },
  docker: { manifest: mediaTypes.dockerManifest, config: mediaTypes.dockerConfig, index: mediaTypes.dockerIndex },
}

/** Media types of layers: OCI's name, Docker's name. Source: image-spec, media-types.md: Compatibility Matrix. */
const layerTypes: readonly (readonly [oci: string, docker: string])[] = [
  [mediaTypes.ociLayer, mediaTypes.dockerLayer],
  [mediaTypes.ociLayerGzip, mediaTypes.dockerLayerGzip],
  [mediaTypes.ociLayerZstd, `${mediaTypes.dockerLayer}.zstd`],
  ['application/vnd.oci.image.layer.nondistributable.v1.tar', 'application/vnd.docker.image.rootfs.foreign.diff.tar'],
  [
    'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
    'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
  ],
]

function complete({ config, layers, sourceDateEpoch: epoch }: AssembleInput): ImageConfig {
  for (const member of ['os', 'architecture'] as const) {
    if (!config[member]) throw new ImgError('IMAGE_INVALID', `the image config has no ${member}`)
  }
  const history = completeHistory(config.history ?? [], layers, epoch)
  const { created: given, ...rest } = config
  const created = given !== undefined && epoch !== undefined ? clampTime(given, epoch) : given
  const last = created ?? history.findLast((entry) => entry.created !== undefined)?.created
  const rootfs = { type: 'layers' as const, diff_ids: layers.map((layer) => layer.diffId) }
  return { ...rest, ...(last === undefined ? {} : { created: last }), history, rootfs }
}

/** In the right family, and without notes that only builders read. Docker's schema has no annotations. */
function layerDescriptor(descriptor: Descriptor, family: MediaTypes): Descriptor {
  const row = layerTypes.find((names) => names.includes(descriptor.mediaType))
  const { annotations, ...rest } = descriptor
  const kept = Object.entries(annotations ?? {}).filter(([name]) => family === 'oci' && !internal.test(name))
  return {
    ...rest,
    mediaType: row?.[family === 'oci' ? 0 : 1] ?? descriptor.mediaType,
    ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
  }
}

const internal = /^(containerd\.io\/uncompressed$|buildkit\/createdat$|containerd\.io\/distribution\.source\.)/

function document(bytes: Uint8Array, mediaType: string, annotations?: Annotations): Document {
  const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length }
  return { bytes, descriptor: annotations ? { ...descriptor, annotations } : descriptor }
}
