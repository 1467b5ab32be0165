/** Packs entries into a tar, in one pass that hashes and indexes what it writes. */
import { createHash, type Hash } from 'node:crypto'
import { ImgError } from '../../error.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Io, PackEntry } from '../ports.ts'
import { IndexBuilder, type StoredIndex } from './builder.ts'
import { codec } from './codec.ts'
import { encodeEntry, opaqueName, padding, whiteoutPrefix } from './encode.ts'
import { type Pace, pace } from './pace.ts'
import type { TarEntry } from './scan.ts'

/** Where the bytes of an archive go. The bytes are only good until the promise, if there is one, is fulfilled. */
export type Sink = (bytes: Uint8Array) => void | Promise<void>

/** What was packed. `size` in bytes. */
export interface Packed {
  readonly diffId: Digest
  readonly size: number
  readonly index: StoredIndex
}

const batchSize = 1 << 20
const end = new Uint8Array(1024)

/**
 * Packs entries in the order given, reading each content once. The bytes depend on the entries and on nothing else.
 *
 * @param sink  takes the archive in pieces of about 1 MiB
 * @throws LAYER_INVALID when an entry cannot be in a layer, or its content is not as long as its size says
 */
export async function packTar(
  entries: AsyncIterable<PackEntry> | Iterable<PackEntry>,
  sink: Sink,
  io?: Io,
): Promise<Packed> {
  const packer = new Packer(sink, pace(io))
  if (Symbol.iterator in entries) for (const entry of entries) await packer.add(entry)
  else for await (const entry of entries) await packer.add(entry)
  return packer.finish()
}

class Packer {
  readonly #out: Batch
  readonly #pace: Pace
  readonly #codec = codec()
  readonly #builder = new IndexBuilder({ limits: { entries: Number.POSITIVE_INFINITY } })

  constructor(sink: Sink, pace: Pace) {
    this.#out = new Batch(sink)
    this.#pace = pace
  }

  /** Answers a promise only when there is something to wait for: a promise per entry costs more than the entry. */
  add(entry: PackEntry): undefined | Promise<void> {
    for (const block of encodeEntry(this.#codec, entry)) this.#out.write(block)
    const indexed = this.#builder.add(tarEntry(entry, this.#out.position))
    const hash = entry.type === 'file' ? createHash('sha256') : undefined
    const waiting = hash && this.#content(entry, hash)
    if (waiting) {
      return waiting.then(() => {
        if (indexed) indexed.digest = digestIn(hash)
      })
    }
    if (indexed && hash) indexed.digest = digestIn(hash)
    return this.#pause()
  }

  async finish(): Promise<Packed> {
    this.#out.write(end)
    await this.#out.flush()
    return { diffId: digestIn(this.#out.hash), size: this.#out.position, index: this.#builder.finish() }
  }

  #content(entry: PackEntry, hash: Hash): undefined | Promise<void> {
    if (entry.size === 0 && !entry.content) return undefined
    const pieces = (entry.content?.() ?? [])[Symbol.iterator]()
    let size = 0
    const take = (): undefined | Promise<void> => {
      for (let piece = pieces.next(); !piece.done; piece = pieces.next()) {
        size += piece.value.length
        if (size > entry.size) throw wrongSize(entry, `more than ${entry.size}`)
        hash.update(piece.value)
        this.#out.write(piece.value)
        const waiting = this.#pause()
        if (waiting) return waiting.then(take)
      }
      if (size !== entry.size) throw wrongSize(entry, size)
      this.#out.write(padding(size))
      return undefined
    }
    try {
      const waiting = take()
      // what the iterator holds open is closed whatever happens
      return waiting?.catch((error) => {
        pieces.return?.()
        throw error
      })
    } catch (error) {
      pieces.return?.()
      throw error
    }
  }

  #pause(): undefined | Promise<void> {
    const written = this.#out.settled()
    if (!this.#pace.due()) return written
    return (written ?? Promise.resolve()).then(() => this.#pace.breathe())
  }
}

/** Gathers bytes into pieces of about 1 MiB, hashing them. Writing never waits; `settled` says what to wait for before going on. */
class Batch {
  readonly hash = createHash('sha256')
  /** Bytes so far. */
  position = 0
  readonly #sink: Sink
  #bytes = Buffer.allocUnsafeSlow(batchSize)
  #filled = 0
  #pending: Promise<void> | undefined

  constructor(sink: Sink) {
    this.#sink = sink
  }

  write(bytes: Uint8Array): void {
    this.position += bytes.length
    if (this.#filled + bytes.length > batchSize) this.#spill()
    if (bytes.length > batchSize / 4) {
      this.#spill()
      this.#give(bytes)
      return
    }
    this.#bytes.set(bytes, this.#filled)
    this.#filled += bytes.length
  }

  settled(): undefined | Promise<void> {
    const pending = this.#pending
    this.#pending = undefined
    return pending
  }

  async flush(): Promise<void> {
    this.#spill()
    await this.settled()
  }

  #spill(): void {
    if (this.#filled === 0) return
    const before = this.#pending
    this.#give(this.#bytes.subarray(0, this.#filled))
    this.#filled = 0
    // the sink still has the old one
    if (this.#pending !== before) this.#bytes = Buffer.allocUnsafeSlow(batchSize)
  }

  #give(bytes: Uint8Array): void {
    this.hash.update(bytes)
    if (this.#pending) {
      this.#pending = this.#pending.then(() => this.#sink(bytes))
      return
    }
    this.#pending = this.#sink(bytes) ?? undefined
  }
}

function tarEntry(entry: PackEntry, offset: number): TarEntry {
  const { path, type, mode, uid, gid, size, mtime, link, device, xattrs } = entry
  const slash = path.lastIndexOf('/') + 1
  const mark = type === 'whiteout' ? path.slice(0, slash) + whiteoutPrefix + path.slice(slash) : undefined
  const name = type === 'opaque' ? `${path}/${opaqueName}` : (mark ?? path)
  return {
    name,
    type: type === 'whiteout' || type === 'opaque' ? 'file' : type,
    mode: mode & 0o7777,
    uid,
    gid,
    size: type === 'file' ? size : 0,
    mtime,
    ...(link === undefined ? {} : { link }),
    ...(device ? { device } : {}),
    ...(xattrs ? { xattrs } : {}),
    offset,
  }
}

function digestIn(hash: Hash): Digest {
  return `sha256:${hash.digest('hex')}`
}

function wrongSize(entry: PackEntry, size: number | string): ImgError {
  return new ImgError(
    'LAYER_INVALID',
    `"${entry.path}" changed while it was read: expected ${entry.size} bytes, found ${size}`,
    {
      hint: 'run the build again when nothing writes to the file',
    },
  )
}
