/** From the document under a name to the manifest and config for one platform. */
import { ImgError } from '../../error.ts'
import { type Digest, digestOf } from '../../oci/digest.ts'
import { formatPlatform } from '../../oci/platform.ts'
import { matchPlatform, rankPlatforms } from '../../oci/platform-match.ts'
import {
  type Descriptor,
  type ImageConfig,
  type ImageIndex,
  type Manifest,
  mediaTypes,
  type Platform,
} from '../../oci/types.ts'
import { checkConfigOf, checkImageManifest, parseConfig, parseImageDocument } from '../../oci/validate.ts'
import type { Io } from '../ports.ts'
import type { ImageSource, Top } from './source.ts'

/** An image for one platform. */
export interface Chosen {
  readonly manifestDigest: Digest
  readonly manifest: Manifest
  readonly config: ImageConfig
}

/** What is read of a source here. */
type Documents = Pick<ImageSource, 'name' | 'document'>

/** Indexes in indexes: more levels than this are a trap. */
const deepest = 4

/**
 * Reads what a name points to and, through indexes, the best manifest for the platform. A manifest that the name points to itself is
 * taken whatever its platform.
 *
 * @throws IMAGE_NOT_FOUND  no image for the platform; the message lists those that there are
 * @throws IMAGE_INVALID, UNSUPPORTED, DIGEST_MISMATCH
 * @source D10.5, D10.8; image-spec, image-index.md
 */
export async function choose(source: Documents, top: Top, platform: Platform, io?: Io): Promise<Chosen> {
  const what = `the manifest of ${source.name}`
  const document = parseImageDocument(top.bytes, what, top.mediaType)
  if (document.kind === 'manifest') return readImage(source, document.manifest, top.digest, io)
  const found = await search(source, document.index, platform, 1, io)
  if (found) return found
  throw new ImgError('IMAGE_NOT_FOUND', `${source.name} has no image for ${formatPlatform(platform)}`, {
    hint: offer(document.index),
  })
}

/** The best fitting entry that proves to be what it says; entries without a platform are looked into. */
async function search(
  source: Documents,
  index: ImageIndex,
  platform: Platform,
  depth: number,
  io?: Io,
): Promise<Chosen | undefined> {
  if (depth > deepest)
    throw new ImgError('IMAGE_INVALID', `${source.name} is invalid: indexes are nested above ${deepest} levels`)
  const manifests = index.manifests.filter(({ mediaType }) => imageTypes.includes(mediaType))
  for (const descriptor of rankPlatforms(platform, manifests, ({ platform: offered }) => offered)) {
    const bytes = await source.document(descriptor, io)
    const document = parseImageDocument(
      bytes,
      `a manifest of ${source.name} (${descriptor.digest})`,
      descriptor.mediaType,
    )
    if (document.kind === 'index') {
      const found = await search(source, document.index, platform, depth + 1, io)
      if (found) return found
      continue
    }
    // what is no container image says so by its config, and may stand beside images
    if (descriptor.platform === undefined && !configTypes.includes(document.manifest.config.mediaType)) continue
    const image = await readImage(source, document.manifest, descriptor.digest, io)
    if (descriptor.platform !== undefined || matchPlatform(platform, image.config) >= 0) return image
  }
  return undefined
}

async function readImage(source: Documents, manifest: Manifest, manifestDigest: Digest, io?: Io): Promise<Chosen> {
  checkImageManifest(manifest, source.name)
  const bytes = await source.document(manifest.config, io)
  const config = parseConfig(bytes, `the config of ${source.name}`)
  checkConfigOf(manifest, config, source.name)
  return { manifestDigest, manifest, config }
}

const imageTypes: readonly string[] = [
  mediaTypes.ociManifest,
  mediaTypes.dockerManifest,
  mediaTypes.ociIndex,
  mediaTypes.dockerIndex,
]
const configTypes: readonly string[] = [mediaTypes.ociConfig, mediaTypes.dockerConfig]

/** The platforms that there are; attestations go under `unknown/unknown`. */
function offer({ manifests }: ImageIndex): string | undefined {
  const names = manifests.flatMap(({ platform }: Descriptor) => (platform ? [formatPlatform(platform)] : []))
  const known = [...new Set(names)].filter((name) => name !== 'unknown/unknown' && name !== 'unknown').slice(0, 20)
  return known.length === 0 ? undefined : `it has ${known.join(', ')}`
}

/** A document as the top of an image. */
export function topOf(bytes: Uint8Array, mediaType?: string): Top {
  return { bytes, digest: digestOf(bytes), mediaType }
}
