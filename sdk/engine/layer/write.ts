/** Writing to a file of the store, with an error that names it when the disk is full. */
import { writeSync } from 'node:fs'
import { ImgError } from '../../error.ts'

/** Writes all of the bytes. Throws DISK_FULL. */
export function writeFully(file: number, bytes: Uint8Array, path: string): void {
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw cause
    throw new ImgError('DISK_FULL', `no space is left on the device to write "${path}"`, {
      hint: 'free some space, or keep the store elsewhere: --store DIR, or IMGSDK_STORE',
      detail: { path },
      cause,
    })
  }
}
