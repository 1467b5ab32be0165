/** Images in archives, as `docker save`, skopeo and exporters write them: an OCI layout, or `manifest.json` with configs and layers. */
import { statSync } from 'node:fs'
import { ImgError } from '../error.ts'
import { type Digest, digestOf, hexOf } from '../oci/digest.ts'
import { encodeManifest } from '../oci/encode.ts'
import { type Descriptor, mediaTypes, type Platform } from '../oci/types.ts'
import { checkBytes, checkLayoutFile, parseConfig, parseImageDocument, parseIndex } from '../oci/validate.ts'
import { type ArchiveFiles, openArchive } from './archive-files.ts'
import { isDockerArchive, layerTypeOf, readSaved, type Saved } from './import-docker.ts'
import { fileAt, readDocument } from './import-files.ts'
import { isLayout } from './import-layout.ts'
import type { Io } from './ports.ts'
import { choose } from './resolve/choose.ts'
import { isCalled, pickManifest } from './resolve/layout.ts'
import type { ResolvedImage } from './resolve/resolver.ts'

/** Where an image is: an archive, and its name or tag in there where it holds several. */
export interface ArchiveReference {
  readonly file: string
  readonly tag?: string
}

/** An image of an archive, and the platforms that its index offers, where it has one. */
export interface ArchivedImage extends Omit<ResolvedImage, 'layers' | 'ref'> {
  readonly platforms?: readonly Platform[]
}

/** The longest beginning of `FILE[:TAG]` that is there as a file; undefined where none is. */
export function parseArchiveReference(text: string): ArchiveReference | undefined {
  for (let end = text.length; end > 0; end = text.lastIndexOf(':', end - 1)) {
    const file = text.slice(0, end)
    if (statSync(file, { throwIfNoEntry: false })?.isFile())
      return { file, ...(end < text.length && { tag: text.slice(end + 1) }) }
  }
  return undefined
}

/**
 * Reads the documents of one image. Its layers are neither unpacked nor checked.
 * @throws IMAGE_NOT_FOUND, IMAGE_INVALID, DIGEST_MISMATCH, and what opening the archive throws
 */
export async function readArchive({ file, tag }: ArchiveReference, platform: Platform, io: Io): Promise<ArchivedImage> {
  const files = await openArchive(file, io)
  if (isLayout(files)) return fromLayout(files, { name: `"${file}"`, tag, platform }, io)
  if (isDockerArchive(files)) return fromSaved(files, `"${file}"`, tag)
  throw new ImgError(
    'IMAGE_INVALID',
    `"${file}" is no image archive: it has neither "oci-layout" nor "manifest.json"`,
    {
      hint: `a root file system becomes an image by imgsdk import ${file} -t NAME`,
    },
  )
}

async function fromLayout(
  files: ArchiveFiles,
  { name, tag, platform }: { name: string; tag: string | undefined; platform: Platform },
  io: Io,
): Promise<ArchivedImage> {
  checkLayoutFile(readDocument(files, 'oci-layout'), `the oci-layout of ${name}`)
  const { manifests } = parseIndex(readDocument(files, 'index.json'), `the index of ${name}`)
  const document = async (descriptor: Descriptor) => {
    const bytes = readDocument(files, `blobs/sha256/${hexOf(descriptor.digest)}`)
    checkBytes(bytes, descriptor, `"${descriptor.digest}" of ${name}`)
    return bytes
  }
  const { digest, mediaType, ...rest } = pickManifest(manifests, tag, name)
  const bytes = await document({ digest, mediaType, ...rest })
  const top = parseImageDocument(bytes, `the manifest of ${name}`, mediaType)
  const image = await choose({ name, document }, { bytes, digest, mediaType }, platform, io)
  if (top.kind !== 'index') return { digest, ...image }
  const offered = top.index.manifests.flatMap((each) => (each.platform ? [each.platform] : []))
  return { digest, ...image, platforms: offered }
}

/** The image as importing the archive would make it. */
function fromSaved(files: ArchiveFiles, name: string, tag: string | undefined): ArchivedImage {
  const { Config, Layers } = pickSaved(readSaved(files), tag, name)
  const bytes = readDocument(files, Config)
  const config = parseConfig(bytes, `the config of ${name}`)
  const { diff_ids: diffIds } = config.rootfs
  if (diffIds.length !== Layers.length)
    throw new ImgError(
      'IMAGE_INVALID',
      `${name} lists ${Layers.length} layers, the config "${Config}" ${diffIds.length}`,
    )
  const layers = Layers.map((path, index) => layerAt(files, path, diffIds[index]!))
  const described = { mediaType: mediaTypes.ociConfig, digest: digestOf(bytes), size: bytes.length }
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config: described, layers } as const
  const digest = digestOf(encodeManifest(manifest))
  return { digest, manifestDigest: digest, manifest, config }
}

/** A layer that is not compressed has its diff ID as digest, so it need not be read. */
function layerAt(files: ArchiveFiles, path: string, diffId: Digest): Descriptor {
  const entry = fileAt(files, path)
  if (!entry) throw new ImgError('IMAGE_INVALID', `the archive lacks the layer "${path}"`, { detail: { path } })
  const mediaType = layerTypeOf(files.start(entry))
  return { mediaType, digest: mediaType === mediaTypes.ociLayer ? diffId : files.digest(entry), size: entry.size }
}

function pickSaved(images: readonly Saved[], tag: string | undefined, name: string): Saved {
  const found =
    tag === undefined ? images : images.filter(({ RepoTags }) => RepoTags.some((given) => isCalled(given, tag)))
  if (found.length > 0 && (tag !== undefined || found.length === 1)) return found[0]!
  const names = images.flatMap(({ RepoTags }) => RepoTags).slice(0, 20)
  const message = tag === undefined ? `${name} holds ${images.length} images` : `${name} holds no image called "${tag}"`
  throw new ImgError('IMAGE_NOT_FOUND', message, {
    hint: names.length > 0 ? `name one after a colon; it has ${names.join(', ')}` : 'imgsdk import takes them all',
  })
}
