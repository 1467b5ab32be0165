/** Takes what others made into the store: a root file system as an archive, or an image as an archive or a layout. */
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { ImgError, wrapError } from '../error.ts'
import { nearest, typed } from '../instruction/shape/nearest.ts'
import { assemble } from '../oci/assemble.ts'
import { epochTime } from '../oci/history.ts'
import { canonicalName } from '../oci/reference.ts'
import { type ContainerConfig, type Descriptor, mediaTypes, type Platform } from '../oci/types.ts'
import { openContext } from './context/context.ts'
import { importDockerArchive, isDockerArchive } from './import-docker.ts'
import { importLayout, isLayout } from './import-layout.ts'
import { type Received, receive } from './import-receive.ts'
import { openTree, type SourcedIndex } from './layer/tree.ts'
import type { Io, Layer, Tree } from './ports.ts'
import type { Store } from './store/store.ts'

/** What is needed of a store. */
export type ImportStore = Pick<Store, 'blobs' | 'images' | 'layers' | 'temporary'>

/** What importing can be told. */
export interface ImportOptions {
  readonly store: ImportStore
  /** What a root file system is for; which of several images in an incomplete archive is meant. */
  readonly platform: Platform
  /** References for the image. @default the names that an image archive gives, none for a root file system */
  readonly tags?: readonly string[] | undefined
  /** What a container starts with; members replace those of an imported image. */
  readonly config?: ContainerConfig | undefined
  /** Seconds: when the image was made. @default the time of its newest file, so that one archive makes one image */
  readonly sourceDateEpoch?: number | undefined
}

/** An image that is now in the store. */
export interface ImportedImage {
  /** Its names in the store, in canonical form. */
  readonly names: readonly string[]
  /** Of the manifest, or of the index where all its platforms were there. */
  readonly manifest: Descriptor
  /** From the bottom up; of an index, those of the first platform. */
  readonly layers: readonly Descriptor[]
}

/**
 * Imports a tar archive, plain or compressed with gzip, xz, zstd or bzip2 as its bytes say, or an OCI layout directory.
 *
 * The archive of a root file system becomes the one layer of a new image, byte for byte. What `docker save`, `skopeo copy` or an
 * exporter wrote is recognised and taken as the images that it holds. Names are set last, so a failed import leaves none.
 *
 * @param source  a path, or the bytes
 * @throws LAYER_INVALID   not an archive, or one that no layer can be: damaged, names that mean deletions, links to nothing
 * @throws PATH_ESCAPES    an entry that leads out of the root
 * @throws QUOTA           decompressing it gives absurdly much
 * @throws IMAGE_INVALID, DIGEST_MISMATCH, REFERENCE_INVALID, USAGE, DISK_FULL, BUILD_CANCELLED, UNSUPPORTED
 */
export async function importRootfs(
  source: string | Readable,
  options: ImportOptions,
  io: Io,
): Promise<readonly ImportedImage[]> {
  const tags = (options.tags ?? []).map(canonicalName)
  if (typeof source === 'string' && (await isDirectory(source))) return importFolder(source, { ...options, tags }, io)
  const temporary = await options.store.temporary()
  const input = typeof source === 'string' ? createReadStream(source) : source
  // Whoever waits for bytes does not look at the signal.
  const stop = () => void input.destroy(new ImgError('BUILD_CANCELLED', 'the import was interrupted'))
  io.signal.addEventListener('abort', stop)
  try {
    const path = join(temporary.path, 'archive.tar')
    const received = await receive(input, path, io)
    const tree = await openTree([layerOf({ ...received.index, source: { tar: path } })], io)
    const images = await importImages(tree, { ...options, tags }, io)
    if (images) return images
    refuseMarks(received.index)
    return [await importFiles(path, received, { ...options, tags }, io)]
  } catch (error) {
    throw explain(error, typeof source === 'string' ? source : 'the input')
  } finally {
    io.signal.removeEventListener('abort', stop)
    await temporary.remove()
  }
}

type Options = ImportOptions & { readonly tags: readonly string[] }

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch(async (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw wrapError(cause)
    const near = nearest(basename(path), await readdir(dirname(path)).catch(() => []), typed)
    const hint = near && `did you mean ${join(dirname(path), near)}?`
    throw new ImgError('USAGE', `there is no file or folder "${path}"`, { hint, detail: { path }, cause })
  })
  return found.isDirectory()
}

async function importFolder(folder: string, options: Options, io: Io): Promise<readonly ImportedImage[]> {
  const tree = openContext(folder)
  try {
    const images = await importImages(tree, options, io)
    if (images) return images
    throw new ImgError('IMAGE_INVALID', `"${folder}" is a directory, but not an OCI layout: it has no "oci-layout"`, {
      hint: `to import its files: tar -C ${folder} -c . | imgsdk import -`,
      detail: { path: folder },
    })
  } finally {
    tree.close()
  }
}

/** The images of an archive or a layout; undefined where it is neither. */
async function importImages(tree: Tree, options: Options, io: Io): Promise<readonly ImportedImage[] | undefined> {
  if (isLayout(tree)) return importLayout(tree, options, io)
  if (isDockerArchive(tree)) return importDockerArchive(tree, options, io)
  return undefined
}

async function importFiles(path: string, { index, size }: Received, options: Options, io: Io): Promise<ImportedImage> {
  const { store, platform, config = {}, tags } = options
  if (index.entries.size === 0) throw new ImgError('LAYER_INVALID', 'the archive holds no files')
  const layer = { mediaType: mediaTypes.ociLayer, digest: index.diffId, size }
  const documents = assemble({
    config: {
      ...platform,
      config,
      rootfs: { type: 'layers', diff_ids: [] },
      history: [{ created_by: 'imgsdk import', comment: 'imported from an archive' }],
    },
    layers: [
      { descriptor: layer, diffId: index.diffId, created: epochTime(options.sourceDateEpoch ?? newestIn(index)) },
    ],
  })
  if (!(await store.blobs.has(index.diffId))) await store.blobs.take(path, index.diffId)
  for (const { bytes, descriptor } of [documents.config, documents.manifest])
    await store.blobs.put(bytes, descriptor, io)
  const manifest = documents.manifest.descriptor
  for (const name of tags) await store.images.set(name, manifest)
  return { names: tags, manifest, layers: [layer] }
}

function newestIn({ entries }: Received['index']): number {
  let newest = 0
  for (const { mtime } of entries.values()) newest = Math.max(newest, mtime)
  return newest
}

/** A file whose name means a deletion in a layer would be lost, and would hide nothing: there is nothing below. */
function refuseMarks({ whiteouts, opaque }: Received['index']): void {
  const [path] = [...whiteouts, ...[...opaque].map((directory) => `${directory}/.wh..opq`)]
  if (path === undefined) return
  throw new ImgError('LAYER_INVALID', `the archive marks "${path}" as deleted (a name that starts with ".wh.")`, {
    hint: 'that is one layer of an image, not a root file system: import the whole image, or leave such names out',
    detail: { path },
  })
}

function layerOf(index: SourcedIndex): Layer {
  const none = () => Promise.reject(new ImgError('INTERNAL', 'an archive that is being imported is no layer yet'))
  return { id: 'import', index: async () => index, directory: none, tar: none }
}

function explain(error: unknown, source: string): unknown {
  if (!(error instanceof ImgError) || error.code !== 'LAYER_INVALID' || error.hint) return error
  const { message, detail, cause } = error
  const hint = 'import takes a tar archive of a root file system, or an image archive, plain or compressed'
  return new ImgError('LAYER_INVALID', `"${source}" cannot be imported: ${message}`, { hint, detail, cause })
}
