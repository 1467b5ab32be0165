/** Where the contents of an archive wait for their turn: a file without a name. */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'

const batchSize = 2 ** 20

/** Bytes that are written once, in order, and read back by place. */
export class Spool {
  readonly #folder: string
  #file: number | undefined
  #batch: Buffer | undefined
  #filled = 0
  #written = 0
  #promised = 0

  /** @param folder  where the file is made, and at once removed from @default the system's folder for temporary files */
  constructor(folder: string = tmpdir()) {
    this.#folder = folder
  }

  /** Announces the next content, and answers how to read it once it is written. */
  expect(size: number): () => Iterable<Uint8Array> {
    const start = this.#promised
    this.#promised += size
    return () => this.#read(start, size)
  }

  write(bytes: Uint8Array): void {
    this.#batch ??= Buffer.allocUnsafeSlow(batchSize)
    for (let at = 0; at < bytes.length; ) {
      const count = Math.min(bytes.length - at, batchSize - this.#filled)
      this.#batch.set(bytes.subarray(at, at + count), this.#filled)
      this.#filled += count
      at += count
      if (this.#filled === batchSize) this.#flush()
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  *#read(start: number, size: number): Generator<Uint8Array> {
    this.#flush()
    for (let done = 0; done < size; ) {
      const piece = Buffer.allocUnsafe(Math.min(size - done, batchSize))
      const count = readSync(this.#open(), piece, 0, piece.length, start + done)
      if (count === 0)
        throw new ImgError('LAYER_INVALID', 'the archive ends before the content of its last member does')
      yield piece.subarray(0, count)
      done += count
    }
  }

  #flush(): void {
    if (this.#filled === 0 || !this.#batch) return
    try {
      for (let at = 0; at < this.#filled; ) {
        const count = writeSync(this.#open(), this.#batch, at, this.#filled - at, this.#written)
        at += count
        this.#written += count
      }
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause
      throw new ImgError('DISK_FULL', `there is no space left in "${this.#folder}" to unpack an archive`, { cause })
    }
    this.#filled = 0
  }

  #open(): number {
    if (this.#file !== undefined) return this.#file
    const folder = mkdtempSync(join(this.#folder, 'imgsdk-'))
    try {
      this.#file = openSync(join(folder, 'spool'), 'wx+', 0o600)
    } finally {
      // The file lives on for as long as it is open; a crash leaves nothing behind.
      rmSync(folder, { recursive: true, force: true })
    }
    return this.#file
  }
}
