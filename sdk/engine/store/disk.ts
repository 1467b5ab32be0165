/** Writing so that a crash at any moment leaves the old or the new, and so that a full disk says which. */
import {
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { ImgError } from '../../error.ts'

/** The error as the store throws it: DISK_FULL with the path where the disk is full, or as it was. */
export function diskError(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (error instanceof ImgError || (code !== 'ENOSPC' && code !== 'EDQUOT')) return error
  return new ImgError('DISK_FULL', `no space is left on the device to write "${path}"`, {
    hint: 'free some space, or keep the store elsewhere: --store DIR, or IMGSDK_STORE',
    detail: { path },
    cause: error,
  })
}

/**
 * Does work that writes to `path`.
 * @throws DISK_FULL naming the path
 */
export async function guard<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw diskError(error, path)
  }
}

/**
 * Writes a file under another name and renames it: readers see the old file or the new one.
 * @param durable  whether it must outlive a power cut
 * @throws DISK_FULL
 */
export function replaceFile(path: string, bytes: string | Uint8Array, temporary: string, durable = false): void {
  let file: number | undefined
  try {
    file = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o644)
    const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    writeAll(file, buffer)
    if (durable) fsyncSync(file)
    closeSync(file)
    file = undefined
    rename(temporary, path)
  } catch (error) {
    if (file !== undefined) closeSync(file)
    rmSync(temporary, { force: true })
    throw diskError(error, path)
  }
}

/** All of the bytes: a write may take only some of them. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done)
}

/** Renames, making the directory where it is missing. */
export function rename(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    mkdirSync(dirname(to), { recursive: true })
    renameSync(from, to)
  }
}

/**
 * Removes a tree of ours. Leaves it where something is mounted in it: what lies there may be anybody's.
 * @returns whether it is gone
 */
export function removeTree(path: string): boolean {
  if (mountPoints().some((point) => point === path || point.startsWith(`${path}/`))) return false
  try {
    rmSync(path, { recursive: true, force: true })
    return true
  } catch {
    return false // files of other users, left by a container
  }
}

/** Source: proc(5), /proc/pid/mountinfo, field 5; blanks and the like are octal escapes. */
function mountPoints(): string[] {
  try {
    const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
    return lines.map((line) =>
      (line.split(' ')[4] ?? '').replace(/\\(\d{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8))),
    )
  } catch {
    return []
  }
}
