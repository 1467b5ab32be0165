/** Reads an archive that is to be imported: decompressed into a file, hashed and indexed on the way. */
import { closeSync, openSync } from 'node:fs'
import { ImgError } from '../error.ts'
import type { Digest } from '../oci/digest.ts'
import type { StoredIndex } from './layer/builder.ts'
import { readLayer } from './layer/read-layer.ts'
import { writeFully } from './layer/write.ts'
import type { Io } from './ports.ts'

/** An archive as it lies in a file. `size` in bytes. */
export interface Received {
  readonly index: StoredIndex & { readonly diffId: Digest }
  readonly size: number
}

const bombSize = 2 ** 30 // bytes
const bombRatio = 200
const progressStep = 4 << 20 // bytes

/**
 * Writes the decompressed archive to a new file.
 * @throws LAYER_INVALID, PATH_ESCAPES, UNSUPPORTED, DISK_FULL, BUILD_CANCELLED; QUOTA for what grows absurdly
 */
export async function receive(content: AsyncIterable<Uint8Array>, path: string, io: Io): Promise<Received> {
  const counts = { in: 0, out: 0 }
  async function* counted() {
    let told = 0
    for await (const piece of content) {
      counts.in += piece.length
      yield piece
      if (counts.in - told < progressStep) continue
      told = counts.in
      io.emit({ type: 'progress', id: 'import', name: 'reading the archive', current: counts.in })
    }
  }
  const file = openSync(path, 'wx')
  try {
    const sink = (bytes: Uint8Array) => {
      counts.out += bytes.length
      if (counts.out > bombSize && counts.out > bombRatio * counts.in) throw bomb(counts)
      writeFully(file, bytes, path)
    }
    const index = await readLayer(counted(), undefined, sink, io)
    return { index, size: counts.out }
  } finally {
    closeSync(file)
  }
}

function bomb({ in: read, out }: { in: number; out: number }): ImgError {
  return new ImgError(
    'QUOTA',
    `the archive grows from ${read} to more than ${out} bytes; at most ${bombRatio} times is believed`,
    {
      hint: 'decompress it yourself if you trust it',
    },
  )
}
