/**
 * Gzip in blocks of a fixed size, deflated independently over worker threads and joined into one stream. Each block has the 32 KiB
 * before it as its dictionary, so the blocks cost almost nothing in size, and the bytes do not depend on how many cores there are.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { constants, crc32, deflateRaw } from 'node:zlib'
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
export async function* pieces(
  size: number,
  level: number,
  read: (offset: number, length: number) => Buffer,
  io: Io,
  workers = Math.min(availableParallelism(), 8),
): AsyncGenerator<Piece> {
  const blocks = Math.ceil(size / blockSize) || 1
  // a worker takes 25 ms to start: not for a layer of one or two blocks, as most RUNs make
  const pool = blocks > 2 && workers > 0 ? poolOf(workers) : undefined
  const deflate = pool ? (job: Job) => pool.deflate(job) : deflateHere
  const ahead = 2 * Math.max(1, Math.min(workers, blocks))
  const waiting: { bytes: Promise<Uint8Array>; crc: number }[] = []
  let dictionary: Buffer = Buffer.alloc(0)
  let crc = 0
  for (let at = 0; at < blocks; at++) {
    if (io.signal.aborted) {
      throw new ImgError('BUILD_CANCELLED', 'the build was interrupted', { cause: io.signal.reason })
    }
    const block = read(at * blockSize, Math.min(blockSize, size - at * blockSize))
    crc = crc32(block, crc)
    const next = Buffer.from(block.subarray(Math.max(0, block.length - dictionarySize)))
    const bytes = deflate({ block, dictionary, level, last: at === blocks - 1 })
    bytes.catch(() => {})
    waiting.push({ bytes, crc })
    dictionary = next
    if (waiting.length > ahead) yield await settle(waiting.shift()!)
  }
  while (waiting.length > 0) yield await settle(waiting.shift()!)
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

function deflateHere({ block, ...job }: Job): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    deflateRaw(block, deflateOptions(job), (error, bytes) => (error ? reject(error) : resolve(bytes)))
  })
}

/** The same for every way of running it: these decide the bytes. */
function deflateOptions({ level, last, dictionary }: Omit<Job, 'block'>) {
  const finishFlush = last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH
  return { level, finishFlush, memLevel: 8, chunkSize: 1 << 18, ...(dictionary.length > 0 ? { dictionary } : {}) }
}

// Self-contained, so that it runs wherever this module was bundled to.
const work = `
const { parentPort } = require('node:worker_threads')
const { deflateRawSync } = require('node:zlib')
parentPort.on('message', ({ block, options }) => {
  const bytes = new Uint8Array(deflateRawSync(block, options))
  parentPort.postMessage(bytes, [bytes.buffer])
})`

interface Waiting {
  readonly job: Job
  resolve(bytes: Uint8Array): void
  reject(error: Error): void
}

/** Workers that deflate one block each at a time, started when first needed and kept: they hold no process back. */
class Pool {
  readonly size: number
  readonly #idle: Worker[] = []
  readonly #queue: Waiting[] = []
  #started = 0

  constructor(size: number) {
    this.size = size
  }

  deflate(job: Job): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject })
      this.#next()
    })
  }

  #next(): void {
    if (this.#queue.length === 0) return
    const worker = this.#idle.pop() ?? (this.#started < this.size ? this.#start() : undefined)
    if (worker) this.#give(worker, this.#queue.shift()!)
  }

  #give(worker: Worker, { job, resolve, reject }: Waiting): void {
    const done = (bytes: Uint8Array) => {
      worker.off('error', failed)
      worker.unref()
      this.#idle.push(worker)
      resolve(bytes)
      this.#next()
    }
    const failed = (error: Error) => {
      worker.off('message', done)
      this.#started--
      reject(error)
      this.#next()
    }
    worker.once('message', done)
    worker.once('error', failed)
    worker.ref()
    worker.postMessage({ block: job.block, options: deflateOptions(job) }, [job.block.buffer as ArrayBuffer])
  }

  #start(): Worker {
    this.#started++
    return new Worker(work, { eval: true })
  }
}

let shared: Pool | undefined

/** The pool of this process; of another size only where a caller wants it so. */
function poolOf(size: number): Pool {
  if (shared?.size !== size) shared = new Pool(size)
  return shared
}
