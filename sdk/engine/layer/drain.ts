/**
 * Where the bytes of an archive go while it is packed: hashed and written by a thread of their own once there are more than a few, so that
 * the next files are read meanwhile; a small archive is done with sooner than a thread is started.
 */
import { type PackThread, takeThread } from './pack-thread.ts'
import { type Batch, batchSize, type Digests, TarDigest } from './tar-digest.ts'
import { writeFully } from './write.ts'

/** Where the bytes of an archive go. */
export interface Drain {
  /** Memory for a batch. */
  buffer(): Uint8Array
  /** Takes a batch and the memory that it is in. */
  take(batch: Batch): void
  /** What to wait for before the next batch. */
  settled(): undefined | Promise<void>
  /** When everything is written: the digests. */
  finish(): Promise<Digests>
}

/** Batches that wait before a thread is worth its start. */
const few = 4

/** Takes bytes as they come; they are only good until the promise, if there is one, is fulfilled. */
export type Sink = (bytes: Uint8Array) => void | Promise<void>

/** Hashes here, and gives the bytes to a function. */
export function sinkDrain(sink: Sink): Drain {
  const digest = new TarDigest()
  const waiting: Uint8Array[] = []
  const spares: ArrayBuffer[] = []
  const give = async () => {
    for (let bytes = waiting.shift(); bytes; bytes = waiting.shift()) {
      await sink(bytes)
      spares.push(bytes.buffer as ArrayBuffer)
    }
  }
  return {
    buffer: () => new Uint8Array(spares.pop() ?? new ArrayBuffer(batchSize)),
    take(batch) {
      digest.take(batch)
      waiting.push(batch.bytes)
    },
    settled: () => (waiting.length > 0 ? give() : undefined),
    async finish() {
      await give()
      return digest.finish()
    },
  }
}

/**
 * Writes to an open file. Whoever packs must call `close` before the file is closed, however packing ended.
 *
 * @throws DISK_FULL, and what writing throws, from `take` and `finish`
 */
export class FileDrain implements Drain {
  readonly #file: number
  readonly #path: string
  readonly #waiting: Batch[] = []
  #thread: PackThread | undefined
  #here: TarDigest | undefined

  constructor(file: number, path: string) {
    this.#file = file
    this.#path = path
  }

  buffer(): Uint8Array {
    return this.#thread?.buffer() ?? new Uint8Array(batchSize)
  }

  take(batch: Batch): void {
    if (this.#here) this.#write(batch)
    else if (this.#thread) this.#thread.take(batch)
    else this.#wait(batch)
  }

  settled(): undefined | Promise<void> {
    return this.#thread?.settled()
  }

  async finish(): Promise<Digests> {
    if (this.#thread) return this.#thread.finish()
    this.#writeHere()
    return this.#here!.finish()
  }

  /** Nothing is written any more once this is fulfilled. */
  async close(): Promise<void> {
    await this.#thread?.leave()
    this.#thread = undefined
  }

  #wait(batch: Batch): void {
    this.#waiting.push(batch)
    if (this.#waiting.length <= few) return
    const thread = takeThread(this.#file)
    this.#thread = thread
    if (!thread) this.#writeHere()
    else for (const each of this.#waiting.splice(0)) thread.take(each)
  }

  #writeHere(): void {
    this.#here ??= new TarDigest()
    for (const batch of this.#waiting.splice(0)) this.#write(batch)
  }

  #write(batch: Batch): void {
    this.#here!.take(batch)
    writeFully(this.#file, batch.bytes, this.#path)
  }
}
