/** Reads bodies of answers: whole and bounded, or not at all. */
import type { Readable } from 'node:stream'
import { ImgError } from '../../error.ts'
import { TransportError } from './transport-error.ts'

/** Bytes: who sends fewer while we wait for `patience` means to hold us up; no line is that slow. */
const fewest = 4096
const patience = 30_000 // milliseconds

/**
 * A body's pieces, unless they only drip: a byte now and then is enough for deadlines between two pieces never to pass. Only the time
 * that is waited counts, not what the reader takes.
 */
export async function* steady(body: AsyncIterable<Uint8Array>, longest = patience): AsyncGenerator<Uint8Array> {
  let [waited, bytes, since] = [0, 0, performance.now()]
  for await (const piece of body) {
    waited += performance.now() - since
    bytes += piece.byteLength
    if (waited > longest) {
      if (bytes < fewest) throw new TransportError('the transfer stalled', { transient: true })
      ;[waited, bytes] = [0, 0]
    }
    yield piece
    since = performance.now()
  }
}

/**
 * A whole body of at most `limit` bytes. Reading stops at the limit, whatever the Content-Length said.
 * @param what  names the sender in the message
 * @throws REGISTRY_ANSWER
 */
export async function readBounded(body: Readable, limit: number, what: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of steady(body)) {
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
