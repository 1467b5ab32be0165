/** Pushes an image to registries, sending only what they lack. */
import type { Io, Records } from '../engine/ports.ts'
import type { RegistryClient } from '../engine/registry/client.ts'
import type { Registries } from '../engine/registry/registries.ts'
import { placesOf, rememberPlace } from '../engine/resolve/index.ts'
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
  /** Where it is remembered which repositories have a blob: from those it can be mounted the next time. @default nowhere */
  readonly records?: Pick<Records, 'get' | 'put'> | undefined
  /** Put no tag: the image is there by its digest only. @default false */
  readonly byDigest?: boolean | undefined
}

/**
 * Pushes an image under all names: blobs first (skipped where the repository has them, mounted where another one of that registry
 * does), then manifests; the tags move last. A layer that is not sent is not opened either.
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
  refuseNameless(names)
  const { digest } = topOf(image).descriptor
  const references = names.map((name) => checkReference(name, digest))
  const sources = new Map<string, string>()
  for (const [first, ...others] of byRepository(references)) {
    const { registry, repository } = first
    const { registries, records } = options
    const target = { client: registries.at(registry), repository, source: sources.get(registry), records }
    await pushTo(target, image, options.byDigest ? [] : tagsOf([first, ...others]), io)
    // What is in this repository now can be mounted in the next.
    sources.set(registry, repository)
  }
  return new Map(names.map((name) => [name, digest]))
}

/** @throws USAGE */
export function refuseNameless(names: readonly string[]): void {
  if (names.length === 0) throw new ImgError('USAGE', 'the image to push has no name', { hint: 'give it one with -t' })
}

/** A repository, and another of the same registry that the image was just pushed to. */
interface Target {
  readonly client: RegistryClient
  readonly repository: string
  readonly source: string | undefined
  readonly records: PushOptions['records']
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
    return (await client.headManifest(repository, reference, io, { access: 'push' }))?.digest
  } catch (error) {
    // Many registries answer 401, 403 or 404 for a repository that the first push makes; whether one may push, the push will tell.
    if (error instanceof ImgError && ['IMAGE_NOT_FOUND', 'REGISTRY_REFUSED'].includes(error.code)) return undefined
    throw error
  }
}

async function pushBlobs(target: Target, { platforms }: Image, io: Io): Promise<void> {
  const configs = platforms.map(({ config: { bytes, descriptor } }) => ({ descriptor, open: async () => [bytes] }))
  const layers = platforms.flatMap(({ layers }) => layers).filter(isDistributable)
  await eachLimited(unique<Sent>([...layers, ...configs]), uploadsAtOnce, io, (blob, io) => pushBlob(target, blob, io))
}

interface Sent extends Pick<ImageLayer, 'descriptor' | 'base'> {
  open(io?: Io): ReturnType<OpenBlob>
}

async function pushBlob(target: Target, blob: Sent, io: Io): Promise<void> {
  const { client, repository, records } = target
  const { descriptor, open } = blob
  const { digest, size } = descriptor
  const name = `push ${repository}`
  const isThere = await client.hasBlob(repository, digest, io)
  const options = { io, from: isThere ? undefined : await sourceOf(target, blob) }
  const isSent = !isThere && (await client.uploadBlob(repository, descriptor, open, options)) === 'uploaded'
  if (!isSent) io.emit({ type: 'progress', id: digest, name, current: size, total: size })
  if (records) await rememberPlace(records, digest, { registry: client.host, repository })
}

/** Another repository of the registry that has the blob, as far as is known. Of other registries it is not told. */
async function sourceOf({ client, repository, source, records }: Target, blob: Sent): Promise<string | undefined> {
  const [registry, ...path] = (blob.base?.from ?? '').split('/')
  const seen = records ? await placesOf(records, blob.descriptor.digest) : []
  const candidates = [
    source,
    registry === client.host ? path.join('/') : undefined,
    ...seen.filter((place) => place.registry === client.host).map((place) => place.repository),
  ]
  return candidates.find((candidate) => candidate !== undefined && candidate !== repository)
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
