/** File functions relative to an open directory: what Node lacks `openat` for. */
import { closeSync, constants, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileName } from '../engine/name.ts'
import { ImgError } from '../error.ts'

const { O_RDONLY } = constants
// 0 where the system has no such flag
const flags = O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0)

/**
 * An open directory. A name in it leads through the descriptor, so that nobody who swaps one of the directories above for a link
 * can lead it elsewhere. Systems without `/proc` have only its path.
 */
export class Directory {
  readonly file: number
  /** Leads through the descriptor, for as long as it is open. */
  readonly path: string

  /** @throws PATH_ESCAPES  something else is there */
  constructor(path: string | Buffer) {
    try {
      this.file = openSync(path, flags)
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      if (code !== 'ELOOP' && code !== 'ENOTDIR') throw cause
      throw new ImgError('PATH_ESCAPES', `"${path}" was replaced by something else meanwhile`, { cause })
    }
    this.path = process.platform === 'linux' ? `/proc/self/fd/${this.file}` : String(path)
  }

  /** The path of a name in this directory; the name itself may be a link, which is not followed by who does not want to. */
  at(name: string): string | Buffer {
    const bytes = fileName(name)
    return typeof bytes === 'string' ? join(this.path, bytes) : Buffer.concat([Buffer.from(`${this.path}/`), bytes])
  }

  open(name: string): Directory {
    return new Directory(this.at(name))
  }

  close(): void {
    closeSync(this.file)
  }
}
