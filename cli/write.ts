/** Writes files so that a reader sees the old content or the new, never a part. */
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import process from 'node:process'
import { makeFolder } from '../sdk/engine/folder.ts'
import { ImgError, reasonOf } from '../sdk/error.ts'

/** The mode of a file, and the owner that root gives it. */
type Like = Pick<Stats, 'mode' | 'uid' | 'gid'>

/**
 * Makes the folders it needs.
 * @throws EXPORT_FAILED
 */
export function writeFileAtomic(path: string, text: string, like?: Like): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    makeFolder(dirname(path))
    const file = openSync(temporary, 'wx')
    try {
      writeFileSync(file, text)
      // through the descriptor: by its name it could be another file by now, and we may be root
      if (like && process.getuid?.() === 0) fchownSync(file, like.uid, like.gid)
      if (like) fchmodSync(file, like.mode & 0o7777)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    removeQuietly(temporary)
    throw new ImgError('EXPORT_FAILED', `${path} could not be written: ${reasonOf(error)}`, { cause: error })
  }
}

/** What cannot be removed was mostly never made: then the first error says more. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {}
}

/** Throws what `node:fs` throws where `writeFileAtomic` would fail, as far as that can be seen. */
export function checkWritable(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) readFileSync(path)
  let folder = resolve(dirname(path))
  while (!statSync(folder, { throwIfNoEntry: false })) folder = dirname(folder)
  accessSync(`${folder}/.`, constants.W_OK | constants.X_OK)
}

/**
 * Gives a file that is there new content; its mode and its owner stay, and so does a link that leads to it.
 * @throws EXPORT_FAILED, also where the file itself is not to be written to
 */
export function rewriteFile(path: string, text: string): void {
  const real = realpathSync(path)
  try {
    accessSync(real, constants.W_OK)
  } catch (error) {
    throw new ImgError('EXPORT_FAILED', `${path} could not be written: ${reasonOf(error)}`, { cause: error })
  }
  writeFileAtomic(real, text, statSync(real))
}
