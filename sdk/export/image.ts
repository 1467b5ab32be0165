/** What an exporter is given: the documents of an image, and its layers, opened when their turn comes. */
import type { Readable } from 'node:stream'
import type { BaseLayer, Io } from '../engine/ports.ts'
import type { Document } from '../oci/assemble.ts'
import type { Digest } from '../oci/digest.ts'
import type { Descriptor, Platform } from '../oci/types.ts'

/** One layer in the form that the manifest names. */
export interface ImageLayer {
  readonly descriptor: Descriptor
  readonly diffId: Digest
  /** The blob's bytes, from the first. */
  open(io?: Io): Promise<Readable>
  /** Where it came from, for a layer of a base image that is exported as it is. */
  readonly base?: BaseLayer
}

/** An image for one platform. */
export interface PlatformImage {
  readonly manifest: Document
  readonly config: Document
  /** From the bottom up, as in the manifest. */
  readonly layers: readonly ImageLayer[]
  readonly platform: Platform
}

/** An image: one platform, or several under an index. Attestations are platforms of their own (`unknown/unknown`). */
export interface Image {
  readonly platforms: readonly PlatformImage[]
  /** There where `platforms` are more than one, or where one was asked to have an index. */
  readonly index?: Document | undefined
}

/** Bytes that a digest names, and how to come by them. */
export interface Blob {
  readonly descriptor: Descriptor
  open(io?: Io): Promise<Readable | Iterable<Uint8Array>>
}

/** The document that a tag would point to. */
export function topOf(image: Image): Document {
  return image.index ?? image.platforms[0]!.manifest
}

/** Every blob once, each after those that it refers to: layers, then configs, manifests and the index. */
export function blobsOf(image: Image): readonly Blob[] {
  const documents = [
    ...image.platforms.map(({ config }) => config),
    ...image.platforms.map(({ manifest }) => manifest),
    ...(image.index ? [image.index] : []),
  ]
  const blobs = [...image.platforms.flatMap(({ layers }) => layers), ...documents.map(fromDocument)]
  return [...new Map(blobs.map((blob) => [blob.descriptor.digest, blob])).values()]
}

function fromDocument({ descriptor, bytes }: Document): Blob {
  return { descriptor, open: async () => [bytes] }
}
