/** Imports the images of an OCI layout, which may be a directory or an archive. Source: image-spec, image-layout.md. */
import { ImgError } from '../error.ts'
import { type Digest, digestOf, hexOf } from '../oci/digest.ts'
import { encodeConfig, encodeManifest } from '../oci/encode.ts'
import { formatPlatform } from '../oci/platform.ts'
import { rankPlatforms } from '../oci/platform-match.ts'
import { formatReference, parseReference } from '../oci/reference.ts'
import { type Descriptor, type ImageIndex, type Manifest, mediaTypes } from '../oci/types.ts'
import {
  checkBytes,
  checkConfigOf,
  checkImageManifest,
  checkLayoutFile,
  parseConfig,
  parseImageDocument,
  parseIndex,
} from '../oci/validate.ts'
import type { ImportedImage, ImportOptions } from './import.ts'
import { changed, checkLayers, type Files, fileAt, namesFor, putFile, readDocument } from './import-files.ts'
import type { Io, Tree } from './ports.ts'

/** Whether the files are those of a layout. */
export function isLayout(tree: Files): boolean {
  return ['oci-layout', 'index.json'].every((path) => fileAt(tree, path)) && tree.entry('blobs')?.type === 'directory'
}

/** Imports every image that the layout's index names. */
export async function importLayout(tree: Tree, options: ImportOptions, io: Io): Promise<readonly ImportedImage[]> {
  checkLayoutFile(readDocument(tree, 'oci-layout'), 'oci-layout')
  const { manifests } = parseIndex(readDocument(tree, 'index.json'), 'index.json')
  const byDigest = new Map<Digest, Descriptor[]>()
  for (const each of manifests.filter(isImage)) byDigest.set(each.digest, [...(byDigest.get(each.digest) ?? []), each])
  if (byDigest.size === 0) throw new ImgError('IMAGE_INVALID', 'the layout names no image in its index.json')
  const images = namesFor([...byDigest.values()], (descriptors) => descriptors.flatMap(nameOf), options)
  const imported: ImportedImage[] = []
  for (const { image, names } of images) {
    const { annotations: _, ...descriptor } = image[0]!
    const { manifest, layers } = await new LayoutImport(tree, options, io).take(descriptor)
    imported.push({ names, manifest, layers })
  }
  for (const { names, manifest } of imported) {
    for (const name of names) await options.store.images.set(name, manifest)
  }
  return imported
}

type Taken = Pick<ImportedImage, 'manifest' | 'layers'>

/** Copies one image: what a document refers to comes before it. */
class LayoutImport {
  readonly #tree: Tree
  readonly #options: ImportOptions
  readonly #io: Io

  constructor(tree: Tree, options: ImportOptions, io: Io) {
    this.#tree = tree
    this.#options = options
    this.#io = io
  }

  async take(descriptor: Descriptor, depth = 0): Promise<Taken> {
    const what = `the manifest ${descriptor.digest}`
    const bytes = this.#read(descriptor, what)
    const document = parseImageDocument(bytes, what, descriptor.mediaType)
    if (depth > 4) throw new ImgError('IMAGE_INVALID', 'the indexes of the layout are nested above 4 levels')
    if (document.kind === 'index') return this.#index(descriptor, bytes, document.index, depth)
    return this.#manifest(descriptor, bytes, document.manifest)
  }

