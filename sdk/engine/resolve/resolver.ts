/** Image references → what a build must know of the image: digest, manifest, config, and layers that are fetched when needed. */
import { ImgError } from '../../error.ts'
import type { Digest } from '../../oci/digest.ts'
import { formatPlatform } from '../../oci/platform.ts'
import { formatReference, parseReference } from '../../oci/reference.ts'
import type { ImageConfig, Manifest, Platform } from '../../oci/types.ts'
import type { BaseLayer, Io } from '../ports.ts'
import { choose } from './choose.ts'
import { layoutSource, parseLayoutReference } from './layout.ts'
import { type ImageStore, namedSource, type Registry } from './named.ts'
import type { ImageSource, Top } from './source.ts'

/** An image for one platform, pinned. */
export interface ResolvedImage {
  /** As asked, in canonical form. */
  readonly ref: string
  /** Of the manifest or index that the reference points to: what to pin. */
  readonly digest: Digest
  /** Of the manifest for the platform; the same as `digest` where there is no index. */
  readonly manifestDigest: Digest
  readonly manifest: Manifest
  readonly config: ImageConfig
  /** From the bottom up. Their blobs have not been fetched. */
  readonly layers: readonly BaseLayer[]
}

/** Resolves references. One resolver asks for each tag once. */
export interface ImageResolver {
  /**
   * @param ref  a reference, with or without `docker-image://`, or `oci-layout://folder[:tag][@digest]`
   * @throws REFERENCE_INVALID, IMAGE_NOT_FOUND, IMAGE_INVALID, DIGEST_MISMATCH, UNSUPPORTED, REGISTRY_UNREACHABLE, REGISTRY_REFUSED
   */
  resolve(ref: string, platform: Platform, io?: Io): Promise<ResolvedImage>
}

/** What a resolver works with. */
export interface ResolverOptions {
  readonly store: ImageStore
  /** The registry at a host: `openRegistries(…).at`. */
  readonly registry: (host: string) => Registry
  /**
   * `default`: for a tag, the store's own image of that name (built, imported or pulled), else the registry is asked.
   * `pull`: for a tag the registry is always asked. `local`: registries are never asked.
   * A digest is taken from the store wherever it is there.
   */
  readonly mode: 'default' | 'pull' | 'local'
}

/** A resolver. */
export function createResolver(options: ResolverOptions): ImageResolver {
  const sources = new Map<string, { source: ImageSource; top: Promise<Top | undefined> }>()
  const images = new Map<string, Promise<ResolvedImage>>()

  function open(ref: string, io: Io | undefined) {
    const known = sources.get(ref)
    if (known) return known
    const source = sourceOf(ref, options)
    const opened = { source, top: source.top(io) }
    sources.set(ref, opened)
    return opened
  }

  async function resolve(ref: string, platform: Platform, io: Io | undefined): Promise<ResolvedImage> {
    const { source, top: pending } = open(ref, io)
    const top = await pending
    if (!top) throw absent(source.name)
    const { manifestDigest, manifest, config } = await choose(source, top, platform, io)
    const layers = await source.layers(manifest.layers, config.rootfs.diff_ids)
    return { ref: canonical(ref), digest: top.digest, manifestDigest, manifest, config, layers }
  }

  return {
    resolve(ref, platform, io) {
      const key = `${formatPlatform(platform)} ${ref}`
      const known = images.get(key)
      if (known) return known
      const image = resolve(ref, platform, io).catch((error: unknown) => {
        // what failed may work the next time
        images.delete(key)
        sources.delete(ref)
        throw withHint(error)
      })
      images.set(key, image)
      return image
    },
  }
}

const layoutScheme = 'oci-layout://'
const plain = (ref: string): string => ref.replace(/^docker-image:\/\//, '')

function canonical(ref: string): string {
  return ref.startsWith(layoutScheme) ? ref : formatReference(parseReference(plain(ref)))
}

function sourceOf(ref: string, { store, registry, mode }: ResolverOptions): ImageSource {
  if (ref.startsWith(layoutScheme)) return layoutSource(parseLayoutReference(ref.slice(layoutScheme.length)))
  const asked = { ref: parseReference(plain(ref)), store, local: mode !== 'pull' }
  return namedSource({ ...asked, registry: mode === 'local' ? undefined : registry })
}

function absent(name: string): ImgError {
  return new ImgError('IMAGE_NOT_FOUND', `${name} is not in the store, and registries may not be asked`, {
    hint: 'pull, build or import it first',
  })
}

/** A tag that cannot be asked for is no reason to take an old image unasked, but there is a way out. */
function withHint(error: unknown): unknown {
  if (!(error instanceof ImgError) || error.code !== 'REGISTRY_UNREACHABLE') return error
  const way = 'name the image by digest (name@sha256:…), or pull it while there is a network, to build without one'
  const { message, at, detail, cause } = error
  return new ImgError(error.code, message, { at, detail, cause, hint: error.hint ? `${error.hint}; or ${way}` : way })
}
