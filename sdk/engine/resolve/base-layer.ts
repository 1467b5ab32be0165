/** A layer of a base image, opened where it is when it is needed. */
import type { Readable } from 'node:stream'
import { ImgError } from '../../error.ts'
import type { Digest } from '../../oci/digest.ts'
import { formatReference } from '../../oci/reference.ts'
import type { Descriptor } from '../../oci/types.ts'
import type { BaseLayer, Io } from '../ports.ts'
import type { NamedOptions, Registry } from './named.ts'
import { type Place, placesOf, rememberPlace } from './places.ts'

/**
 * A layer that is opened where it is: in the store, or in a registry. An image of our own may rest on layers that were never
 * fetched; the records know where they were seen.
 */
export async function baseLayer(
  options: NamedOptions,
  { descriptor, diffId, place, own }: { descriptor: Descriptor; diffId: Digest; place: Place; own: boolean },
): Promise<BaseLayer> {
  const { blobs, records } = options.store
  const { digest } = descriptor
  const seen = own ? await placesOf(records, digest) : []
  if (!own && options.registry) await rememberPlace(records, digest, place)
  const places = seen.length > 0 ? seen : [place]
  const [from] = own ? seen : places
  return {
    diffId,
    descriptor,
    ...(from && { from: `${from.registry}/${from.repository}` }),
    open: async (io) => ((await blobs.has(digest)) ? blobs.get(digest) : fetchLayer(options, descriptor, places, io)),
  }
}

/** The blob from the first place that has it. */
async function fetchLayer(
  options: NamedOptions,
  descriptor: Descriptor,
  [place, ...others]: readonly Place[],
  io: Io | undefined,
): Promise<Readable> {
  const registry = at(options, place!, `layer ${descriptor.digest} of ${formatReference(options.ref)}`)
  try {
    return await registry.getBlob(place!.repository, descriptor, { io, verify: false })
  } catch (error) {
    if (others.length === 0 || !(error instanceof ImgError) || error.code === 'BUILD_CANCELLED') throw error
    return fetchLayer(options, descriptor, others, io)
  }
}

/** The registry at a place. Throws IMAGE_NOT_FOUND where none may be asked. */
export function at({ registry }: NamedOptions, place: Place, what: string): Registry {
  if (registry) return registry(place.registry)
  throw new ImgError('IMAGE_NOT_FOUND', `${what} is not in the store, and registries may not be asked`, {
    hint: 'pull the image first',
  })
}
