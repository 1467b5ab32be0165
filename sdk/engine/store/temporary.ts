/** Room for work in progress, and the sweeping up after processes that died in the middle of theirs. */
import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { diskError, removeTree } from './disk.ts'
import { owner, ownerState } from './owner.ts'

/** Of another machine: its process cannot be looked up. */
const staleAfter = 24 * 3600_000 // milliseconds

/** A folder that nobody else uses and, on POSIX systems, nobody else can enter. */
export interface Temporary {
  readonly path: string
  remove(): void
}

/** The temporary folders of this process, below `tmp/` of a store. */
export class Temporaries {
  readonly #folder: string
  #own: string | undefined
  #count = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /** A path on the file system of the store that nothing uses yet. */
  name(): string {
    return join(this.#ownFolder(), String(++this.#count))
  }

  make(): Temporary {
    const path = this.name()
    try {
      mkdirSync(path, { mode: 0o700 })
    } catch (error) {
      throw diskError(error, path)
    }
    return { path, remove: () => void removeTree(path) }
  }

  /** Removes what this process left; folders in use by others of it stay. */
  close(): void {
    if (this.#own) removeTree(this.#own)
    this.#own = undefined
  }

  /** Removes what dead processes left. */
  sweep(): void {
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name)
      const state = ownerState(name)
      if (state === 'dead' || (state === 'unknown' && age(path) > staleAfter)) removeTree(path)
    }
  }

  /** One folder per process and opened store, made when first needed. */
  #ownFolder(): string {
    if (this.#own) return this.#own
    const path = join(this.#folder, `${owner()}-${++opened}`)
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 })
    } catch (error) {
      throw diskError(error, path)
    }
    this.#own = path
    return path
  }
}

let opened = 0

function age(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch {
    return 0
  }
}
