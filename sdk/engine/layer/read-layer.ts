/** Reads the blob of a layer: decompressed, hashed, checked against its diff ID and indexed in one pass. */
import { createHash, type Hash } from 'node:crypto'
import { ImgError } from '../../error.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Io } from '../ports.ts'
import { IndexBuilder, type Limits, type StoredIndex } from './builder.ts'
import { decompress } from './decompress.ts'
import { pace } from './pace.ts'
import { type TarEntry, TarScanner } from './scan.ts'

/** How much the tar of one layer may hold: more than any image has, less than what fills a disk unnoticed. */
const limits: Limits = { entries: 5_000_000, bytes: 64 * 2 ** 30 }

/**
 * The index of a layer.
 *
 * @param expected  the diff ID; undefined when it is not known before
 * @param sink      is given the uncompressed tar
 * @throws DIGEST_MISMATCH when the uncompressed bytes have another digest; LAYER_INVALID, PATH_ESCAPES, UNSUPPORTED
 */
export async function readLayer(
  content: AsyncIterable<Uint8Array>,
  expected: Digest | undefined,
  sink?: (bytes: Uint8Array) => void,
  io?: Io,
): Promise<StoredIndex & { readonly diffId: Digest }> {
  const whole = createHash('sha256')
  const builder = new IndexBuilder({ limits })
  const scanner = new TarScanner(indexing(builder))
  const breath = pace(io)
  for await (const piece of decompress(content, io)) {
    whole.update(piece)
    scanner.write(piece)
    sink?.(piece)
    if (breath.due()) await breath.breathe()
  }
  scanner.end()
  const diffId: Digest = `sha256:${whole.digest('hex')}`
  if (expected !== undefined && diffId !== expected) {
    throw new ImgError('DIGEST_MISMATCH', `the layer is not what the image config promised: expected the diff ID ${expected}, found ${diffId}`)
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
