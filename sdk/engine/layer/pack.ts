/** Packs entries into a tar, in one pass that hashes and indexes what it writes. */
import { ImgError } from '../../error.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Io, PackEntry } from '../ports.ts'
import { IndexBuilder, type StoredIndex } from './builder.ts'
import { codec } from './codec.ts'
import type { Drain } from './drain.ts'
import { encodeEntry, encodePlain, opaqueName, padding, whiteoutPrefix } from './encode.ts'
import { Gathering } from './gathering.ts'
import { type Pace, pace } from './pace.ts'
import { PlainBlocks } from './plain-block.ts'
import type { TarEntry } from './scan.ts'

/** What was packed. `size` in bytes. */
export interface Packed {
  readonly diffId: Digest
  readonly size: number
  readonly index: StoredIndex
}

const end = new Uint8Array(1024)

/** One in so many files whose digest is known is hashed all the same: a store that went bad shows before it spreads. */
const sampling = 8

/**
 * Packs entries in the order given, reading each content once. The bytes depend on the entries and on nothing else.
 *
 * @throws LAYER_INVALID when an entry cannot be in a layer, or its content is not as long as its size says; STORE_DAMAGED when a file
 *   whose digest was known has another
 */
export async function packTar(
  entries: AsyncIterable<PackEntry> | Iterable<PackEntry>,
  drain: Drain,
  io?: Io,
): Promise<Packed> {
  const packer = new Packer(drain, pace(io))
  if (Symbol.iterator in entries) {
    for (const entry of entries) {
      const waiting = packer.add(entry)
      if (waiting) await waiting
    }
  } else {
    for await (const entry of entries) await packer.add(entry)
  }
  return packer.finish()
}

class Packer {
  readonly #out: Gathering
  readonly #pace: Pace
  readonly #codec = codec()
  readonly #blocks = new PlainBlocks(this.#codec)
  readonly #builder = new IndexBuilder({ limits: { entries: Number.POSITIVE_INFINITY } })
  /** The files that are hashed, in order: what the index says of them, and what was said of them before. */
  readonly #files: { readonly indexed: ReturnType<IndexBuilder['add']>; readonly known: Digest | undefined }[] = []
  #known = 0

  constructor(drain: Drain, pace: Pace) {
    this.#out = new Gathering(drain)
    this.#pace = pace
  }

  /** Answers a promise only when there is something to wait for: a promise per entry costs more than the entry. */
  add(entry: PackEntry): undefined | Promise<void> {
    const plain = encodePlain(this.#blocks, entry)
    if (plain) this.#out.write(plain)
    else for (const block of encodeEntry(this.#codec, entry)) this.#out.write(block)
    const indexed = this.#builder.add(tarEntry(entry, this.#out.position))
    if (entry.type !== 'file') return this.#pause()
    const known = entry.digest
    const hashed = known === undefined || this.#known++ % sampling === 0
    if (hashed) this.#files.push({ indexed, known })
    else if (indexed) indexed.digest = known
    return this.#content(entry, hashed) ?? this.#pause()
  }

  async finish(): Promise<Packed> {
    this.#out.write(end)
    const { tar, files } = await this.#out.finish()
    const linked = new Map<string, Digest>()
    for (const [at, hex] of files.entries()) {
      const { indexed, known } = this.#files[at]!
      if (!indexed) continue
      indexed.digest = `sha256:${hex}`
      if (known !== undefined && known !== indexed.digest) throw damaged(indexed.path, known)
      if (indexed.inode !== undefined) linked.set(indexed.inode, indexed.digest)
    }
    // further names of a file were copied before its digest was known
    if (linked.size > 0) {
      for (const entry of this.#builder.entries.values()) {
        const digest = entry.inode === undefined ? undefined : linked.get(entry.inode)
        if (digest) entry.digest = digest
      }
    }
    return { diffId: `sha256:${tar}`, size: this.#out.position, index: this.#builder.finish() }
  }

  #content(entry: PackEntry, hashed: boolean): undefined | Promise<void> {
    if (entry.size === 0 && !entry.content) {
      if (hashed) this.#out.endFile()
      return undefined
    }
    const pieces = (entry.content?.() ?? [])[Symbol.iterator]()
    let size = 0
    const take = (): undefined | Promise<void> => {
      for (let piece = pieces.next(); !piece.done; piece = pieces.next()) {
        size += piece.value.length
        if (size > entry.size) throw wrongSize(entry, `more than ${entry.size}`)
        if (hashed) this.#out.content(piece.value)
        else this.#out.write(piece.value)
        const waiting = this.#pause()
        if (waiting) return waiting.then(take)
      }
      if (size !== entry.size) throw wrongSize(entry, size)
      if (hashed) this.#out.endFile()
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
    const full = this.#out.settled()
    if (!this.#pace.due()) return full
    return (full ?? Promise.resolve()).then(() => this.#pace.breathe())
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

function wrongSize(entry: PackEntry, size: number | string): ImgError {
  return new ImgError(
    'LAYER_INVALID',
    `"${entry.path}" changed while it was read: expected ${entry.size} bytes, found ${size}`,
    {
      hint: 'run the build again when nothing writes to the file',
    },
  )
}

function damaged(path: string, known: Digest): ImgError {
  return new ImgError('STORE_DAMAGED', `the store has "${path}" with bytes that are not those of ${known}`, {
    hint: 'build once with --no-cache: what is packed then replaces what is damaged',
    detail: { path, digest: known },
  })
}
