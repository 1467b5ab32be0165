/** Threads that hash and write archives: started when first needed, kept for the next archive, and no reason for the process to stay. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Answer, Order } from './pack-worker.ts'
import type { Batch, Digests } from './tar-digest.ts'

/** Batches that a thread may be behind. */
const behind = 8
const idle: Worker[] = []
const most = Math.min(availableParallelism() - 1, 4)
let started = 0

/** A thread that is free, or a new one; none where all cores have one. */
export function takeThread(file: number): PackThread | undefined {
  const worker = idle.pop()
  if (worker) return new PackThread(worker, file)
  if (started >= most) return undefined
  started++
  return new PackThread(new Worker(new URL('./pack-worker.js', import.meta.url)), file)
}

/** A worker, for as long as one archive takes. */
export class PackThread {
  readonly #worker: Worker
  readonly #spares: ArrayBuffer[] = []
  #pending = 0
  #failure: Error | undefined
  #digests: Digests | undefined
  #dead = false
  #wake: (() => void) | undefined

  constructor(worker: Worker, file: number) {
    this.#worker = worker
    worker.ref()
    worker.on('message', this.#hear)
    worker.on('error', this.#die)
    this.#tell({ file })
  }

  spare(): Uint8Array<ArrayBuffer> | undefined {
    const spare = this.#spares.pop()
    return spare && new Uint8Array(spare)
  }

  take({ bytes, marks }: Batch): void {
    if (this.#failure) throw this.#failure
    const buffer = bytes.buffer as ArrayBuffer
    this.#pending++
    this.#tell({ bytes: buffer, length: bytes.length, marks }, [buffer])
  }

  settled(): undefined | Promise<void> {
    return this.#pending > behind ? this.#until(() => this.#pending <= behind / 2) : undefined
  }

  async finish(): Promise<Digests> {
    this.#tell('end')
    await this.#until(() => this.#digests !== undefined)
    return this.#digests!
  }

  /** Gives the worker back once it has done all that it was told. */
  async leave(): Promise<void> {
    await this.#until(() => this.#pending === 0).catch(() => {})
    this.#worker.off('message', this.#hear)
    this.#worker.off('error', this.#die)
    this.#worker.unref()
    if (!this.#dead) idle.push(this.#worker)
  }

  #tell(order: Order, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(order, transfer)
  }

  async #until(met: () => boolean): Promise<void> {
    while (!met()) {
      if (this.#dead) break
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#failure) throw this.#failure
  }

  #hear = (answer: Answer): void => {
    if ('bytes' in answer) {
      this.#pending--
      this.#spares.push(answer.bytes)
      const { failure } = answer
      if (failure) this.#failure ??= Object.assign(new Error(failure.message), { code: failure.code })
    } else {
      this.#digests = answer
    }
    this.#wake?.()
  }

  #die = (error: Error): void => {
    this.#dead = true
    started--
    this.#failure ??= error
    this.#wake?.()
  }
}
