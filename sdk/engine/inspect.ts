/** What is to be known of an image: its documents, and which instruction made each layer. */
import { ImgError } from '../error.ts'
import type { Digest } from '../oci/digest.ts'
import { type Descriptor, type History, type ImageConfig, mediaTypes, type Platform } from '../oci/types.ts'
import { parseConfig, parseImageDocument } from '../oci/validate.ts'
import type { BlobStore, Io } from './ports.ts'
import type { ImageResolver, ResolvedImage } from './resolve/resolver.ts'

/** One layer, and what is said of it. */
export interface InspectedLayer {
  readonly descriptor: Descriptor
  readonly diffId: Digest
  /** The history entry of the layer; absent where the image has no history. */
  readonly history?: History
  /** Whether it belongs to the base image; absent where the base is not known. */
  readonly base?: boolean
}

/** An image for one platform. */
export interface InspectedImage {
  /** As asked, in canonical form. */
  readonly ref: string
  /** Of the manifest or index that the reference points to. */
  readonly digest: Digest
  /** What the index offers, where there is one and it is at hand. */
  readonly platforms?: readonly Platform[]
  readonly manifest: Digest
  readonly mediaType: string
  readonly config: ImageConfig
  readonly configDescriptor: Descriptor
  /** From the bottom up. */
  readonly layers: readonly InspectedLayer[]
  /** Bytes of all layers, as they are stored and sent. */
  readonly size: number
  /** The image that this one rests on: the number of its layers, and its name where that is known. */
  readonly base?: { readonly layers: number; readonly name?: string }
  readonly annotations?: Readonly<Record<string, string>>
}

/** What is needed of a store. */
export interface InspectStore {
  readonly blobs: BlobStore
  readonly images: { list(): Promise<readonly { readonly name: string; readonly descriptor: Descriptor }[]> }
}

/** What an image says of itself, wherever it was read. */
export type Documents = Pick<ResolvedImage, 'ref' | 'digest' | 'manifestDigest' | 'manifest' | 'config'> &
  Pick<InspectedImage, 'platforms'>

const baseName = 'org.opencontainers.image.base.name'

/**
 * Looks at an image. No layer is fetched.
 *
 * @param ref  a reference, or `oci-layout://folder[:tag]`
 * @throws what resolving throws
 */
export async function inspectImage(
  ref: string,
  platform: Platform,
  { store, resolver }: { readonly store: InspectStore; readonly resolver: ImageResolver },
  io?: Io,
): Promise<InspectedImage> {
  const image = await resolver.resolve(ref, platform, io)
  const platforms = image.digest === image.manifestDigest ? undefined : await platformsOf(image.digest, store)
  return describeImage({ ...image, ...(platforms && { platforms }) }, store, baseByOrigin(image))
}

/**
 * Says of the documents of an image what is to be known.
 *
 * The base is the image of the store whose layers this one begins with, the longest of them; else those layers that were seen in
 * a registry, where others were not.
 */
export async function describeImage(
  image: Documents,
  store: InspectStore,
  otherwise?: InspectedImage['base'],
): Promise<InspectedImage> {
  const { manifest, config, platforms } = image
  const base = (await baseInStore(image, store)) ?? otherwise
  const name = manifest.annotations?.[baseName] ?? base?.name
  const history = (config.history ?? []).filter((entry) => !entry.empty_layer)
  return {
    ref: image.ref,
    digest: image.digest,
    ...(platforms && { platforms }),
    manifest: image.manifestDigest,
    mediaType: manifest.mediaType ?? mediaTypes.ociManifest,
    config,
    configDescriptor: manifest.config,
    layers: manifest.layers.map((descriptor, index) => ({
      descriptor,
      diffId: config.rootfs.diff_ids[index]!,
      ...(history[index] && { history: history[index] }),
      ...(base && { base: index < base.layers }),
    })),
    size: manifest.layers.reduce((sum, { size }) => sum + size, 0),
    ...(base && { base: { layers: base.layers, ...(name !== undefined && { name }) } }),
    ...(manifest.annotations && { annotations: manifest.annotations }),
  }
}

type Base = NonNullable<InspectedImage['base']>

/** The image of the store that has the longest run of the same layers, all of its own. */
async function baseInStore({ config, digest }: Documents, store: InspectStore): Promise<Base | undefined> {
  const ours = config.rootfs.diff_ids
  let best: Base | undefined
  for (const { name, descriptor } of await store.images.list()) {
    if (descriptor.digest === digest) continue
    for (const theirs of await chainsOf(descriptor, store)) {
      const isPrefix = theirs.length > 0 && theirs.length < ours.length && theirs.every((id, i) => id === ours[i])
      if (isPrefix && theirs.length > (best?.layers ?? 0)) best = { layers: theirs.length, name }
    }
  }
  return best
}

/** The diff IDs of an image of the store, for each of its platforms that is there. */
async function chainsOf(descriptor: Descriptor, store: InspectStore): Promise<readonly (readonly Digest[])[]> {
  try {
    const document = parseImageDocument(await read(descriptor.digest, store), descriptor.digest, descriptor.mediaType)
    if (document.kind === 'manifest') {
      const { digest } = document.manifest.config
      return [parseConfig(await read(digest, store), digest).rootfs.diff_ids]
    }
    return (await Promise.all(document.index.manifests.map((each) => chainsOf(each, store)))).flat()
  } catch (error) {
    // Another image of the store that is damaged or not all there is no concern of this one.
    if (error instanceof ImgError) return []
    throw error
  }
}

/** The leading layers that a registry had, unless it had all: then the image itself was pulled. */
function baseByOrigin({ layers }: ResolvedImage): Base | undefined {
  const own = layers.findIndex(({ from }) => from === undefined)
  const from = layers[own - 1]?.from
  return from === undefined ? undefined : { layers: own, name: from }
}

async function platformsOf(digest: Digest, store: InspectStore): Promise<readonly Platform[] | undefined> {
  if (!(await store.blobs.has(digest))) return undefined
  const document = parseImageDocument(await read(digest, store), digest)
  if (document.kind !== 'index') return undefined
  return document.index.manifests.flatMap(({ platform }) => (platform ? [platform] : []))
}

async function read(digest: Digest, { blobs }: InspectStore): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of await blobs.get(digest)) pieces.push(piece as Uint8Array)
  return Buffer.concat(pieces)
}
