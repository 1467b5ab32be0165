/** A root file system as files: in a directory (`type=local`), or in one plain archive (`type=tar`). */
import { mkdirSync } from 'node:fs'
import { lstat, readdir, realpath, rename } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { flatten } from '../engine/flatten.ts'
import { makeFolder } from '../engine/folder.ts'
import { sinkDrain } from '../engine/layer/drain.ts'
import { packTar } from '../engine/layer/pack.ts'
import type { Io, Tree } from '../engine/ports.ts'
import { ImgError } from '../error.ts'
import { type Destination, exportError, temporaryBeside, writeFile } from './atomic.ts'
import { FileWriter } from './file-writer.ts'
import { moveInto, removeTree } from './move.ts'
import { step } from './step.ts'

/** What an export of files can be told. */
export interface FilesOptions {
  /** Seconds; every file gets this time instead of its own. */
  readonly sourceDateEpoch?: number | undefined
}

/** What writing a directory can be told. */
export interface DirectoryOptions extends FilesOptions {
  /**
   * `new`: the directory must be empty or missing. `copy`: files replace those of their name, others stay. `delete`: others go.
   * @default 'new'
   */
  readonly mode?: 'new' | 'copy' | 'delete' | undefined
}

/**
 * Writes all files of a tree into a directory. They are made in a private directory first, and moved when all are there: a new
 * directory appears whole. Links in the destination are replaced, never followed. Owners and devices are kept when run as root;
 * else files belong to the caller, and devices are left out with a warning.
 *
 * @throws EXPORT_FAILED (also where the directory holds something, and `mode` does not say what to do), DISK_FULL,
 *         BUILD_CANCELLED; what was there is still there then
 */
export async function writeDirectory(tree: Tree, dest: string, options: DirectoryOptions, io: Io): Promise<void> {
  try {
    await step(io, `export ${dest}`, `exporting files to ${dest}`, () => writeTree(tree, dest, options, io))
  } catch (error) {
    throw exportError(error, dest, io.signal)
  }
}

/**
 * Writes a root file system as a plain tar archive, whiteouts applied, sorted by byte value.
 * @throws EXPORT_FAILED, DISK_FULL, BUILD_CANCELLED; nothing is left then
 */
export async function writeFlatTar(tree: Tree, dest: Destination, io: Io, options: FilesOptions = {}): Promise<void> {
  const shown = typeof dest === 'string' ? dest : 'a stream'
  const entries = flatten(tree, options.sourceDateEpoch)
  await step(io, `export ${shown}`, `exporting files to ${shown}`, () =>
    writeFile(dest, (sink) => packTar(entries, sinkDrain(sink), io), io),
  )
}

async function writeTree(tree: Tree, dest: string, { mode = 'new', sourceDateEpoch }: DirectoryOptions, io: Io) {
  const target = await realpath(dest).catch(() => resolve(dest))
  const isThere = await checkDirectory(dest, target, mode)
  if (!isThere) makeFolder(dirname(target))
  // Inside of what is there already: that may be a mount, and a rename stays within one.
  const temporary = isThere ? temporaryBeside(join(target, 'imgsdk')) : temporaryBeside(target)
  try {
    mkdirSync(temporary, { mode: 0o700 })
    const writer = new FileWriter(tree, temporary, sourceDateEpoch, io)
    await writer.write(isThere ? 'keep' : 'finish')
    if (!isThere) return await rename(temporary, target)
    if (mode === 'delete') await clear(target, basename(temporary))
    await moveInto(temporary, target)
  } finally {
    await removeTree(temporary)
  }
}

/**
 * Whether the directory is there.
 *
 * @param target  `dest` without links
 * @throws EXPORT_FAILED  files would be lost or mixed
 */
export async function checkDirectory(dest: string, target: string, mode: DirectoryOptions['mode']): Promise<boolean> {
  const found = await lstat(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!found) return false
  if (!found.isDirectory()) {
    throw new ImgError('EXPORT_FAILED', `"${dest}" is not a directory`, {
      hint: 'type=local writes into a directory; type=tar writes one file',
      detail: { path: dest },
    })
  }
  if (mode === 'new' && (await readdir(target)).length > 0) {
    throw new ImgError('EXPORT_FAILED', `"${dest}" is not empty`, {
      hint: 'add mode=copy to write over what is there, or mode=delete to replace it',
      detail: { path: dest },
    })
  }
  return true
}

async function clear(dir: string, kept: string): Promise<void> {
  for (const name of await readdir(dir)) {
    if (name !== kept) await removeTree(join(dir, name))
  }
}
