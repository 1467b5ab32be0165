/** `pull` and `push`: images between registries and the store. */
import { compressLayer } from '../engine/layer/compress.ts'
import { createResolver } from '../engine/resolve/index.ts'
import { eachLimited } from '../export/each.ts'
import { type Image, type PlatformImage, topOf } from '../export/image.ts'
import { push } from '../export/push.ts'
import type { Document } from '../oci/assemble.ts'
import { digestOf } from '../oci/digest.ts'
import { encodeIndex, encodeManifest } from '../oci/encode.ts'
import { parsePlatform } from '../oci/platform.ts'
import { formatReference, parseReference } from '../oci/reference.ts'
import { type Descriptor, type ImageIndex, type Manifest, mediaTypes } from '../oci/types.ts'
import { openKept } from './keep.ts'
import { hostPlatform, type Session, type VerbOptions, withSession } from './open.ts'

/** What was pulled or pushed. */
export interface Transferred {
  readonly ref: string
  /** Of the manifest, or of the index where there are several platforms. */
  readonly manifest: Descriptor
  /** From the bottom up; of the first platform. */
  readonly layers: readonly Descriptor[]
}

/**
 * Fetches an image with all of its layers into the store, under its own name.
 *
 * @param options.platform  `os/arch[/variant]`. @default this machine's
 */
export async function pullImage(ref: string, options: VerbOptions & { platform?: string } = {}): Promise<Transferred> {
  return withSession(options, async ({ store, registries, io }) => {
    const host = hostPlatform()
    const platform = options.platform === undefined ? host : parsePlatform(options.platform, host)
    const resolver = createResolver({ store, registry: (name) => registries.at(name), mode: 'pull' })
    const image = await resolver.resolve(ref, platform, io)
    const layers = [...new Map(image.layers.map((layer) => [layer.descriptor.digest, layer])).values()]
    await eachLimited(layers, layers.length, io, async ({ descriptor, open }, io) => {
      if (await store.blobs.has(descriptor.digest)) return
      await store.blobs.put(await open(io), descriptor, io)
    })
    const bytes = await store.blobs.get(image.manifestDigest)
    let size = 0
    for await (const chunk of bytes) size += (chunk as Buffer).length
    const manifest = {
      mediaType: image.manifest.mediaType ?? mediaTypes.ociManifest,
      digest: image.manifestDigest,
      size,
    }
    await store.images.set(image.ref, manifest)
    return { ref: image.ref, manifest, layers: image.manifest.layers }
  })
}

/**
 * Sends an image of the store to a registry; layers that are kept uncompressed are compressed on the way.
 *
 * @param dest  the reference there. @default the image's own
 */
export async function pushImage(ref: string, dest: string = ref, options: VerbOptions = {}): Promise<Transferred> {
  const name = formatReference(parseReference(dest))
  return withSession(options, async (session) => {
    const image = await compressed(await openKept(ref, session.store), session)
    const { registries, store, io } = session
    await push(image, [name], { registries, records: store.records }, io)
    const [platform] = image.platforms
    return {
      ref: name,
      manifest: topOf(image).descriptor,
      layers: platform!.layers.map(({ descriptor }) => descriptor),
    }
  })
}

/** The same image with every layer gzipped: registries and their clients expect it. */
async function compressed(image: Image, session: Session): Promise<Image> {
  const platforms = await Promise.all(image.platforms.map((platform) => compressedPlatform(platform, session)))
  if (!image.index) return { platforms }
  const before = image.platforms.map(({ manifest }) => manifest.descriptor)
  return {
    platforms,
    index: repointed(
      image.index,
      before,
      platforms.map(({ manifest }) => manifest.descriptor),
    ),
  }
}

/** The index with other manifests in the place of those that it lists. */
function repointed(index: Document, before: readonly Descriptor[], after: readonly Descriptor[]): Document {
  const changed = new Map(before.map(({ digest }, place) => [digest as string, after[place]!]))
  if (after.every(({ digest }) => changed.has(digest))) return index
  const { manifests, ...rest } = JSON.parse(Buffer.from(index.bytes).toString()) as ImageIndex
  const entries = manifests.map(({ annotations, ...entry }) => {
    const { digest, size } = changed.get(entry.digest)!
    const subject = changed.get(annotations?.[subjectKey] ?? '')
    const notes = subject ? { ...annotations, [subjectKey]: subject.digest } : annotations
    return { ...entry, digest, size, ...(notes && { annotations: notes }) }
  })
  const bytes = encodeIndex({ ...rest, manifests: entries }, '')
  return { bytes, descriptor: { ...index.descriptor, digest: digestOf(bytes), size: bytes.length } }
}

/** On an attestation: the manifest that it speaks of. Source: BuildKit, docs/attestations/attestation-storage.md. */
const subjectKey = 'vnd.docker.reference.digest'

async function compressedPlatform(platform: PlatformImage, { store, io }: Session): Promise<PlatformImage> {
  const plain: readonly string[] = [mediaTypes.ociLayer, mediaTypes.dockerLayer]
  if (!platform.layers.some(({ descriptor }) => plain.includes(descriptor.mediaType))) return platform
  const layers = await Promise.all(
    platform.layers.map(async (layer) => {
      if (!plain.includes(layer.descriptor.mediaType)) return layer
      const stored = (await store.layers.get(layer.diffId)) ?? (await store.layers.base(layer))
      return compressLayer(store, stored, { type: 'gzip', force: true }, io)
    }),
  )
  const before = JSON.parse(Buffer.from(platform.manifest.bytes).toString()) as Manifest
  const bytes = encodeManifest({ ...before, layers: layers.map(({ descriptor }) => descriptor) })
  const descriptor = { mediaType: platform.manifest.descriptor.mediaType, digest: digestOf(bytes), size: bytes.length }
  return { ...platform, layers, manifest: { bytes, descriptor } }
}
