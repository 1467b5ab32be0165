/** Pushes an image to registries, sending only what they lack. */
import type { Io } from '../engine/ports.ts'
import type { RegistryClient } from '../engine/registry/client.ts'
import type { Registries } from '../engine/registry/registries.ts'
import { ImgError } from '../error.ts'
import type { Document } from '../oci/assemble.ts'
import type { Digest } from '../oci/digest.ts'
import { familiar, parseReference, type Reference } from '../oci/reference.ts'
import { eachLimited } from './each.ts'
import { type Image, type ImageLayer, topOf } from './image.ts'
import { step } from './step.ts'

const uploadsAtOnce = 4

/** What pushing can be told. */
export interface PushOptions {
  readonly registries: Pick<Registries, 'at'>
  /** Put no tag: the image is there by its digest only. @default false */
  readonly byDigest?: boolean | undefined
}

/**
 * Pushes an image under all names: layers first (mounted from the base's repository, or skipped, where the registry has them), then
 * configs, then manifests; the tags move last. A layer that is not sent is not opened either.
 *
 * @param names  references; at least one
 * @returns      the digest that each name has now
 * @throws USAGE, REFERENCE_INVALID, REGISTRY_UNREACHABLE, REGISTRY_REFUSED, REGISTRY_ANSWER, BUILD_CANCELLED
 * @source distribution-spec: Push
 */
export async function push(
  image: Image,
  names: readonly string[],
  options: PushOptions,
  io: Io,
): Promise<ReadonlyMap<string, Digest>> {
  if (names.length === 0) throw new ImgError('USAGE', 'the image to push has no name', { hint: 'give it one with -t' })
  const { digest } = topOf(image).descriptor
  const references = names.map((name) => checkReference(name, digest))
  const sources = new Map<string, string>()
  for (const [first, ...others] of byRepository(references)) {
    const { registry, repository } = first
    const target = { client: options.registries.at(registry), repository, source: sources.get(registry) }
    await pushTo(target, image, options.byDigest ? [] : tagsOf([first, ...others]), io)
    // What is in this repository now can be mounted in the next.
    sources.set(registry, repository)
  }
  return new Map(names.map((name) => [name, digest]))
}

/** A repository, and another of the same registry that the image was just pushed to. */
interface Target {
  readonly client: RegistryClient
  readonly repository: string
  readonly source: string | undefined
}

async function pushTo(target: Target, image: Image, tags: readonly string[], io: Io): Promise<void> {
  const { client, repository } = target
  const name = `${client.host}/${repository}`
  const top = topOf(image)
  const isThere = (await head(target, top.descriptor.digest, io)) !== undefined
  const stale = isThere ? await staleTags(target, tags, top, io) : tags
  if (isThere && stale.length === 0) {
    io.emit({ type: 'cached', id: `push ${name}`, name: `pushing ${name}: nothing has changed` })
    return
  }
  if (!isThere) {
    await step(io, `push layers ${name}`, `pushing layers to ${name}`, () => pushBlobs(target, image, io))
    const below = image.index ? image.platforms.map(({ manifest }) => manifest) : []
    await eachLimited(below, uploadsAtOnce, io, (manifest, io) => putManifest(target, manifest, [], io))
  }
  const shown = stale.map((tag) => familiar({ registry: client.host, repository, tag }))
  const id = `push manifest ${name}`
  await step(io, id, `pushing manifest for ${shown.join(', ') || name}`, () => putManifest(target, top, stale, io))
}

/** The tags that point elsewhere. */
async function staleTags(target: Target, tags: readonly string[], top: Document, io: Io): Promise<readonly string[]> {
  const heads = await Promise.all(tags.map((tag) => head(target, tag, io)))
  return tags.filter((_, index) => heads[index] !== top.descriptor.digest)
}

/** What a reference points to; undefined where that is nothing, or the registry keeps it to itself. */
async function head({ client, repository }: Target, reference: string, io: Io): Promise<Digest | undefined> {
  try {
    return (await client.headManifest(repository, reference, io))?.digest
  } catch (error) {
    // Many registries answer 401, 403 or 404 for a repository that the first push makes; whether one may push, the push will tell.
    if (error instanceof ImgError && ['IMAGE_NOT_FOUND', 'REGISTRY_REFUSED'].includes(error.code)) return undefined
    throw error
  }
}

async function pushBlobs(target: Target, image: Image, io: Io): Promise<void> {
  const layers = unique(image.platforms.flatMap(({ layers }) => layers)).filter(isDistributable)
  await eachLimited(layers, uploadsAtOnce, io, (layer, io) => pushLayer(target, layer, io))
  const configs = unique(image.platforms.map(({ config }) => config))
  await eachLimited(configs, uploadsAtOnce, io, ({ descriptor, bytes }, io) =>
    pushBlob(target, { descriptor, open: async () => [bytes] }, undefined, io),
  )
}

async function pushLayer(target: Target, layer: ImageLayer, io: Io): Promise<void> {
  const [registry, ...path] = (layer.base?.from ?? '').split('/')
  const from = registry === target.client.host ? path.join('/') : target.source
  await pushBlob(target, layer, from === target.repository ? undefined : from, io)
}

async function pushBlob(
  { client, repository }: Target,
  { descriptor, open }: Pick<ImageLayer, 'descriptor'> & { open(io?: Io): ReturnType<OpenBlob> },
  from: string | undefined,
  io: Io,
): Promise<void> {
  const { digest, size } = descriptor
  const name = `push ${repository}`
  const isThere = await client.hasBlob(repository, digest, io)
  if (!isThere && (await client.uploadBlob(repository, descriptor, open, { io, from })) === 'uploaded') return
  io.emit({ type: 'progress', id: digest, name, current: size, total: size })
}

type OpenBlob = Parameters<RegistryClient['uploadBlob']>[2]

async function putManifest(target: Target, document: Document, tags: readonly string[], io: Io): Promise<void> {
  const { bytes, descriptor } = document
  for (const reference of tags.length > 0 ? tags : [descriptor.digest]) {
    await target.client.putManifest(target.repository, reference, { bytes, mediaType: descriptor.mediaType }, io)
  }
}

/** Layers that may not be redistributed stay where their URLs say. Source: image-spec, layer.md: Non-Distributable Layers. */
function isDistributable({ descriptor: { mediaType, urls } }: ImageLayer): boolean {
  return !(/nondistributable|foreign/.test(mediaType) && urls !== undefined && urls.length > 0)
}

function unique<T extends Pick<ImageLayer, 'descriptor'>>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [item.descriptor.digest, item])).values()]
}

function checkReference(name: string, digest: Digest): Reference {
  const reference = parseReference(name)
  if (reference.digest === undefined || reference.digest === digest) return reference
  throw new ImgError('USAGE', `the image cannot be pushed as "${name}": its digest is ${digest}`, {
    hint: 'leave out the digest',
  })
}

function tagsOf(references: readonly Reference[]): readonly string[] {
  return [...new Set(references.flatMap(({ tag }) => (tag === undefined ? [] : [tag])))]
}

function byRepository(references: readonly Reference[]): readonly [Reference, ...Reference[]][] {
  const groups = new Map<string, [Reference, ...Reference[]]>()
  for (const reference of references) {
    const key = `${reference.registry}/${reference.repository}`
    const group = groups.get(key)
    if (group) group.push(reference)
    else groups.set(key, [reference])
  }
  return [...groups.values()]
}
