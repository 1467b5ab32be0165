/** Writes files so that a reader sees the old content or the new, never a part. */
import { chmodSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { ImgError, reasonOf } from '../sdk/error.ts'

/**
 * Makes the folders it needs.
 * @throws EXPORT_FAILED
 */
export function writeFileAtomic(path: string, text: string, mode?: number): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(temporary, text, { flag: 'wx' })
    if (mode !== undefined) chmodSync(temporary, mode)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw new ImgError('EXPORT_FAILED', `${path} could not be written: ${reasonOf(error)}`, { cause: error })
  }
}

/**
 * Gives a file that is there new content; its mode stays, and so does a link that leads to it.
 * @throws EXPORT_FAILED
 */
export function rewriteFile(path: string, text: string): void {
  const real = realpathSync(path)
  writeFileAtomic(real, text, statSync(real).mode & 0o7777)
}
