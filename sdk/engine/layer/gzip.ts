/**
 * Gzip in blocks of a fixed size, deflated independently over worker threads and joined into one stream. Each block has the 32 KiB
 * before it as its dictionary, so the blocks cost almost nothing in size, and the bytes do not depend on how many cores there are.
 */
import { availableParallelism } from 'node:os'
import { crc32 } from 'node:zlib'
import { Worker } from 'node:worker_threads'
import { ImgError } from '../../error.ts'
import type { Io } from '../ports.ts'

const blockSize = 1 << 20
const dictionarySize = 32 << 10

/** No name, no time, system unknown. Source: RFC 1952. */
export const gzipHeader = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255)

/** The checksum of the content, and its size modulo 2³². */
export function gzipTrailer(crc: number, size: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(crc >>> 0, 0)
  bytes.writeUInt32LE(size % 2 ** 32, 4)
  return bytes
}

/** A block, deflated. `crc` is of the whole content so far. */
interface Piece {
  readonly bytes: Uint8Array
  readonly crc: number
}

/** The blocks of a content of `size` bytes, in order. A few are on their way at any time, so memory stays bounded. */
export async function* pieces(size: number, level: number, read: (offset: number, length: number) => Buffer, io: Io): AsyncGenerator<Piece> {
  const pool = new Pool(Math.min(availableParallelism(), Math.ceil(size / blockSize) || 1, 8))
  const waiting: { bytes: Promise<Uint8Array>; crc: number }[] = []
  let dictionary: Buffer = Buffer.alloc(0)
  let crc = 0
  try {
    for (let offset = 0; offset < size || offset === 0; offset += blockSize) {
      if (io.signal.aborted) throw new ImgError('BUILD_CANCELLED', 'the build was interrupted', { cause: io.signal.reason })
      const block = read(offset, Math.min(blockSize, size - offset))
      crc = crc32(block, crc)
      const next = Buffer.from(block.subarray(Math.max(0, block.length - dictionarySize)))
      const last = offset + blockSize >= size
      const bytes = pool.deflate({ block, dictionary, level, last })
      bytes.catch(() => {})
      waiting.push({ bytes, crc })
      dictionary = next
      if (waiting.length > pool.size * 2) yield await settle(waiting.shift()!)
    }
    while (waiting.length > 0) yield await settle(waiting.shift()!)
  } finally {
    pool.close()
  }
}

async function settle({ bytes, crc }: { bytes: Promise<Uint8Array>; crc: number }): Promise<Piece> {
  return { bytes: await bytes, crc }
}

interface Job {
  readonly block: Uint8Array
  readonly dictionary: Uint8Array
  readonly level: number
  readonly last: boolean
}

// Self-contained, so that it runs wherever this module was bundled to.
const work = `
const { parentPort } = require('node:worker_threads')
const { constants, deflateRawSync } = require('node:zlib')
parentPort.on('message', ({ block, dictionary, level, last }) => {
  const finishFlush = last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH
  const bytes = deflateRawSync(block, { level, finishFlush, memLevel: 8, ...(dictionary.length > 0 ? { dictionary } : {}) })
  const own = new Uint8Array(bytes)
  parentPort.postMessage(own, [own.buffer])
})`

/** Workers that deflate one block each at a time. */
class Pool {
  readonly size: number
  readonly #idle: Worker[] = []
  readonly #all: Worker[] = []
  readonly #queue: { job: Job; resolve: (bytes: Uint8Array) => void; reject: (error: Error) => void }[] = []

  constructor(size: number) {
    this.size = size
  }

  deflate(job: Job): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject })
      this.#next()
    })
  }

  close(): void {
    for (const worker of this.#all) void worker.terminate()
  }

  #next(): void {
    if (this.#queue.length === 0) return
    const worker = this.#idle.pop() ?? (this.#all.length < this.size ? this.#start() : undefined)
    if (!worker) return
    const { job, resolve, reject } = this.#queue.shift()!
    const done = (bytes: Uint8Array) => {
      worker.off('error', failed)
      this.#idle.push(worker)
      resolve(bytes)
      this.#next()
    }
    const failed = (error: Error) => {
      worker.off('message', done)
      reject(error)
    }
    worker.once('message', done)
    worker.once('error', failed)
    worker.postMessage(job, [job.block.buffer as ArrayBuffer])
  }

  #start(): Worker {
    const worker = new Worker(work, { eval: true })
    this.#all.push(worker)
    return worker
  }
}
