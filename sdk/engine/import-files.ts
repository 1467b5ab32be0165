/** Files of an image archive or layout, as the readers of both need them. */
import { Readable } from 'node:stream'
import { ImgError } from '../error.ts'
import type { Digest } from '../oci/digest.ts'
import { documentLimit } from '../oci/document.ts'
import type { ContainerConfig, Descriptor, ImageConfig } from '../oci/types.ts'
import type { ImportOptions, ImportStore } from './import.ts'
import type { Entry, Io, Tree } from './ports.ts'
import { follow } from './tree.ts'

/** What is needed of the files of an archive or layout. */
export type Files = Pick<Tree, 'entry' | 'read'>

/** The regular file at a path, links followed inside the archive; undefined where there is none. */
export function fileAt(tree: Files, path: string): Entry | undefined {
  const found = tree.entry(follow(tree, path, { last: true }))
  return found?.type === 'file' ? found : undefined
}

/**
 * A whole document.
 * @throws IMAGE_INVALID  it is missing, or too long to be one
 */
export function readDocument(tree: Files, path: string): Uint8Array {
  const entry = fileAt(tree, path)
  if (!entry) throw new ImgError('IMAGE_INVALID', `the image has no "${path}"`, { detail: { path } })
  if (entry.size > documentLimit) {
    throw new ImgError('IMAGE_INVALID', `"${path}" has ${entry.size} bytes; at most ${documentLimit}`, {
      detail: { path },
    })
  }
  return Buffer.concat([...tree.read(entry)])
}

/** Puts a file into the store. `expected` is checked on the way. */
export function putFile(
  tree: Files,
  entry: Entry,
  { blobs }: ImportStore,
  expected: { digest?: Digest; size?: number },
  io: Io,
): Promise<{ digest: Digest; size: number }> {
  return blobs.put(Readable.from(tree.read(entry), { objectMode: false }), expected, io)
}

/**
 * Checks that each layer is what the config says: decompressed, its bytes have the diff ID.
 * @throws DIGEST_MISMATCH, LAYER_INVALID
 */
export async function checkLayers(
  layers: readonly Descriptor[],
  { rootfs }: ImageConfig,
  { blobs, layers: store }: ImportStore,
  io: Io,
): Promise<void> {
  await Promise.all(
    layers.map(async (descriptor, index) => {
      const open = () => blobs.get(descriptor.digest)
      const layer = await store.base({ diffId: rootfs.diff_ids[index]!, descriptor, open })
      await layer.index(io)
    }),
  )
}

/** The config with the members that the caller wants otherwise. */
export function changed(config: ImageConfig, changes: ContainerConfig | undefined): ImageConfig {
  return changes === undefined ? config : { ...config, config: { ...config.config, ...changes } }
}

/**
 * The names of each image: the tags asked for, or those that it comes with.
 * @throws USAGE  tags are given, but there are several images
 */
export function namesFor<T>(
  images: readonly T[],
  given: (image: T) => readonly string[],
  { tags = [] }: ImportOptions,
) {
  if (tags.length === 0) return images.map((image) => ({ image, names: given(image) }))
  if (images.length === 1) return [{ image: images[0]!, names: tags }]
  const known = images.flatMap(given)
  throw new ImgError('USAGE', `the archive holds ${images.length} images, which cannot all be "${tags[0]}"`, {
    hint: `import it without a tag: ${known.length > 0 ? `they are called ${known.join(', ')}` : 'they go by their digests'}`,
  })
}
