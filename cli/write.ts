/** Writes files so that a reader sees the old content or the new, never a part. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { ImgError } from '../sdk/error.ts'

/**
 * Makes the folders it needs.
 * @throws EXPORT_FAILED
 */
export function writeFileAtomic(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(temporary, text, { flag: 'wx' })
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw new ImgError('EXPORT_FAILED', `${path} could not be written: ${(error as Error).message}`, { cause: error })
  }
}
