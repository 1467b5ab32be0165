/** An image as one tar archive: an OCI layout, or one that `docker load` takes as well. */
import type { Io } from '../engine/ports.ts'
import { ImgError } from '../error.ts'
import { type Digest, hexOf } from '../oci/digest.ts'
import { encodeIndex } from '../oci/encode.ts'
import { familiar, parseReference, type Reference } from '../oci/reference.ts'
import { type Descriptor, mediaTypes } from '../oci/types.ts'
import { type ArchiveFile, packArchive, textFile } from './archive.ts'
import { type Destination, writePieces } from './atomic.ts'
import { readBlob } from './blob.ts'
import { type Blob, blobsOf, type Image, type PlatformImage, topOf } from './image.ts'
import { nameDescriptor } from './naming.ts'
import { step } from './step.ts'

/** What an archive can be told. */
export interface TarballOptions {
  /** References that the image is known by. @default none */
  readonly names?: readonly string[] | undefined
  /** Layers that the reader of a docker archive has, so that their blobs may be left out. */
  readonly without?: ReadonlySet<Digest> | undefined
}

/** The text of `oci-layout`. Source: image-spec, image-layout.md. */
export const layoutMark = '{"imageLayoutVersion":"1.0.0"}'

/**
 * Writes an OCI layout as a tar archive (`type=oci`). Entries are sorted and undated: one image, one archive.
 *
 * @throws EXPORT_FAILED, DISK_FULL, BUILD_CANCELLED, DIGEST_MISMATCH, REFERENCE_INVALID; nothing is left then
 */
export async function writeOci(image: Image, dest: Destination, options: TarballOptions, io: Io): Promise<void> {
  const files = [...blobFiles(blobsOf(image), io), ...layoutFiles(image, options.names)]
  await exporting('OCI archive', dest, io, () => writePieces(dest, packArchive(sorted(files)), io))
}

/**
 * Writes an archive for `docker load` (`type=docker`): an OCI layout with `manifest.json` and `repositories` beside it.
 *
 * Layers are stored as the image has them. Uncompressed ones load fastest: a daemon unpacks each layer with one thread, and
 * for a local hand-over compressing costs more than the bytes that it saves.
 *
 * @throws as writeOci; UNSUPPORTED for an image of several platforms
 * @source docker image-spec v1.2: Combined Image JSON + Filesystem Changeset Format
 */
export async function writeDocker(image: Image, dest: Destination, options: TarballOptions, io: Io): Promise<void> {
  await exporting('docker archive', dest, io, () => writePieces(dest, packDocker(image, options, io), io))
}

/** The bytes of what writeDocker writes. */
export function packDocker(image: Image, options: TarballOptions, io: Io): AsyncGenerator<Uint8Array> {
  const [platform, ...others] = image.platforms
  if (!platform || others.length > 0 || image.index) {
    const has = image.index ? 'is under an index' : `has ${image.platforms.length}`
    throw new ImgError('UNSUPPORTED', `a docker archive holds one platform; the image ${has}`, {
      hint: image.index ? 'build without BUILDKIT_MULTI_PLATFORM, or write type=oci' : 'write type=oci',
    })
  }
  const blobs = blobsOf(image).filter(({ descriptor }) => !options.without?.has(descriptor.digest))
  const tags = (options.names ?? []).map((name) => parseReference(name)).filter(({ tag }) => tag !== undefined)
  return packArchive(
    sorted([
      ...blobFiles(blobs, io),
      ...layoutFiles(image, options.names),
      textFile('manifest.json', dockerManifest(platform, tags)),
      textFile('repositories', repositories(platform, tags)),
    ]),
  )
}

/** Where a blob lies in a layout. */
export function blobPath({ digest }: Descriptor): string {
  return `blobs/sha256/${hexOf(digest)}`
}

function exporting(what: string, dest: Destination, io: Io, work: () => Promise<void>): Promise<void> {
  const shown = typeof dest === 'string' ? dest : 'a stream'
  return step(io, `export ${shown}`, `exporting ${what} to ${shown}`, work)
}

function blobFiles(blobs: readonly Blob[], io: Io): ArchiveFile[] {
  return blobs.map((blob) => ({
    name: blobPath(blob.descriptor),
    size: blob.descriptor.size,
    read: () => readBlob(blob, io, `exporting ${blob.descriptor.digest}`),
  }))
}

function layoutFiles(image: Image, names: readonly string[] = []): ArchiveFile[] {
  const manifests = nameDescriptor(describe(image), names)
  const index = encodeIndex({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }, '')
  const folders = ['blobs/', 'blobs/sha256/'].map((name) => ({ name, size: 0, read: () => [] }))
  return [...folders, textFile('index.json', index), textFile('oci-layout', layoutMark)]
}

/** The descriptor that stands in `index.json`: with the platform, where there is just one. */
export function describe(image: Image): Descriptor {
  const { descriptor } = topOf(image)
  return image.index ? descriptor : { ...descriptor, platform: image.platforms[0]!.platform }
}

function dockerManifest({ config, layers }: PlatformImage, tags: readonly Reference[]): string {
  const RepoTags = tags.map(({ digest: _, ...reference }) => familiar(reference))
  const Layers = layers.map(({ descriptor }) => blobPath(descriptor))
  return JSON.stringify([{ Config: blobPath(config.descriptor), RepoTags: tags.length > 0 ? RepoTags : null, Layers }])
}

/** Repository → tag → top layer: what daemons before 1.10 read. */
function repositories({ layers }: PlatformImage, tags: readonly Reference[]): string {
  const table = new Map<string, Record<string, string>>()
  const top = layers.at(-1)
  for (const { registry, repository, tag } of top ? tags : []) {
    const name = familiar({ registry, repository })
    table.set(name, { ...table.get(name), [tag!]: hexOf(top!.diffId) })
  }
  return JSON.stringify(Object.fromEntries(table))
}

function sorted(files: readonly ArchiveFile[]): readonly ArchiveFile[] {
  return [...files].sort((a, b) => (a.name < b.name ? -1 : 1))
}
