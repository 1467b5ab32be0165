/** Content-addressed bytes as files, checked on the way in and on the way out. */
import { createHash } from 'node:crypto'
import { closeSync, fdatasync, openSync, readdirSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { ImgError } from '../../error.ts'
import { type Digest, hexOf, isDigest } from '../../oci/digest.ts'
import type { BlobStore, Io } from '../ports.ts'
import { guard, rename, writeAll } from './disk.ts'

const sync = promisify(fdatasync)
const pieceSize = 1 << 20

/** The blobs of a store, with what only the store itself needs of them. */
export interface BlobFolder extends BlobStore {
  /** Where a blob is, or would be. */
  path(digest: Digest): string
  /** Bytes; undefined when it is not there. */
  size(digest: Digest): number | undefined
  /** Makes a finished file a blob, flushed to the disk. The caller has hashed it. */
  take(file: string, digest: Digest): Promise<void>
  remove(digest: Digest): void
  list(): Digest[]
}

/** The blobs in `<folder>/sha256`. */
export function openBlobs(folder: string, temporary: () => string): BlobFolder {
  const path = (digest: Digest) => {
    // a digest from a hostile manifest must not become a path of its own choice
    if (!isDigest(digest)) throw new ImgError('DIGEST_INVALID', `"${String(digest).slice(0, 100)}" is not a digest`)
    return join(folder, 'sha256', hexOf(digest))
  }
  const size = (digest: Digest) => statSync(path(digest), { throwIfNoEntry: false })?.size
  const remove = (digest: Digest) => rmSync(path(digest), { force: true })
  return {
    path,
    size,
    remove,
    has: async (digest) => size(digest) !== undefined,
    get: async (digest) => read(path(digest), digest),
    async put(bytes, expected = {}, io) {
      const there = expected.digest === undefined ? undefined : size(expected.digest)
      if (there !== undefined && (expected.size ?? there) === there) {
        if (bytes instanceof Readable) bytes.destroy()
        return { digest: expected.digest!, size: there }
      }
      const file = temporary()
      const kept = await guard(path(expected.digest ?? placeholder), () => receive(bytes, file, expected, io)).catch(
        (error) => {
          rmSync(file, { force: true })
          throw error
        },
      )
      rename(file, path(kept.digest))
      return kept
    },
    async take(file, digest) {
      await guard(path(digest), () => flush(file))
      rename(file, path(digest))
    },
    list() {
      return readdirSync(join(folder, 'sha256'))
        .map((hex) => `sha256:${hex}`)
        .filter(isDigest)
    },
  }
}

const placeholder: Digest = `sha256:${'0'.repeat(64)}`

/** Writes the bytes to a file, hashing them. */
async function receive(
  bytes: Readable | Uint8Array,
  path: string,
  expected: { digest?: Digest; size?: number },
  io?: Io,
) {
  const hash = createHash('sha256')
  let size = 0
  const file = openSync(path, 'wx', 0o644)
  try {
    for await (const piece of bytes instanceof Uint8Array ? [bytes] : (bytes as AsyncIterable<Uint8Array>)) {
      if (io?.signal.aborted)
        throw new ImgError('BUILD_CANCELLED', 'the build was interrupted', { cause: io.signal.reason })
      size += piece.length
      // an endless body stops here
      if (size > (expected.size ?? Number.POSITIVE_INFINITY)) break
      hash.update(piece)
      writeAll(file, piece)
    }
    await sync(file)
  } finally {
    closeSync(file)
  }
  const digest: Digest = `sha256:${hash.digest('hex')}`
  if (expected.size !== undefined && size !== expected.size) {
    const found = size > expected.size ? `more than ${expected.size}` : size
    throw mismatch(`expected ${expected.size} bytes, found ${found}`, expected.digest)
  }
  if (expected.digest !== undefined && digest !== expected.digest) {
    throw mismatch(`expected ${expected.digest}, found ${digest}`, expected.digest)
  }
  return { digest, size }
}

function mismatch(what: string, digest: Digest | undefined): ImgError {
  return new ImgError(
    'DIGEST_MISMATCH',
    `the bytes${digest ? ` of ${digest}` : ''} are not what was promised: ${what}`,
    {
      detail: digest ? { digest } : {},
    },
  )
}

async function flush(path: string): Promise<void> {
  const file = openSync(path, 'r+')
  try {
    await sync(file)
  } finally {
    closeSync(file)
  }
}

/** The blob as a stream that fails at its end when the bytes are not those of the digest. */
async function read(path: string, digest: Digest): Promise<Readable> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new ImgError('IMAGE_NOT_FOUND', `the store has no blob ${digest}`, { detail: { digest } })
  }
  return Readable.from(checked(file, path, digest), { objectMode: false, highWaterMark: pieceSize })
}

async function* checked(file: FileHandle, path: string, digest: Digest): AsyncGenerator<Buffer> {
  try {
    const hash = createHash('sha256')
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(pieceSize), 0, pieceSize)
      if (bytesRead === 0) break
      const piece = buffer.subarray(0, bytesRead)
      hash.update(piece)
      yield piece
    }
    if (hash.digest('hex') !== hexOf(digest)) throw damaged(path, digest)
  } finally {
    await file.close()
  }
}

/** What is thrown for a blob that is not what its name says. The blob is removed: the next build makes or fetches it anew. */
export function damaged(path: string, digest: Digest): ImgError {
  rmSync(path, { force: true })
  return new ImgError(
    'STORE_DAMAGED',
    `the store had a damaged blob, "${path}": its bytes are not those of ${digest}; it was removed`,
    {
      hint: 'run the build again',
      detail: { digest, path },
    },
  )
}
