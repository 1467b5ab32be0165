/** Images by reference: what the store has, and what registries have. */
import type { Readable } from 'node:stream'
import { ImgError } from '../../error.ts'
import type { Digest } from '../../oci/digest.ts'
import { documentLimit } from '../../oci/document.ts'
import { formatReference, type Reference } from '../../oci/reference.ts'
import { type Descriptor, mediaTypes } from '../../oci/types.ts'
import { checkBytes } from '../../oci/validate.ts'
import type { BlobStore, Io, Records } from '../ports.ts'
import { at, baseLayer } from './base-layer.ts'
import type { Place } from './places.ts'
import type { ImageSource, Top } from './source.ts'

/** What the resolver must have of a registry. */
export interface Registry {
  getManifest(
    repository: string,
    reference: string,
    io?: Io,
  ): Promise<{ bytes: Uint8Array; mediaType: string; digest: Digest }>
  headManifest(
    repository: string,
    reference: string,
    io?: Io,
  ): Promise<{ digest: Digest; mediaType: string } | undefined>
  getBlob(
    repository: string,
    descriptor: Descriptor,
    options?: { io?: Io | undefined; verify?: boolean },
  ): Promise<Readable>
}

/** What the resolver must have of a store. */
export interface ImageStore {
  readonly blobs: BlobStore
  readonly records: Records
  readonly images: { get(name: string): Promise<Descriptor | undefined> }
}

/** Where an image may come from. */
export interface NamedOptions {
  readonly ref: Reference
  readonly store: ImageStore
  /** Undefined: the network is not asked. */
  readonly registry: ((host: string) => Registry) | undefined
  /** What the store has under that very name comes first. */
  readonly local: boolean
}

/**
 * The image that a reference names. A digest is looked for in the store and then in the registry. A tag is, with `local`, what the
 * store has under that name (built, imported or pulled), else what the registry says now; only that is asked each time.
 */
export function namedSource(options: NamedOptions): ImageSource {
  const { ref, store } = options
  const name = formatReference(ref)
  const place: Place = { registry: ref.registry, repository: ref.repository }
  let own = false
  return {
    name,
    async top(io) {
      const found = await findTop(options, name, io)
      own = found?.own ?? false
      return found
    },
    async document(descriptor, io) {
      if (descriptor.size > documentLimit) {
        throw new ImgError(
          'IMAGE_INVALID',
          `${name} is invalid: ${descriptor.digest} has ${descriptor.size} bytes; at most ${documentLimit}`,
        )
      }
      const what = `${descriptor.digest} of ${name}`
      const kept = await fromStore(store.blobs, descriptor.digest, what)
      const bytes = kept ?? (await fetchDocument(at(options, place, name), ref.repository, descriptor, io))
      checkBytes(bytes, descriptor, what)
      if (!kept) await store.blobs.put(bytes, descriptor, io)
      return bytes
    },
    layers: (descriptors, diffIds) =>
      Promise.all(
        descriptors.map((descriptor, i) => baseLayer(options, { descriptor, diffId: diffIds[i]!, place, own })),
      ),
  }
}

/** `own`: the store's own image of that name. */
async function findTop(
  { ref, store, registry: open, local }: NamedOptions,
  name: string,
  io?: Io,
): Promise<(Top & { own?: boolean }) | undefined> {
  const named = local && ref.digest === undefined ? await store.images.get(name) : undefined
  const known = ref.digest ?? named?.digest
  if (known !== undefined) {
    const bytes = await fromStore(store.blobs, known, name)
    if (bytes) return { bytes, digest: known, mediaType: named?.mediaType, own: named !== undefined }
  }
  if (!open) return undefined
  const registry = open(ref.registry)
  const asked = ref.digest ?? ref.tag ?? 'latest'
  const head = ref.digest ? undefined : await registry.headManifest(ref.repository, asked, io).catch(unlessNotAllowed)
  const kept = head && (await fromStore(store.blobs, head.digest, name))
  if (kept) return { bytes: kept, digest: head.digest, mediaType: head.mediaType }
  // by digest where there is one, so that what HEAD said is what we get
  const top = await registry.getManifest(ref.repository, head?.digest ?? asked, io)
  await store.blobs.put(top.bytes, { digest: top.digest }, io)
  return top
}

/** A document that the store has. One that is damaged there counts as missing: it can be fetched again. */
async function fromStore(blobs: BlobStore, digest: Digest, what: string): Promise<Uint8Array | undefined> {
  if (!(await blobs.has(digest))) return undefined
  try {
    const bytes = await readAll(await blobs.get(digest), what)
    checkBytes(bytes, { digest }, what)
    return bytes
  } catch (error) {
    if (error instanceof ImgError && ['DIGEST_MISMATCH', 'STORE_DAMAGED', 'IMAGE_NOT_FOUND'].includes(error.code))
      return undefined
    throw error
  }
}

async function fetchDocument(
  registry: Registry,
  repository: string,
  descriptor: Descriptor,
  io?: Io,
): Promise<Uint8Array> {
  const { digest, mediaType } = descriptor
  if (manifestTypes.includes(mediaType)) return (await registry.getManifest(repository, digest, io)).bytes
  return readAll(await registry.getBlob(repository, descriptor, { io }), digest)
}

const manifestTypes: readonly string[] = [
  mediaTypes.ociManifest,
  mediaTypes.dockerManifest,
  mediaTypes.ociIndex,
  mediaTypes.dockerIndex,
]

/** Some registries have no HEAD, or storage behind them that allows only GET, which says the same. */
function unlessNotAllowed(error: unknown): undefined {
  if (error instanceof ImgError && [400, 403, 405, 501].includes(Number(error.detail?.['status']))) return undefined
  throw error
}

/** A whole document; never more than documents may have. */
export async function readAll(stream: Readable, what: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of stream as AsyncIterable<Uint8Array>) {
    size += piece.byteLength
    if (size > documentLimit)
      throw new ImgError('IMAGE_INVALID', `${what} is invalid: it has more than ${documentLimit} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
