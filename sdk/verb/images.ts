/** `import`, `images` and `inspect`: images of the store. */
import type { Readable } from 'node:stream'
import { type ImportedImage, importRootfs as importInto } from '../engine/import.ts'
import { describeImage, type InspectedImage, inspectImage as inspectIn } from '../engine/inspect.ts'
import { type ArchiveReference, parseArchiveReference, readArchive } from '../engine/inspect-archive.ts'
import { createResolver } from '../engine/resolve/index.ts'
import { ImgError } from '../error.ts'
import { parsePlatform } from '../oci/platform.ts'
import type { ContainerConfig, Descriptor, Platform } from '../oci/types.ts'
import { openKept } from './keep.ts'
import { hostPlatform, type VerbOptions, withSession } from './open.ts'

/** How an archive is imported. */
export interface ImportOptions extends VerbOptions {
  /** References for the image. */
  readonly tags?: readonly string[] | undefined
  /** `os/arch[/variant]`. @default this machine's */
  readonly platform?: string | undefined
  /** What a container starts with. */
  readonly config?: ContainerConfig | undefined
  /** Seconds: when the image was made. */
  readonly sourceDateEpoch?: number | undefined
}

/**
 * Makes an image of a root file system archive (plain, gzip, xz, zstd or bzip2), or takes in the images of a `docker save` archive
 * or an OCI layout. It can be used as FROM at once.
 *
 * @param source  a path, or the bytes
 */
export async function importRootfs(
  source: string | Readable,
  options: ImportOptions = {},
): Promise<readonly ImportedImage[]> {
  return withSession(options, ({ store, io }) => {
    const { tags, config, sourceDateEpoch } = options
    return importInto(source, { store, platform: platformOf(options.platform), tags, config, sourceDateEpoch }, io)
  })
}

/** An image of the store. */
export interface ListedImage {
  readonly name: string
  readonly manifest: Descriptor
  /** The first of them. */
  readonly platform: Platform
  readonly platforms: readonly Platform[]
  /** Of the first platform. */
  readonly layers: number
  /** Bytes of all layers of all platforms, as they are stored. */
  readonly size: number
}

/** The images that the store has names for, sorted by name. */
export async function listImages(options: VerbOptions = {}): Promise<ListedImage[]> {
  return withSession(options, async ({ store }) => {
    const named = await store.images.list()
    return Promise.all(
      named.map(async ({ name, descriptor }) => {
        const image = await openKept(name, store)
        const { layers, platform } = image.platforms[0]!
        const platforms = image.platforms.map((each) => each.platform).filter(({ os }) => os !== 'unknown')
        const blobs = new Map(
          image.platforms.flatMap((each) => each.layers.map((layer) => [layer.descriptor.digest, layer])),
        )
        const size = [...blobs.values()].reduce((sum, layer) => sum + layer.descriptor.size, 0)
        return { name, manifest: descriptor, platform, platforms, layers: layers.length, size }
      }),
    )
  })
}

/** An image archive, as a file on this machine. */
const archiveScheme = 'archive://'

/**
 * What is to be known of an image: of the store, of a registry, of a layout (`oci-layout://folder[:tag]`), or of an archive
 * (`archive://file[:tag]`). No layer is fetched or unpacked.
 */
export async function inspectImage(
  ref: string,
  options: VerbOptions & { platform?: string | undefined } = {},
): Promise<InspectedImage> {
  return withSession(options, async ({ store, registries, io }) => {
    const archive = ref.startsWith(archiveScheme) ? archiveOf(ref.slice(archiveScheme.length)) : undefined
    if (archive) {
      return describeImage({ ref, ...(await readArchive(archive, platformOf(options.platform), io)) }, store)
    }
    const resolver = createResolver({ store, registry: (host) => registries.at(host), mode: 'default' })
    return inspectIn(ref, platformOf(options.platform), { store, resolver }, io)
  })
}

function archiveOf(text: string): ArchiveReference {
  const found = parseArchiveReference(text)
  if (found) return found
  throw new ImgError('IMAGE_NOT_FOUND', `there is no file "${text}"`)
}

function platformOf(text: string | undefined): Platform {
  return text === undefined ? hostPlatform() : parsePlatform(text, hostPlatform())
}
