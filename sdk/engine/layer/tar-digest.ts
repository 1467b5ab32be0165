/** The digests of an archive and of the files in it, out of its bytes as they come. Runs here, or in `pack-worker.ts`. */
import { createHash, type Hash } from 'node:crypto'

/** The size of a batch, in bytes. */
export const batchSize = 1 << 20

/** Consecutive bytes of an archive, and which of them are contents of files. */
export interface Batch {
  readonly bytes: Uint8Array
  /** Three numbers for each part of a file: where it starts in the bytes, where it ends, and 1 when the file ends there too, else 0. */
  readonly marks: readonly number[]
}

/** What was hashed, in hexadecimal digits. */
export interface Digests {
  readonly tar: string
  /** Of each file, in order. */
  readonly files: readonly string[]
}

/** Hashes the batches of one archive, in order. */
export class TarDigest {
  readonly #tar = createHash('sha256')
  readonly #files: string[] = []
  #file: Hash | undefined

  take({ bytes, marks }: Batch): void {
    this.#tar.update(bytes)
    for (let at = 0; at < marks.length; at += 3) {
      const part = bytes.subarray(marks[at]!, marks[at + 1]!)
      this.#file ??= createHash('sha256')
      this.#file.update(part)
      if (marks[at + 2] === 0) continue
      this.#files.push(this.#file.digest('hex'))
      this.#file = undefined
    }
  }

  finish(): Digests {
    return { tar: this.#tar.digest('hex'), files: this.#files }
  }
}
