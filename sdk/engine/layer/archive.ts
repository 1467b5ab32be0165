/** Archives of any compression, read entry by entry. */
import { ImgError } from '../../error.ts'
import type { Io } from '../ports.ts'
import { decompress } from './decompress.ts'
import { pace } from './pace.ts'
import { type TarHandler, TarScanner } from './scan.ts'

/**
 * Reads a tar, which may be compressed, and tells the handler of its members in order. What the handler throws ends the reading.
 *
 * @throws LAYER_INVALID when the content is no archive, or a damaged one; UNSUPPORTED
 */
export async function scanArchive(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  handler: TarHandler,
  io?: Io,
): Promise<void> {
  const scanner = new TarScanner(handler)
  const breath = pace(io)
  let size = 0
  for await (const piece of decompress(content, io)) {
    size += piece.length
    scanner.write(piece)
    if (breath.due()) await breath.breathe()
    if (scanner.ended) break
  }
  if (size < 512)
    throw new ImgError('LAYER_INVALID', `the content is no archive: ${size} bytes are less than one block`)
  scanner.end()
}
