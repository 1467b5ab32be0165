/** Writing to files of the store, with an error that names what was written when the disk is full. */
import { writeSync } from 'node:fs'
import { ImgError } from '../../error.ts'

/** Writes all of the bytes. Throws DISK_FULL. */
export function writeFully(file: number, bytes: Uint8Array, path: string): void {
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done)
  } catch (error) {
    throw diskError(error, path)
  }
}

/** Does work that writes to `path`, and to what is in it. Throws DISK_FULL. */
export async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw diskError(error, path)
  }
}

/** The error to throw: DISK_FULL with the path where the disk is full, or what it was. */
export function diskError(cause: unknown, path: string): unknown {
  const { code } = cause as NodeJS.ErrnoException
  if (cause instanceof ImgError || (code !== 'ENOSPC' && code !== 'EDQUOT')) return cause
  return new ImgError('DISK_FULL', `no space is left on the device to write "${path}"`, {
    hint: 'free some space, or keep the store elsewhere: --store DIR, or IMGSDK_STORE',
    detail: { path },
    cause,
  })
}
