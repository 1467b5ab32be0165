/** Gathers the bytes of an archive into batches for a drain, and notes in them where the contents of files are. */
import type { Drain } from './drain.ts'
import { batchSize, type Digests } from './tar-digest.ts'

/** Bytes on their way. Writing never waits; `settled` says what to wait for before going on. */
export class Gathering {
  /** Bytes so far. */
  position = 0
  readonly #drain: Drain
  #bytes: Uint8Array
  #marks: number[] = []
  #filled = 0

  constructor(drain: Drain) {
    this.#drain = drain
    this.#bytes = drain.buffer()
  }

  write(bytes: Uint8Array): void {
    this.#put(bytes, false)
  }

  /** Writes a part of a file's content. */
  content(bytes: Uint8Array): void {
    this.#put(bytes, true)
  }

  /** The file whose content was written last has no more. */
  endFile(): void {
    const last = this.#marks.length - 1
    if (last >= 0 && this.#marks[last - 1] === this.#filled) this.#marks[last] = 1
    else this.#marks.push(this.#filled, this.#filled, 1)
  }

  settled(): undefined | Promise<void> {
    return this.#drain.settled()
  }

  finish(): Promise<Digests> {
    this.#spill()
    return this.#drain.finish()
  }

  #put(bytes: Uint8Array, marked: boolean): void {
    this.position += bytes.length
    for (let done = 0; done < bytes.length; ) {
      if (this.#filled === batchSize) {
        this.#spill()
        this.#bytes = this.#drain.buffer()
      }
      const length = Math.min(bytes.length - done, batchSize - this.#filled)
      this.#bytes.set(length === bytes.length ? bytes : bytes.subarray(done, done + length), this.#filled)
      if (marked) this.#marks.push(this.#filled, this.#filled + length, 0)
      this.#filled += length
      done += length
    }
  }

  #spill(): void {
    if (this.#filled === 0 && this.#marks.length === 0) return
    this.#drain.take({ bytes: this.#bytes.subarray(0, this.#filled), marks: this.#marks })
    this.#filled = 0
    this.#marks = []
  }
}
