/** Looks through a whole store for bytes that are not what they should be. */
import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Digest, hexOf } from '../../oci/digest.ts'
import type { Io } from '../ports.ts'
import type { BlobFolder } from './blobs.ts'

/** Something in the store that is not what it should be. */
export interface Damage {
  readonly path: string
  /** Of a blob. */
  readonly digest?: Digest
  readonly message: string
}

/**
 * Reads every blob. What is damaged is removed with `repair`, so that the next build makes or fetches it anew; without, it is only told.
 * Records and indexes of layers are not looked at: they carry checksums, and are made anew when these fail.
 */
export async function verify(
  folder: string,
  blobs: BlobFolder,
  { repair = false }: { repair?: boolean } = {},
  io?: Io,
): Promise<Damage[]> {
  const found: Damage[] = []
  const all = blobs.list()
  for (const [at, digest] of all.entries()) {
    io?.emit({ type: 'progress', id: 'verify', name: 'verifying the store', current: at, total: all.length })
    if (await intact(blobs, digest, io)) continue
    found.push({ path: blobs.path(digest), digest, message: `the bytes are not those of ${digest}` })
    if (repair) blobs.remove(digest)
  }
  for (const name of ['oci-layout', 'index.json']) {
    const path = join(folder, name)
    try {
      JSON.parse(readFileSync(path, 'utf8'))
    } catch (error) {
      found.push({ path, message: (error as Error).message })
    }
  }
  return found
}

async function intact(blobs: BlobFolder, digest: Digest, io?: Io): Promise<boolean> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(blobs.path(digest), { highWaterMark: 1 << 20 })) {
    io?.signal.throwIfAborted()
    hash.update(piece as Buffer)
  }
  return hash.digest('hex') === hexOf(digest)
}
