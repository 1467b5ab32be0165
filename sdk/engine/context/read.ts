/** Reading files of a build context that others may be changing: what is opened is what was listed, or nothing is read. */
import { closeSync, constants, existsSync, fstatSync, openSync, readSync, realpathSync, type Stats } from 'node:fs'
import { ImgError } from '../../error.ts'
import { fileIn } from '../name.ts'
import { baseOf, components, parentOf } from '../tree.ts'
import { attempt } from './error.ts'

/** A file as it was listed. */
export interface Expected {
  readonly path: string
  readonly size: number
  readonly dev: number
  readonly ino: number
}

/** Files are read in pieces of at most this many bytes. */
const pieceSize = 2 ** 20
const { O_RDONLY, O_DIRECTORY = 0, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants

/** Opens files below one folder, each relative to the descriptor of its directory. */
export interface Opener {
  open(path: string): number
  close(): void
}

/**
 * An opener that never follows a link: every component is opened from the descriptor of the one before (through /proc, the only
 * `openat` that Node has). Without /proc the directory's real path is checked instead.
 */
export function createOpener(folder: string): Opener {
  const descriptors = existsSync('/proc/self/fd')
  let current: { readonly path: string; readonly file: number } | undefined
  const close = () => {
    if (current) closeSync(current.file)
    current = undefined
  }
  return {
    open(path) {
      const directory = parentOf(path)
      if (!descriptors) return openChecked(folder, path)
      if (current?.path !== directory) {
        close()
        current = { path: directory, file: openDirectory(folder, directory) }
      }
      return openSync(fileIn(`/proc/self/fd/${current.file}`, baseOf(path)), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    },
    close,
  }
}

function openDirectory(folder: string, path: string): number {
  let file = openSync(folder, O_RDONLY | O_DIRECTORY)
  for (const name of components(path)) {
    try {
      const next = openSync(fileIn(`/proc/self/fd/${file}`, name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
      closeSync(file)
      file = next
    } catch (error) {
      closeSync(file)
      throw error
    }
  }
  return file
}

function openChecked(folder: string, path: string): number {
  const directory = parentOf(path)
  const expected = directory === '' ? folder : fileIn(folder, directory)
  const file = openSync(fileIn(folder, path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  if (realpathSync.native(expected, 'buffer').equals(Buffer.from(expected as string))) return file
  closeSync(file)
  throw changed(path)
}

/** The content of a file. @throws CONTEXT_INVALID when it cannot be read, or is no longer the file that was listed */
export function* readFile(opener: Opener, expected: Expected): Generator<Uint8Array> {
  const { path, size } = expected
  const file = attempt(path, () => opener.open(path))
  try {
    if (!isSame(fstatSync(file), expected)) throw changed(path)
    let total = 0
    for (;;) {
      // One byte more than is left, so that the end shows in the same call.
      const piece = Buffer.allocUnsafe(Math.min(pieceSize, size - total + 1))
      const count = attempt(path, () => readSync(file, piece, 0, piece.length, null))
      total += count
      if (total > size || (count === 0 && total < size)) throw changed(path)
      if (count > 0) yield count === piece.length ? piece : piece.subarray(0, count)
      if (total === size && count < piece.length) return
    }
  } finally {
    closeSync(file)
  }
}

function isSame(stat: Stats, { dev, ino, size }: Expected): boolean {
  return stat.isFile() && stat.dev === dev && stat.ino === ino && stat.size === size
}

function changed(path: string): ImgError {
  return new ImgError('CONTEXT_INVALID', `"${path}" of the build context was changed while it was read`, {
    hint: 'build again when nothing writes to it',
    detail: { path },
  })
}
