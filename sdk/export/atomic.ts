/** Output that is there whole or not at all: written under another name beside its place, then renamed. */
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { makeFolder } from '../engine/folder.ts'
import type { Io } from '../engine/ports.ts'
import { ImgError, reasonOf } from '../error.ts'
import { throwIfCancelled } from './blob.ts'

/** Where an archive goes: a path, or a stream such as stdout, which is not ended. */
export type Destination = string | Writable

/** Takes the next bytes of an output. They may be reused once it has returned, or its promise is fulfilled. */
export type Sink = (bytes: Uint8Array) => void | Promise<void>

/**
 * Writes a file, replacing one that is there. Missing parent directories are made. A device or a pipe is written to as it is.
 * Nothing is flushed to the disk: after a power cut an export is made again.
 *
 * @param fill  gives the content to a sink
 * @throws EXPORT_FAILED, DISK_FULL, BUILD_CANCELLED; nothing is left then
 */
export async function writeFile(dest: Destination, fill: (sink: Sink) => Promise<unknown>, io: Io): Promise<void> {
  if (typeof dest !== 'string') return writeStream(dest, fill, io)
  try {
    const target = await realpath(dest).catch(() => resolve(dest))
    const found = await stat(target).catch(() => undefined)
    if (found?.isDirectory()) throw isDirectory(dest)
    if (found && !found.isFile()) return await writeTo(target, 'w', fill, io)
    makeFolder(dirname(target))
    const temporary = temporaryBeside(target)
    try {
      await writeTo(temporary, 'wx', fill, io)
      await rename(temporary, target)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  } catch (error) {
    throw exportError(error, dest, io.signal)
  }
}

/** As writeFile, where the content comes in pieces. */
export function writePieces(dest: Destination, pieces: AsyncIterable<Uint8Array>, io: Io): Promise<void> {
  const fill = async (sink: Sink) => {
    for await (const piece of pieces) await sink(piece)
  }
  return writeFile(dest, fill, io)
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
    return new ImgError('DISK_FULL', `no space was left for "${path}"`, {
      hint: 'free some space, or name another place: dest=…',
      cause: thrown,
      detail,
    })
  }
  if (errno === 'EPIPE')
    return new ImgError('EXPORT_FAILED', `whoever reads ${path} ended before all was written`, {
      cause: thrown,
      detail,
    })
  return new ImgError('EXPORT_FAILED', `"${path}" could not be written: ${reasonOf(thrown)}`, {
    hint: 'name a place that can be written to: dest=…',
    cause: thrown,
    detail,
  })
}

async function writeTo(path: string, flags: string, fill: (sink: Sink) => Promise<unknown>, io: Io): Promise<void> {
  const file = openSync(path, flags, 0o644)
  try {
    await fill((bytes) => {
      throwIfCancelled(io.signal)
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done)
    })
  } finally {
    closeSync(file)
  }
}

async function writeStream(stream: Writable, fill: (sink: Sink) => Promise<unknown>, io: Io): Promise<void> {
  let failure: unknown
  const onError = (error: unknown) => {
    failure = error
  }
  stream.on('error', onError)
  try {
    await fill((bytes) => {
      throwIfCancelled(io.signal)
      return new Promise((done, fail) => stream.write(bytes, (error) => (error ? fail(error) : done())))
    })
    if (failure) throw failure
  } catch (error) {
    throw exportError(error, 'the output stream', io.signal)
  } finally {
    stream.off('error', onError)
  }
}

/** The error for an archive whose name is a directory's. */
export function isDirectory(dest: string): ImgError {
  return new ImgError('EXPORT_FAILED', `"${dest}" is a directory; expected the name of a file`, {
    hint: `write dest=${join(dest, 'image.tar')}, or tar=false for a layout directory`,
    detail: { path: dest },
  })
}
