/** Output that is there whole or not at all: written under another name beside its place, then renamed. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import type { Io } from '../engine/ports.ts'
import { ImgError } from '../error.ts'
import { throwIfCancelled } from './blob.ts'

/** Where an archive goes: a path, or a stream such as stdout, which is not ended. */
export type Destination = string | Writable

/**
 * Writes a file, replacing one that is there. Missing parent directories are made. A device or a pipe is written to as it is.
 * Nothing is flushed to the disk: after a power cut an export is made again.
 *
 * @throws EXPORT_FAILED, DISK_FULL, BUILD_CANCELLED; nothing is left then
 */
export async function writeFile(dest: Destination, pieces: AsyncIterable<Uint8Array>, io: Io): Promise<void> {
  if (typeof dest !== 'string') return writeStream(dest, pieces, io)
  try {
    const target = await realpath(dest).catch(() => resolve(dest))
    const found = await stat(target).catch(() => undefined)
    if (found?.isDirectory()) throw isDirectory(dest)
    if (found && !found.isFile()) return await writeAll(target, 'w', pieces, io)
    await mkdir(dirname(target), { recursive: true })
    const temporary = temporaryBeside(target)
    try {
      await writeAll(temporary, 'wx', pieces, io)
      await rename(temporary, target)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  } catch (error) {
    throw exportError(error, dest, io.signal)
  }
}

/** A name in the same directory that nobody else has. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
}

/** What went wrong while writing to `path`, as one of our errors. */
export function exportError(thrown: unknown, path: string, signal: AbortSignal): ImgError {
  if (thrown instanceof ImgError) return thrown
  const errno = (thrown as NodeJS.ErrnoException | undefined)?.code
  const detail = { path, ...(errno === undefined ? {} : { errno }) }
  if (signal.aborted) return new ImgError('BUILD_CANCELLED', 'the export was interrupted', { cause: thrown, detail })
  if (errno === 'ENOSPC' || errno === 'EDQUOT') {
    return new ImgError('DISK_FULL', `no space was left for "${path}"`, { cause: thrown, detail })
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new ImgError('EXPORT_FAILED', `"${path}" could not be written: ${reason}`, { cause: thrown, detail })
}

async function writeAll(path: string, flags: string, pieces: AsyncIterable<Uint8Array>, io: Io): Promise<void> {
  const file = await open(path, flags, 0o644)
  try {
    for await (const piece of pieces) {
      throwIfCancelled(io.signal)
      for (let offset = 0; offset < piece.length; ) offset += (await file.write(piece, offset)).bytesWritten
    }
  } finally {
    await file.close()
  }
}

async function writeStream(stream: Writable, pieces: AsyncIterable<Uint8Array>, io: Io): Promise<void> {
  let failure: unknown
  const onError = (error: unknown) => {
    failure = error
  }
  stream.on('error', onError)
  try {
    for await (const piece of pieces) {
      throwIfCancelled(io.signal)
      await new Promise<void>((done, fail) => stream.write(piece, (error) => (error ? fail(error) : done())))
    }
    if (failure) throw failure
  } catch (error) {
    throw exportError(error, 'the output stream', io.signal)
  } finally {
    stream.off('error', onError)
  }
}

function isDirectory(dest: string): ImgError {
  return new ImgError('EXPORT_FAILED', `"${dest}" is a directory; expected the name of a file`, {
    hint: `write dest=${join(dest, 'image.tar')}, or tar=false for a layout directory`,
    detail: { path: dest },
  })
}
