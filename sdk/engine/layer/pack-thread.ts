/** Threads that hash and write archives: started when first needed, kept for the next archive, and no reason for the process to stay. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Answer, Order } from './pack-worker.ts'
import { type Batch, batchSize, type Digests } from './tar-digest.ts'

/** Batches that a thread may be behind before whoever packs is told to wait; a few more have room. */
const behind = 8
const slots = behind + 4

/** A worker, and the memory that it is handed batches in: both threads see it, so nothing is copied or collected. */
interface Partner {
  readonly worker: Worker
  readonly memory: SharedArrayBuffer
  /** How many batches the worker is done with, ever. */
  readonly done: Int32Array
  /** How many it was given, ever; and by slot of the memory, the number of the last. */
  given: number
  readonly last: number[]
}

/** Milliseconds after which a thread that does nothing is given up. */
const stuck = 60_000

const idle: Partner[] = []
const most = Math.min(availableParallelism() - 1, 4)
let started = 0

/** A thread that is free, or a new one; none where all cores have one. */
export function takeThread(file: number): PackThread | undefined {
  const partner = idle.pop() ?? (started < most ? start() : undefined)
  return partner && new PackThread(partner, file)
}

function start(): Partner {
  started++
  const memory = new SharedArrayBuffer(slots * batchSize)
  const done = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL('./pack-worker.js', import.meta.url), { workerData: { memory, done } })
  return { worker, memory, done, given: 0, last: Array.from({ length: slots }, () => 0) }
}

/** A worker, for as long as one archive takes. */
export class PackThread {
  readonly #partner: Partner
  #slot = 0
  #pending = 0
  #failure: Error | undefined
  #digests: Digests | undefined
  #dead = false
  #wake: (() => void) | undefined

  constructor(partner: Partner, file: number) {
    this.#partner = partner
    const { worker } = partner
    worker.ref()
    worker.on('message', this.#hear)
    worker.on('error', this.#die)
    this.#tell({ file })
  }

  /** Memory for the next batch. Blocks where the thread still has what was in it, which whoever waits for `settled` hardly ever sees. */
  buffer(): Uint8Array {
    const { memory, done, last } = this.#partner
    const slot = this.#slot++ % slots
    for (let now = Atomics.load(done, 0); now < last[slot]!; now = Atomics.load(done, 0)) {
      if (Atomics.wait(done, 0, now, stuck) === 'timed-out')
        throw new Error('the thread that writes the layer is stuck')
    }
    return new Uint8Array(memory, slot * batchSize, batchSize)
  }

  take({ bytes, marks }: Batch): void {
    if (this.#failure) throw this.#failure
    this.#pending++
    const { buffer, byteOffset: offset, length } = bytes
    const partner = this.#partner
    partner.given++
    if (buffer === partner.memory) {
      partner.last[offset / batchSize] = partner.given
      this.#tell({ offset, length, marks })
    } else this.#tell({ bytes, marks }, [buffer as ArrayBuffer])
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
    const { worker } = this.#partner
    worker.off('message', this.#hear)
    worker.off('error', this.#die)
    worker.unref()
    if (!this.#dead) idle.push(this.#partner)
  }

  #tell(order: Order, transfer: ArrayBuffer[] = []): void {
    this.#partner.worker.postMessage(order, transfer)
  }

  async #until(met: () => boolean): Promise<void> {
    while (!met() && !this.#dead) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#failure) throw this.#failure
  }

  #hear = (answer: Answer): void => {
    if ('tar' in answer) this.#digests = answer
    else {
      this.#pending--
      const { failure } = answer
      if (failure) this.#failure ??= Object.assign(new Error(failure.message), { code: failure.code })
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
