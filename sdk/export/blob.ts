/** Reading a blob for a destination: counted, checked, and stopped when told to. */
import { createHash } from 'node:crypto'
import type { Io } from '../engine/ports.ts'
import { ImgError } from '../error.ts'
import type { Blob } from './image.ts'

const step = 4 * 2 ** 20

/**
 * The bytes of a blob in pieces. Fails before the last piece is believed where they are not what the descriptor promises.
 *
 * @param name  what progress calls it; small blobs are not worth a word
 * @throws DIGEST_MISMATCH, BUILD_CANCELLED
 */
export async function* readBlob({ descriptor, open }: Blob, io: Io, name?: string): AsyncGenerator<Uint8Array> {
  const { digest, size } = descriptor
  const hash = createHash('sha256')
  let current = 0
  let told = 0
  for await (const piece of await open(io)) {
    throwIfCancelled(io.signal)
    current += piece.length
    if (current > size) throw mismatch(`${digest} has more than the ${size} bytes that were promised`)
    hash.update(piece)
    yield piece
    if (name !== undefined && size >= step && (current - told >= step || current === size)) {
      told = current
      io.emit({ type: 'progress', id: digest, name, current, total: size })
    }
  }
  if (current !== size) throw mismatch(`${digest} has ${current} bytes; expected ${size}`)
  const actual = `sha256:${hash.digest('hex')}`
  if (actual !== digest) throw mismatch(`a blob of ${size} bytes has the digest ${actual}; expected ${digest}`)
}

/** @throws BUILD_CANCELLED */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new ImgError('BUILD_CANCELLED', 'the export was interrupted', { cause: signal.reason })
}

function mismatch(message: string): ImgError {
  return new ImgError('DIGEST_MISMATCH', message)
}
