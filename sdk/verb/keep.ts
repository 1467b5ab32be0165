/** Images in the store: kept under names, and opened again. */

import type { Store } from '../engine/store/store.ts'
import { ImgError } from '../error.ts'
import { blobsOf, type Image, type PlatformImage, topOf } from '../export/image.ts'
import { type Digest, isDigest } from '../oci/digest.ts'
import { canonicalName, formatReference, parseReference } from '../oci/reference.ts'
import type { Descriptor, ImageConfig, Manifest } from '../oci/types.ts'
import { parseImageDocument } from '../oci/validate.ts'
import type { Session } from './open.ts'
import { platformOf } from './pack.ts'

/** Puts every blob of an image into the store, what it refers to first, and names it. */
export async function keepImage(image: Image, names: readonly string[], { store, io }: Session): Promise<void> {
  const references = names.map(canonicalName)
  for (const blob of blobsOf(image)) {
    const { digest, size } = blob.descriptor
    if (await store.blobs.has(digest)) continue
    const { Readable } = await import('node:stream')
    const content = await blob.open(io)
    await store.blobs.put(content instanceof Readable ? content : Readable.from(content), { digest, size }, io)
  }
  const { descriptor } = topOf(image)
  for (const reference of references) {
    if ((await store.images.get(reference))?.digest !== descriptor.digest) await store.images.set(reference, descriptor)
  }
}

/**
 * An image of the store, by name or by the digest of its manifest or index, with all its platforms.
 * @throws IMAGE_NOT_FOUND, IMAGE_INVALID; UNSUPPORTED for indexes in an index
 */
export async function openKept(ref: string, store: Store): Promise<Image> {
  const descriptor = await find(ref, store)
  const bytes = await readAll(store, descriptor.digest)
  const document = parseImageDocument(bytes, `the manifest of ${ref}`, descriptor.mediaType)
  if (document.kind === 'manifest')
    return { platforms: [await openManifest(document.manifest, bytes, descriptor, store)] }
  const { mediaType = descriptor.mediaType, manifests } = document.index
  if (manifests.length === 0) throw new ImgError('IMAGE_INVALID', `the index of ${ref} lists no image`)
  const platforms = await Promise.all(
    manifests.map(async (each) => {
      const inner = await readAll(store, each.digest)
      const what = `the manifest ${each.digest} of ${ref}`
      const parsed = parseImageDocument(inner, what, each.mediaType)
      if (parsed.kind !== 'manifest') throw new ImgError('UNSUPPORTED', `${what} is an index in an index`)
      const opened = await openManifest(parsed.manifest, inner, each, store)
      return each.platform ? { ...opened, platform: each.platform } : opened
    }),
  )
  return { platforms, index: { bytes, descriptor: { ...descriptor, mediaType, size: bytes.length } } }
}

async function openManifest(
  manifest: Manifest,
  bytes: Uint8Array,
  { digest, mediaType }: Pick<Descriptor, 'digest' | 'mediaType'>,
  store: Store,
): Promise<PlatformImage> {
  const configBytes = await readAll(store, manifest.config.digest)
  const config = JSON.parse(Buffer.from(configBytes).toString()) as ImageConfig
  const layers = manifest.layers.map((layer, index) => ({
    descriptor: layer,
    diffId: config.rootfs.diff_ids[index]!,
    open: () => store.blobs.get(layer.digest),
  }))
  return {
    manifest: { bytes, descriptor: { mediaType: manifest.mediaType ?? mediaType, digest, size: bytes.length } },
    config: { bytes: configBytes, descriptor: manifest.config },
    layers,
    platform: platformOf(config),
  }
}

async function find(ref: string, store: Store): Promise<Descriptor> {
  if (isDigest(ref)) return { digest: ref, mediaType: '', size: 0 }
  const reference = parseReference(ref)
  const found = await store.images.get(formatReference(reference))
  if (found) return found
  const known = (await store.images.list()).map(({ name }) => name)
  throw new ImgError('IMAGE_NOT_FOUND', `the store has no image called "${ref}"`, {
    hint: known.length > 0 ? `it has: ${known.slice(0, 10).join(', ')}` : 'build one with -t, import one, or pull one',
  })
}

async function readAll(store: Store, digest: Digest): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of await store.blobs.get(digest)) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
