/** The documents of an image archive, found without unpacking it: one pass over its headers, then only what is asked for is read. */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { ImgError } from '../error.ts'
import type { Digest } from '../oci/digest.ts'
import { documentLimit } from '../oci/document.ts'
import type { Files } from './import-files.ts'
import { IndexBuilder } from './layer/builder.ts'
import { digestOfPieces, readEntry } from './layer/content.ts'
import { decompress, sniff } from './layer/decompress.ts'
import { pace } from './layer/pace.ts'
import { type TarEntry, type TarHandler, TarScanner } from './layer/scan.ts'
import type { Entry, IndexEntry, Io } from './ports.ts'

/** An archive that was looked through. */
export interface ArchiveFiles extends Files {
  /** The first bytes of a file, eight or what there is. */
  start(entry: Entry): Uint8Array
  /** Of a file's content; read for it where the archive is not compressed. */
  digest(entry: Entry): Digest
}

const most = 100_000 // entries; images have less than a thousand
/** Bytes of a compressed archive's documents, which are kept because they cannot be found again. */
const mostKept = 64 << 20
const window = 256 << 10

/**
 * Looks through an archive, plain or compressed with gzip, xz, zstd or bzip2 as its bytes say. Of a plain one only the headers are read.
 *
 * @throws IMAGE_INVALID   it is not a tar
 * @throws QUOTA, BUILD_CANCELLED, UNSUPPORTED, and what `node:fs` throws
 */
export async function openArchive(path: string, io: Io): Promise<ArchiveFiles> {
  const builder = new IndexBuilder({ whiteoutNames: false, limits: { entries: most } })
  const kept: Kept = { documents: new Map(), starts: new Map() }
  const compressed = await isCompressed(path)
  try {
    if (compressed) await readThrough(path, keeping(builder, kept), io)
    else await readHeaders(path, { entry: (entry) => builder.add(entry), data() {}, done() {} }, io)
  } catch (cause) {
    if (!(cause instanceof ImgError) || cause.code !== 'LAYER_INVALID') throw cause
    throw new ImgError('IMAGE_INVALID', `"${path}" is not an image archive: ${cause.message}`, { cause })
  }
  const { entries, implied } = builder.finish()
  const read = (entry: IndexEntry): Iterable<Uint8Array> => {
    if (!compressed) return readEntry(entry, { tar: path })
    const document = kept.documents.get(entry.offset!)
    if (document) return [document]
    throw new ImgError('IMAGE_INVALID', `"${entry.path}" in "${path}" is no JSON document`)
  }
  return {
    entry: (at) => entries.get(at) ?? (implied.has(at) ? directory(at) : undefined),
    read,
    start: (entry: IndexEntry) => kept.starts.get(entry.offset!) ?? startOf(entry, path),
    digest: (entry) => entry.digest ?? digestOfPieces(read(entry)),
  }
}

function startOf(entry: IndexEntry, tar: string): Uint8Array {
  const [start = new Uint8Array()] = readEntry({ ...entry, size: Math.min(entry.size, 8) }, { tar })
  return start
}

const directory = (path: string): Entry => ({ path, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 })

async function isCompressed(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0)
    return sniff(buffer.subarray(0, bytesRead)) !== 'none'
  } finally {
    await file.close()
  }
}

/** Contents are passed over. */
async function readHeaders(path: string, handler: TarHandler, io: Io): Promise<void> {
  const scanner = new TarScanner(handler)
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const buffer = Buffer.alloc(window)
    for (let at = 0; at < size && !scanner.ended; ) {
      io.signal.throwIfAborted()
      const { bytesRead } = await file.read(buffer, 0, window, at)
      if (bytesRead === 0) break
      scanner.write(buffer.subarray(0, bytesRead))
      at += bytesRead + scanner.skip()
      if (at > size) throw new ImgError('LAYER_INVALID', 'the archive ends in the middle of an entry')
    }
    scanner.end()
  } finally {
    await file.close()
  }
}

async function readThrough(path: string, handler: TarHandler, io: Io): Promise<void> {
  const scanner = new TarScanner(handler)
  const breath = pace(io)
  for await (const piece of decompress(createReadStream(path, { highWaterMark: window }), io)) {
    scanner.write(piece)
    if (breath.due()) await breath.breathe()
  }
  scanner.end()
}

/** Of a compressed archive, by offset. */
interface Kept {
  readonly documents: Map<number, Uint8Array>
  readonly starts: Map<number, Uint8Array>
}

/** Grows the index with the digest of each file, and keeps what looks like a JSON document. */
function keeping(builder: IndexBuilder, { documents, starts }: Kept): TarHandler {
  let entry: ReturnType<IndexBuilder['add']>
  let hash: Hash
  let pieces: Uint8Array[] | undefined
  let offset = 0
  let left = mostKept
  return {
    entry(header: TarEntry) {
      entry = builder.add(header)
      offset = header.offset
      hash = createHash('sha256')
      pieces = header.type === 'file' && header.size <= documentLimit ? [] : undefined
    },
    data(bytes) {
      hash.update(bytes)
      if (!starts.has(offset)) starts.set(offset, Uint8Array.from(bytes.subarray(0, 8)))
      if (pieces?.length === 0 && !/^\s*[[{]/.test(Buffer.from(bytes.subarray(0, 512)).toString('latin1')))
        pieces = undefined
      if (!pieces) return
      left -= bytes.length
      if (left < 0) throw new ImgError('QUOTA', `the archive holds more than ${mostKept} bytes of JSON documents`)
      pieces.push(Uint8Array.from(bytes))
    },
    done() {
      if (entry?.type === 'file') entry.digest = `sha256:${hash.digest('hex')}`
      if (pieces) documents.set(offset, Buffer.concat(pieces))
    },
  }
}
