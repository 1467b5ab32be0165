/** Work that several callers share: done once, and not lost for all when one of them gives up. */
import { ImgError } from '../../error.ts'
import type { Io } from '../ports.ts'
import { stopIfCancelled } from './pace.ts'

/** A value that is made when it is first asked for. A failure is not kept: the next call tries again. */
export class Once<T> {
  readonly #make: (io?: Io) => Promise<T>
  #made: Promise<T> | undefined

  constructor(make: (io?: Io) => Promise<T>) {
    this.#make = make
  }

  async get(io?: Io): Promise<T> {
    for (;;) {
      stopIfCancelled(io)
      const mine = this.#made === undefined
      const made = this.#made ?? this.#start(io)
      try {
        return await made
      } catch (error) {
        // whoever started it was interrupted; this caller was not
        const theirs = !mine && error instanceof ImgError && error.code === 'BUILD_CANCELLED'
        if (!theirs) throw error
      }
    }
  }

  set(value: T): void {
    this.#made = Promise.resolve(value)
  }

  /** The next call makes it anew. */
  forget(): void {
    this.#made = undefined
  }

  #start(io?: Io): Promise<T> {
    const made = this.#make(io)
    this.#made = made
    made.catch(() => {
      if (this.#made === made) this.#made = undefined
    })
    return made
  }
}
