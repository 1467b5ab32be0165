/** What an image is read from: a registry, the store, or a layout folder, all through one small interface. */
import type { Digest } from '../../oci/digest.ts'
import type { Descriptor } from '../../oci/types.ts'
import type { BaseLayer, Io } from '../ports.ts'

/** The document that a reference points to. */
export interface Top {
  readonly bytes: Uint8Array
  readonly digest: Digest
  /** What whoever pointed to it said it is. */
  readonly mediaType?: string | undefined
}

/** One image, wherever it is. */
export interface ImageSource {
  /** For messages: `docker.io/library/alpine:latest`. */
  readonly name: string
  /** Undefined where there is none under that name and another source may have it. */
  top(io?: Io): Promise<Top | undefined>
  /** A manifest, index or config, checked against its descriptor. Throws IMAGE_NOT_FOUND, DIGEST_MISMATCH. */
  document(descriptor: Descriptor, io?: Io): Promise<Uint8Array>
  /** The layers that these descriptors and diff IDs name. Nothing is fetched. */
  layers(descriptors: readonly Descriptor[], diffIds: readonly Digest[]): Promise<readonly BaseLayer[]>
}
