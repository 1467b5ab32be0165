/** Moves files over others, and removes them: never through a link, also where modes forbid it to their owner. */
import {
  chmodSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  futimesSync,
  lstatSync,
  readdirSync,
  renameSync,
  type Stats,
} from 'node:fs'
import { rm } from 'node:fs/promises'
import { decodeName } from '../engine/name.ts'
import { Directory } from './at.ts'

/** Moves all that is in a directory into another. Directories are merged and get the mode and owner of the moved one; else what is there goes. */
export async function moveInto(from: string, to: string): Promise<void> {
  const [source, target] = [new Directory(from), new Directory(to)]
  try {
    await merge(source, target, from.slice(from.lastIndexOf('/') + 1))
  } finally {
    source.close()
    target.close()
  }
}

/** Removes a file or a tree, whether it is there or not. */
export async function removeTree(path: string | Buffer): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true })
  } catch (error) {
    if (!isRefusal(error) || process.geteuid?.() === 0) throw error
    open(path)
    await rm(path, { recursive: true, force: true })
  }
}

/** @param skipped  a name in the target that is left alone: the source itself may lie there */
async function merge(source: Directory, target: Directory, skipped: string): Promise<void> {
  for (const name of namesIn(source)) {
    const [fresh, old] = [lstatSync(source.at(name)), found(target, name)]
    if (name === skipped) await removeTree(source.at(name))
    else if (fresh.isDirectory() && old?.isDirectory()) await mergeDirectory(source, target, name)
    else {
      if (old && (old.isDirectory() || fresh.isDirectory())) await removeTree(target.at(name))
      move(source.at(name), target.at(name), fresh)
    }
  }
}

async function mergeDirectory(source: Directory, target: Directory, name: string): Promise<void> {
  const [fresh, old] = [source.open(name), target.open(name)]
  try {
    const { uid, gid, mode, atimeMs, mtimeMs } = fstatSync(fresh.file)
    fchmodSync(fresh.file, 0o700)
    await merge(fresh, old, '')
    if (process.geteuid?.() === 0) fchownSync(old.file, uid, gid)
    fchmodSync(old.file, mode & 0o7777)
    futimesSync(old.file, atimeMs / 1000, mtimeMs / 1000)
  } finally {
    fresh.close()
    old.close()
  }
}

/** A directory that its owner may not write to cannot be moved either: its `..` changes. */
function move(from: string | Buffer, to: string | Buffer, { mode }: Stats): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!isRefusal(error)) throw error
    chmodSync(from, 0o700)
    renameSync(from, to)
    chmodSync(to, mode & 0o7777)
  }
}

function found(directory: Directory, name: string): Stats | undefined {
  return lstatSync(directory.at(name), { throwIfNoEntry: false })
}

function namesIn({ path }: Pick<Directory, 'path'>): readonly string[] {
  return readdirSync(path, { encoding: 'buffer' }).map(decodeName)
}

/** Gives its owner all rights on the directories of a tree. */
function open(path: string | Buffer): void {
  if (!lstatSync(path).isDirectory()) return
  chmodSync(path, 0o700)
  for (const name of readdirSync(path, { encoding: 'buffer' }))
    open(Buffer.concat([Buffer.from(path), Buffer.from('/'), name]))
}

function isRefusal(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')
}