  /** An index of which some manifests are missing, as `docker save` writes them, is left for the image that fits best. */
  async #index(descriptor: Descriptor, bytes: Uint8Array, index: ImageIndex, depth: number): Promise<Taken> {
    const { platform, store, config } = this.#options
    const there = index.manifests.filter(({ digest }) => this.#find(digest))
    const isWhole = there.length === index.manifests.length && config === undefined
    const [best] = rankPlatforms(platform, there.filter(isImage), (each) => each.platform)
    if (isWhole && there.length > 0) {
      const taken = new Map<Digest, Taken>()
      for (const each of there) taken.set(each.digest, await this.take(each, depth + 1))
      await store.blobs.put(bytes, descriptor, this.#io)
      return { manifest: descriptor, layers: taken.get((best ?? there[0]!).digest)!.layers }
    }
    if (!best) throw new ImgError('IMAGE_INVALID', `the layout has no image for ${formatPlatform(platform)}`)
    const message = `of ${descriptor.digest} only the image for ${formatPlatform(best.platform ?? platform)} is imported`
    this.#io.emit({ type: 'warning', message })
    return this.take(best, depth + 1)
  }

  async #manifest(descriptor: Descriptor, bytes: Uint8Array, manifest: Manifest): Promise<Taken> {
    const { store, config: changes } = this.#options
    const what = `the image ${descriptor.digest}`
    const isArtifact = !configTypes.includes(manifest.config.mediaType) || manifest.layers.some(isAttestation)
    const configBytes = this.#read(manifest.config, `the config of ${what}`)
    for (const layer of manifest.layers) await this.#blob(layer)
    if (isArtifact) return this.#put({ descriptor, bytes, configBytes, manifest })
    checkImageManifest(manifest, what)
    const config = parseConfig(configBytes, `the config of ${what}`)
    checkConfigOf(manifest, config, what)
    await checkLayers(manifest.layers, config, store, this.#io)
    if (changes === undefined) return this.#put({ descriptor, bytes, configBytes, manifest })
    const newConfig = encodeConfig(changed(config, changes))
    const described = { ...manifest.config, digest: digestOf(newConfig), size: newConfig.length }
    const newBytes = encodeManifest({ ...manifest, config: described })
    const newDescriptor = { ...descriptor, digest: digestOf(newBytes), size: newBytes.length }
    return this.#put({ descriptor: newDescriptor, bytes: newBytes, configBytes: newConfig, manifest })
  }

  async #put(image: {
    readonly descriptor: Descriptor
    readonly bytes: Uint8Array
    readonly configBytes: Uint8Array
    readonly manifest: Manifest
  }): Promise<Taken> {
    const { blobs } = this.#options.store
    await blobs.put(image.configBytes, { digest: digestOf(image.configBytes) }, this.#io)
    await blobs.put(image.bytes, image.descriptor, this.#io)
    return { manifest: image.descriptor, layers: image.manifest.layers }
  }

  async #blob(descriptor: Descriptor): Promise<void> {
    const entry = this.#find(descriptor.digest)
    if (!entry) throw new ImgError('IMAGE_INVALID', `the layout lacks the blob ${descriptor.digest}`)
    await putFile(this.#tree, entry, this.#options.store, descriptor, this.#io)
  }

  #find(digest: Digest) {
    return fileAt(this.#tree, pathOf(digest))
  }

  #read(descriptor: Descriptor, what: string): Uint8Array {
    const bytes = readDocument(this.#tree, pathOf(descriptor.digest))
    checkBytes(bytes, descriptor, what)
    return bytes
  }
}

const configTypes: readonly string[] = [mediaTypes.ociConfig, mediaTypes.dockerConfig]
const imageTypes: readonly string[] = [
  mediaTypes.ociManifest,
  mediaTypes.dockerManifest,
  mediaTypes.ociIndex,
  mediaTypes.dockerIndex,
]

function isImage({ mediaType, platform }: Descriptor): boolean {
  return imageTypes.includes(mediaType) && platform?.os !== 'unknown'
}

function isAttestation({ mediaType }: Descriptor): boolean {
  return mediaType === 'application/vnd.in-toto+json'
}

/** The full name where a tool wrote one; a bare tag names no image. */
function nameOf({ annotations }: Descriptor): readonly string[] {
  const name = annotations?.['io.containerd.image.name'] ?? annotations?.['org.opencontainers.image.ref.name'] ?? ''
  if (!/[/:]/.test(name)) return []
  try {
    return [formatReference(parseReference(name))]
  } catch {
    return []
  }
}

function pathOf(digest: Digest): string {
  return `blobs/sha256/${hexOf(digest)}`
}
