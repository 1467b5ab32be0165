/** One directory of a build context: read and stat-ed once, as one table of numbers. */

import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs'
import { decodeName, fileIn, fileName, isDoubtful, sortNames } from '../name.ts'
import type { Entry } from '../ports.ts'
import { joinName } from '../tree.ts'
import { attempt, contextError } from './error.ts'

/** Which paths of a context are to be taken as missing. */
export interface IgnoreRules {
  /** Whether the path, relative to the context, is excluded. */
  ignored(path: string): boolean
  /** Whether something below an excluded directory may be let in again. */
  mayContain(directory: string): boolean
}

/** The numbers of one file that tell whether it was changed, in this order. Times in milliseconds. */
export const column = { mode: 0, size: 1, mtime: 2, ctime: 3, ino: 4, dev: 5, nlink: 6 } as const
const columns = 7

const typeMask = 0o170000
const types: ReadonlyMap<number, Entry['type']> = new Map([
  [0o100000, 'file'],
  [0o040000, 'directory'],
  [0o120000, 'symlink'],
  [0o020000, 'character-device'],
  [0o060000, 'block-device'],
  [0o010000, 'fifo'],
  // A socket arrives as an empty file (conformance D6.9).
  [0o140000, 'file'],
])

/** The names of a directory that are not excluded, sorted, and a row of numbers for each. */
export class Listing {
  readonly names: readonly string[]
  readonly rows: Float64Array
  /** When it began to be listed: milliseconds since the epoch. */
  readonly listed: number
  #places: Map<string, number> | undefined

  constructor(names: readonly string[], rows: Float64Array, listed: number) {
    this.names = names
    this.rows = rows
    this.listed = listed
  }

  /** Where a name stands; undefined when it is not there. */
  place(name: string): number | undefined {
    this.#places ??= new Map(this.names.map((name, place) => [name, place]))
    return this.#places.get(name)
  }
}

/**
 * Lists the directory `path` of the context at `folder`.
 *
 * @param visible  whether an excluded directory holds something that is not
 * @throws CONTEXT_INVALID when it, or something in it, cannot be looked at
 */
export function list(
  folder: string,
  path: string,
  ignore: IgnoreRules | undefined,
  visible: (directory: string) => boolean,
): Listing {
  const location = path === '' ? folder || '/' : fileIn(folder, path)
  const listed = Date.now()
  const found = sortNames(attempt(path, () => namesIn(location)))
  const rows = new Float64Array(found.length * columns)
  const names: string[] = []
  for (const name of found) {
    const child = joinName(path, name)
    const excluded = ignore?.ignored(child) === true
    if (excluded && !ignore!.mayContain(child)) continue
    const place = names.length
    if (!fill(rows, place, folder, child)) continue
    if (excluded && !(isDirectory(rows, place) && visible(child))) continue
    names.push(name)
  }
  return new Listing(names, rows.subarray(0, names.length * columns), listed)
}

// Text is read faster than bytes, and nearly always right.
function namesIn(location: string | Buffer): string[] {
  const names = readdirSync(location)
  return names.some(isDoubtful) ? readdirSync(location, { encoding: 'buffer' }).map(decodeName) : names
}

function linkIn(location: string | Buffer): string {
  const text = readlinkSync(location)
  return isDoubtful(text) ? decodeName(readlinkSync(location, { encoding: 'buffer' })) : text
}

const quietly = { throwIfNoEntry: false } as const

/** Writes the numbers of one file of the context at `folder`; false when it is gone meanwhile. */
export function fill(rows: Float64Array, place: number, folder: string, path: string): boolean {
  let stat: Stats | undefined
  try {
    stat = lstatSync(fileIn(folder, path), quietly)
  } catch (error) {
    throw contextError(path, error)
  }
  if (!stat) return false
  const at = place * columns
  rows[at] = stat.mode
  rows[at + 1] = stat.size
  rows[at + 2] = stat.mtimeMs
  rows[at + 3] = stat.ctimeMs
  rows[at + 4] = stat.ino
  rows[at + 5] = stat.dev
  rows[at + 6] = stat.nlink
  return true
}

/** One number of a row. */
export function cell(rows: Float64Array, place: number, which: keyof typeof column): number {
  return rows[place * columns + column[which]]!
}

/** Whether a row is a directory's. */
export function isDirectory(rows: Float64Array, place: number): boolean {
  return (rows[place * columns]! & typeMask) === 0o040000
}

/** An entry on its way. */
export type Growing = { -readonly [K in keyof Entry]: Entry[K] }

/** The entry that a row describes, of the context at `folder`. Every file of a context belongs to 0:0 (conformance D6.28). */
export function toEntry(rows: Float64Array, place: number, folder: string, path: string): Growing {
  const location = fileIn(folder, path)
  const mode = cell(rows, place, 'mode')
  const type = types.get(mode & typeMask) ?? 'file'
  const regular = (mode & typeMask) === 0o100000
  const entry: Growing = {
    path,
    type,
    mode: mode & 0o7777,
    uid: 0,
    gid: 0,
    size: 0,
    mtime: Math.floor(cell(rows, place, 'mtime') / 1000),
  }
  if (regular) {
    entry.size = cell(rows, place, 'size')
    if (cell(rows, place, 'nlink') > 1) entry.inode = inodeOf(rows, place, location, path)
  } else if (type === 'symlink') {
    entry.mode = 0o777
    entry.link = attempt(path, () => linkIn(location))
  } else if (type === 'character-device' || type === 'block-device') {
    entry.device = deviceOf(location, path)
  }
  return entry
}

function inodeOf(rows: Float64Array, place: number, location: string | Buffer, path: string): string {
  const ino = cell(rows, place, 'ino')
  const dev = cell(rows, place, 'dev')
  if (Number.isSafeInteger(ino)) return `${dev}:${ino}`
  return `${dev}:${attempt(path, () => lstatSync(location, { bigint: true })).ino}`
}

/** Source: glibc, sysmacros.h: gnu_dev_major, gnu_dev_minor. */
function deviceOf(location: string | Buffer, path: string): { major: number; minor: number } {
  const { rdev } = attempt(path, () => lstatSync(location, { bigint: true }))
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & ~0xfffn)
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & ~0xffn)
  return { major: Number(major), minor: Number(minor) }
}

/** The digest of names and rows. Of a directory only the mode counts: its times change with files that are excluded. */
export function digestRows(names: readonly string[], rows: Float64Array, below: (place: number) => string): string {
  const numbers = rows.slice()
  const digests: string[] = []
  for (let place = 0; place < names.length; place++) {
    if (!isDirectory(rows, place)) continue
    numbers.fill(0, place * columns + 1, (place + 1) * columns)
    digests.push(below(place))
  }
  // No name holds a NUL, so the parts cannot run into each other.
  const text = `${names.length}\0${names.join('\0')}\0${digests.join('\0')}\0`
  const hash = createHash('sha256').update(fileName(text))
  return hash.update(new Uint8Array(numbers.buffer, 0, numbers.byteLength)).digest('hex')
}

/** One row as text. */
export function rowText(rows: Float64Array, place: number): string {
  return rows.subarray(place * columns, (place + 1) * columns).join(':')
}
