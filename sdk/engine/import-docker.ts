/** Imports the images of a docker archive: `manifest.json`, configs and layers. Source: docker image-spec v1.2. */
import { ImgError } from '../error.ts'
import { digestOf } from '../oci/digest.ts'
import { parseJson } from '../oci/document.ts'
import { encodeConfig, encodeManifest } from '../oci/encode.ts'
import { formatReference, parseReference } from '../oci/reference.ts'
import { type Descriptor, mediaTypes } from '../oci/types.ts'
import { parseConfig } from '../oci/validate.ts'
import type { ImportedImage, ImportOptions } from './import.ts'
import { changed, checkLayers, type Files, fileAt, namesFor, putFile, readDocument } from './import-files.ts'
import type { Io, Tree } from './ports.ts'

/** One image of `manifest.json`. */
export interface Saved {
  readonly Config: string
  readonly RepoTags: readonly string[]
  readonly Layers: readonly string[]
}

/** Whether the files are those of a docker archive; a root file system may have a `manifest.json` of another kind. */
export function isDockerArchive(tree: Files): boolean {
  const entry = fileAt(tree, 'manifest.json')
  if (!entry || tree.entry('usr') || tree.entry('etc')) return false
  try {
    return readSaved(tree).length > 0
  } catch {
    return false
  }
}

/** Imports every image of the archive. Configs stay byte for byte, so the image IDs are docker's. */
export async function importDockerArchive(
  tree: Tree,
  options: ImportOptions,
  io: Io,
): Promise<readonly ImportedImage[]> {
  const images = namesFor(readSaved(tree), ({ RepoTags }) => RepoTags.map(canonical), options)
  const imported: ImportedImage[] = []
  for (const { image, names } of images) imported.push({ names, ...(await take(tree, image, options, io)) })
  for (const { names, manifest } of imported) {
    for (const name of names) await options.store.images.set(name, manifest)
  }
  return imported
}

async function take(tree: Tree, { Config, Layers }: Saved, { store, config: changes }: ImportOptions, io: Io) {
  const given = readDocument(tree, Config)
  const config = parseConfig(given, `the config "${Config}"`)
  if (config.rootfs.diff_ids.length !== Layers.length) {
    const count = config.rootfs.diff_ids.length
    throw new ImgError(
      'IMAGE_INVALID',
      `"manifest.json" lists ${Layers.length} layers, the config "${Config}" ${count}`,
    )
  }
  const layers: Descriptor[] = []
  for (const path of Layers) {
    const entry = fileAt(tree, path)
    if (!entry) throw new ImgError('IMAGE_INVALID', `the archive lacks the layer "${path}"`, { detail: { path } })
    const { digest, size } = await putFile(tree, entry, store, {}, io)
    const [start = new Uint8Array()] = tree.read(entry)
    layers.push({ mediaType: layerTypeOf(start), digest, size })
  }
  await checkLayers(layers, config, store, io)
  const bytes = changes === undefined ? given : encodeConfig(changed(config, changes))
  const described = { mediaType: mediaTypes.ociConfig, digest: digestOf(bytes), size: bytes.length }
  const manifest = encodeManifest({ schemaVersion: 2, mediaType: mediaTypes.ociManifest, config: described, layers })
  const descriptor = { mediaType: mediaTypes.ociManifest, digest: digestOf(manifest), size: manifest.length }
  await store.blobs.put(bytes, described, io)
  await store.blobs.put(manifest, descriptor, io)
  return { manifest: descriptor, layers }
}

const magics: readonly (readonly [magic: string, mediaType: string])[] = [
  ['1f8b', mediaTypes.ociLayerGzip],
  ['28b52ffd', mediaTypes.ociLayerZstd],
]

/** The media type of a layer by its first bytes: whether it is what it seems to be says checking it. */
export function layerTypeOf(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 4)).toString('hex')
  return magics.find(([magic]) => start.startsWith(magic))?.[1] ?? mediaTypes.ociLayer
}

/**
 * The images that `manifest.json` lists.
 * @throws IMAGE_INVALID
 */
export function readSaved(tree: Files): readonly Saved[] {
  const what = 'manifest.json'
  const list = parseJson(readDocument(tree, what), what)
  if (Array.isArray(list) && list.every(isSaved))
    return list.map((saved) => ({ ...saved, RepoTags: saved.RepoTags ?? [] }))
  throw new ImgError('IMAGE_INVALID', `"${what}" is not a list of images with Config, RepoTags and Layers`)
}

function isSaved(value: unknown): value is Saved {
  const { Config, RepoTags = [], Layers } = (value ?? {}) as Partial<Record<keyof Saved, unknown>>
  return typeof Config === 'string' && isTexts(Layers) && (RepoTags === null || isTexts(RepoTags))
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}

function canonical(name: string): string {
  return formatReference(parseReference(name))
}
