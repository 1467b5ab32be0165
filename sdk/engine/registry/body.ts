/** Reads bodies of answers: whole and bounded, or not at all. */
import type { Readable } from 'node:stream'
import { ImgError } from '../../error.ts'

/**
 * A whole body of at most `limit` bytes. Reading stops at the limit, whatever the Content-Length said.
 * @param what  names the sender in the message
 * @throws REGISTRY_ANSWER
 */
export async function readBounded(body: Readable, limit: number, what: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    size += piece.byteLength
    // leaving the loop destroys the stream and with it the connection
    if (size > limit) throw new ImgError('REGISTRY_ANSWER', `${what} gave an answer of more than ${limit} bytes`)
    pieces.push(piece)
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
}

/** Lets go of a body that nobody wants: a short one is read so that its connection can be used again. */
export async function discard(body: Readable): Promise<void> {
  let size = 0
  try {
    for await (const piece of body as AsyncIterable<Uint8Array>) {
      size += piece.byteLength
      if (size > 64 * 1024) return
    }
  } catch {
    // it was not wanted anyway
  }
}
