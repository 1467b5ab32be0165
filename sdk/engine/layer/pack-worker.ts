/** The thread that hashes and writes what is packed, while the next entries are read. It is handed batches, and hands their memory back. */
import { fdatasync, writeSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { type Digests, TarDigest } from './tar-digest.ts'

/** What the worker is told: which file comes, a part of it, that it is over. */
export type Order =
  | { readonly file: number }
  | { readonly bytes: ArrayBuffer; readonly length: number; readonly marks: readonly number[] }
  | 'end'

/** What it answers: memory that it is done with, and at the end the digests. */
export type Answer =
  | { readonly bytes: ArrayBuffer; readonly failure?: { readonly message: string; readonly code: string | undefined } }
  | Digests

let file = -1
let digest = new TarDigest()
let written = 0
let syncing = false

/** Bytes after which the disk is told to begin: then little is left to wait for when the file is flushed at its end. */
const stretch = 8 << 20

parentPort?.on('message', (order: Order) => {
  if (order === 'end') return answer(digest.finish())
  if ('file' in order) {
    file = order.file
    digest = new TarDigest()
    return
  }
  const { bytes, length, marks } = order
  try {
    take(new Uint8Array(bytes, 0, length), marks)
    answer({ bytes }, [bytes])
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    answer({ bytes, failure: { message, code } }, [bytes])
  }
})

function take(bytes: Uint8Array, marks: readonly number[]): void {
  digest.take({ bytes, marks })
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

function answer(answer: Answer, transfer: ArrayBuffer[] = []): void {
  parentPort!.postMessage(answer, transfer)
}
