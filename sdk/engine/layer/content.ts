/** The contents of the files of a layer: out of its tar by offset, or out of a directory by path. */
import { createHash } from 'node:crypto'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { ImgError } from '../../error.ts'
import type { Digest } from '../../oci/digest.ts'
import { fileIn } from '../name.ts'
import type { IndexEntry, StoredContent } from '../ports.ts'

/** Where the contents that an index speaks of can be read. */
export type Source = { readonly tar: string } | { readonly directory: string }

const windowSize = 1 << 20
const near = 64 << 10 // bytes between two reads that still count as one after the other
const idle = 500 // milliseconds after which a tar is closed

/**
 * The content of a file, in pieces that stay as they are.
 * @throws STORE_DAMAGED when there is less of it than the index says
 */
export function* readEntry(entry: IndexEntry, source: Source): Generator<Uint8Array> {
  if ('tar' in source) {
    yield* contentIn(source.tar, entry)
    return
  }
  if (entry.size === 0) return
  const path = fileIn(source.directory, entry.path)
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  try {
    yield* pieces(file, 0, entry, path)
  } finally {
    closeSync(file)
  }
}

/** The digest of a content in pieces. */
export function digestOfPieces(pieces: Iterable<Uint8Array>): Digest {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return `sha256:${hash.digest('hex')}`
}

/** Reads contents that lie in the tars of a store; answers undefined for one whose tar is not there. */
export function contentReader(blobs: { path(digest: Digest): string; size(digest: Digest): number | undefined }) {
  const paths = new Map<Digest, string>()
  return ({ tar, offset }: StoredContent, size: number): Iterable<Uint8Array> | undefined => {
    let path = paths.get(tar)
    if (path === undefined) {
      path = blobs.size(tar) === undefined ? '' : blobs.path(tar)
      paths.set(tar, path)
    }
    return path === '' ? undefined : contentIn(path, { path: tar, size, offset })
  }
}

/** Where a content is, and what it is called in an error. */
type Place = Pick<IndexEntry, 'path' | 'size' | 'offset'>

function contentIn(tar: string, place: Place): Iterable<Uint8Array> {
  return place.size === 0 ? [] : openTar(tar).read(place)
}

const open = new Map<string, OpenTar>()

/** A tar stays open for a moment: whoever reads one file of it reads the next. */
function openTar(path: string): OpenTar {
  const found = open.get(path) ?? new OpenTar(path)
  open.set(path, found)
  return found
}

class OpenTar {
  readonly #path: string
  readonly #file: number
  #window: Uint8Array = new Uint8Array()
  #start = 0
  #users = 0

  constructor(path: string) {
    this.#path = path
    this.#file = openSync(path, 'r')
    this.#closeWhenIdle()
  }

  *read(entry: Place): Generator<Uint8Array> {
    const offset = entry.offset!
    if (offset < this.#start || offset + entry.size > this.#start + this.#window.length) {
      const onwards = offset >= this.#start && offset - this.#start - this.#window.length < near
      if (!onwards || entry.size > windowSize / 4) {
        this.#users++
        try {
          yield* pieces(this.#file, offset, entry, this.#path)
        } finally {
          this.#users--
        }
        this.#start = offset + entry.size
        this.#window = new Uint8Array()
        return
      }
      // small files one after the other: one read for many
      const bytes = Buffer.allocUnsafeSlow(windowSize)
      this.#window = bytes.subarray(0, readSync(this.#file, bytes, 0, windowSize, offset))
      this.#start = offset
      if (this.#window.length < entry.size) throw short(entry, this.#path)
    }
    yield this.#window.subarray(offset - this.#start, offset - this.#start + entry.size)
  }

  #closeWhenIdle(): void {
    let before = -1
    const timer = setInterval(() => {
      if (this.#users > 0 || before !== this.#start) {
        before = this.#start
        return
      }
      clearInterval(timer)
      open.delete(this.#path)
      closeSync(this.#file)
    }, idle)
    timer.unref()
  }
}

function* pieces(file: number, offset: number, entry: Place, path: string | Buffer): Generator<Uint8Array> {
  for (let done = 0; done < entry.size; ) {
    const piece = Buffer.allocUnsafe(Math.min(entry.size - done, windowSize))
    const size = readSync(file, piece, 0, piece.length, offset + done)
    if (size === 0) throw short(entry, path)
    yield piece.subarray(0, size)
    done += size
  }
}

function short(entry: Place, path: string | Buffer): ImgError {
  return new ImgError('STORE_DAMAGED', `"${path}" ends before the content of "${entry.path}" does`, {
    detail: { path: String(path) },
  })
}
