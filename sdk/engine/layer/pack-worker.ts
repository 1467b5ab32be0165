/** The thread that hashes and writes what is packed, while the next entries are read. Batches come in memory that both threads see. */
import { fdatasync, writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { type Batch, type Digests, TarDigest } from './tar-digest.ts'

/** What the worker is told: which file comes; a batch, in the shared memory or handed over; that the archive is over. */
export type Order =
  | { readonly file: number }
  | { readonly offset: number; readonly length: number; readonly marks: readonly number[] }
  | Batch
  | 'end'

/** What it answers: that it is done with a batch, and at the end the digests. */
export type Answer = { readonly failure?: { readonly message: string; readonly code: string | undefined } } | Digests

/** Bytes after which the disk is told to begin: then little is left to wait for when the file is flushed at its end. */
const stretch = 8 << 20

const { memory, done } = (workerData ?? {}) as { memory: SharedArrayBuffer; done: Int32Array }
let file = -1
let digest = new TarDigest()
let written = 0
let syncing = false

parentPort?.on('message', (order: Order) => {
  if (order === 'end') return answer(digest.finish())
  if ('file' in order) {
    file = order.file
    digest = new TarDigest()
    return
  }
  const bytes = 'bytes' in order ? order.bytes : new Uint8Array(memory, order.offset, order.length)
  const failure = attempt({ bytes, marks: order.marks })
  Atomics.add(done, 0, 1)
  Atomics.notify(done, 0)
  answer(failure ? { failure } : {})
})

function attempt(batch: Batch): { message: string; code: string | undefined } | undefined {
  try {
    digest.take(batch)
    write(batch.bytes)
    return undefined
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    return { message, code }
  }
}

function write(bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done)
  written += bytes.length
  if (written < stretch || syncing) return
  written = 0
  syncing = true
  // Whether it worked is for the last flush to say.
  fdatasync(file, () => {
    syncing = false
  })
}

function answer(answer: Answer): void {
  parentPort!.postMessage(answer)
}
