/** Reads the blob of a layer: decompressed, hashed, checked against its diff ID and indexed in one pass. */
import { createHash, type Hash } from 'node:crypto'
import { ImgError } from '../../error.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Io } from '../ports.ts'
import { IndexBuilder, type Limits, type StoredIndex } from './builder.ts'
import { decompress } from './decompress.ts'
import { pace } from './pace.ts'
import { type TarEntry, TarScanner } from './scan.ts'

/** How much a layer may hold. */
export interface LayerLimits extends Limits {
  /** Bytes of the tar. */
  readonly tar: number
}

/** More than any image has; less than what fills memory or a disk unnoticed. */
const most: LayerLimits = { entries: 500_000, bytes: 64 * 2 ** 30, tar: 65 * 2 ** 30 }

/** What a blob of `size` bytes may unpack to: gzip can make a thousand bytes of one, and real layers about four. */
export function limitsFor(size: number): LayerLimits {
  const tar = Math.min(most.tar, Math.max(2 ** 30, 100 * size))
  return { ...most, bytes: tar, tar }
}

/**
 * The index of a layer.
 *
 * @param expected  the diff ID; undefined when it is not known before
 * @param sink      is given the uncompressed tar
 * @param limits    LAYER_INVALID when there is more
 * @throws DIGEST_MISMATCH when the uncompressed bytes have another digest; LAYER_INVALID, PATH_ESCAPES, UNSUPPORTED
 */
export async function readLayer(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  expected: Digest | undefined,
  sink?: (bytes: Uint8Array) => void,
  io?: Io,
  limits: LayerLimits = most,
): Promise<StoredIndex & { readonly diffId: Digest }> {
  const whole = createHash('sha256')
  const builder = new IndexBuilder({ limits })
  const scanner = new TarScanner(indexing(builder))
  const breath = pace(io)
  let size = 0
  for await (const piece of decompress(content, io)) {
    size += piece.length
    if (size > limits.tar)
      throw new ImgError('LAYER_INVALID', `the layer unpacks to more than the ${limits.tar} bytes that it may have`)
    whole.update(piece)
    scanner.write(piece)
    sink?.(piece)
    if (breath.due()) await breath.breathe()
  }
  scanner.end()
  const diffId: Digest = `sha256:${whole.digest('hex')}`
  if (expected !== undefined && diffId !== expected) {
    throw new ImgError(
      'DIGEST_MISMATCH',
      `the layer is not what the image config promised: expected the diff ID ${expected}, found ${diffId}`,
    )
  }
  return Object.assign(builder.finish(), { diffId })
}

/** Grows the index, with the digest of each file. */
function indexing(builder: IndexBuilder) {
  let entry: ReturnType<IndexBuilder['add']>
  let hash: Hash | undefined
  return {
    entry(header: TarEntry) {
      entry = builder.add(header)
      hash = entry && header.type === 'file' ? createHash('sha256') : undefined
    },
    data(bytes: Uint8Array) {
      hash?.update(bytes)
    },
    done() {
      if (entry && hash) entry.digest = `sha256:${hash.digest('hex')}`
    },
  }
}
