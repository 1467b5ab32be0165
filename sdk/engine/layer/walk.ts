/** What lies in an overlayfs upper directory, as the entries of a layer: marks become whiteouts, hard links stay what they are. */
import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs'
import { decodeName, fileIn, sortNames } from '../name.ts'
import type { DirectoryForm, Entry, IndexEntry, Io, PackEntry } from '../ports.ts'
import { joinName } from '../tree.ts'
import { dirname, type StoredIndex } from './builder.ts'
import { readEntry } from './content.ts'
import { whiteoutPrefix } from './encode.ts'
import { native, opaqueMarks, type Xattrs } from './native.ts'
import { pace } from './pace.ts'
import { keepXattr } from './xattr.ts'

/** Ids as they are outside a user namespace → as the image has them. */
export interface IdMap {
  uid(outside: number): number
  gid(outside: number): number
}

/** One thing in the directory. */
export interface Found {
  readonly path: string
  readonly stat: Stats
  readonly kind: Entry['type'] | 'whiteout'
  /** Whether it hides what layers below have in it. */
  readonly opaque: boolean
}

/** The same, with its attributes. */
type Whole = Found & { readonly xattrs: Xattrs | undefined }

/** Everything in a directory of either form, but for xattrs: parents first, each directory's names sorted by byte value. */
export async function discover(directory: string, form: DirectoryForm, io?: Io): Promise<Found[]> {
  const found: Found[] = []
  const gone = new Set<string>()
  const breath = pace(io)
  const stack: string[] = ['']
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (breath.due()) await breath.breathe()
    if (at !== '') {
      const whiteout = gone.has(at)
      const stat = lstatSync(fileIn(directory, whiteout ? whiteoutOf(at) : at))
      const kind = whiteout ? 'whiteout' : typeOf(stat)
      if (kind === undefined) continue
      found.push({ path: at, stat, kind, opaque: false })
      if (kind !== 'directory') continue
    }
    const paths = namesIn(at === '' ? directory : fileIn(directory, at)).map((name) => {
      const marks = form === 'names' && name.startsWith(whiteoutPrefix)
      const path = joinName(at, marks ? name.slice(whiteoutPrefix.length) : name)
      if (marks) gone.add(path)
      return path
    })
    stack.push(...sortNames(paths).reverse())
  }
  return found
}

/** The path of the file that says that a path is gone, where names say it. */
export const whiteoutOf = (path: string) =>
  joinName(dirname(path), whiteoutPrefix + path.slice(path.lastIndexOf('/') + 1))

const walk = async (directory: string, io?: Io): Promise<Whole[]> =>
  withXattrs(await discover(directory, 'overlayfs', io), directory, opaqueMarks)

async function withXattrs(found: readonly Found[], directory: string, marks: readonly string[]): Promise<Whole[]> {
  const carriers = found.filter(({ kind }) => kind === 'file' || kind === 'directory').map(({ path }) => path)
  const xattrs =
    carriers.length === 0 ? new Map<string, Xattrs>() : await (await native()).readXattrs(directory, carriers)
  return found.map((one) => {
    const own = xattrs.get(one.path)
    if (!own) return { ...one, xattrs: undefined }
    const marked = one.kind === 'directory' && marks.some((mark) => own[mark]?.[0] === 0x79)
    const kept = Object.entries(own).filter(([name]) => keepXattr(name))
    const opaque = one.opaque || marked
    return { ...one, opaque, xattrs: kept.length > 0 ? Object.fromEntries(kept) : undefined }
  })
}

/** The names in a directory, as text, unless text cannot say them. */
export function namesIn(directory: string | Buffer): string[] {
  const names = readdirSync(directory)
  if (!names.some((name) => name.includes('\ufffd'))) return names
  return readdirSync(directory, { encoding: 'buffer' }).map(decodeName)
}

/** What it is to a layer; undefined for what is no part of one. */
export function typeOf(stat: Stats): Found['kind'] | undefined {
  if (stat.isFile()) return 'file'
  if (stat.isDirectory()) return 'directory'
  if (stat.isSymbolicLink()) return 'symlink'
  if (stat.isFIFO()) return 'fifo'
  if (stat.isBlockDevice()) return 'block-device'
  // A 0/0 device is how overlayfs says that a name is gone. Sockets are no part of an image.
  if (stat.isCharacterDevice()) return stat.rdev === 0 ? 'whiteout' : 'character-device'
  return undefined
}

function toEntry({ path, stat, kind, xattrs }: Whole, directory: string, ids?: IdMap): Entry {
  return {
    path,
    type: kind as Entry['type'],
    mode: stat.mode & 0o7777,
    uid: ids ? ids.uid(stat.uid) : stat.uid,
    gid: ids ? ids.gid(stat.gid) : stat.gid,
    size: kind === 'file' ? stat.size : 0,
    mtime: Math.floor(stat.mtimeMs / 1000),
    ...(kind === 'symlink' ? { link: decodeName(readlinkSync(fileIn(directory, path), { encoding: 'buffer' })) } : {}),
    ...(kind === 'character-device' || kind === 'block-device' ? { device: numbers(stat.rdev) } : {}),
    ...(xattrs ? { xattrs } : {}),
  }
}

/** Source: glibc, sys/sysmacros.h. */
function numbers(device: number): { major: number; minor: number } {
  const wide = BigInt(device)
  return {
    major: Number(((wide >> 8n) & 0xfffn) | ((wide >> 32n) & 0xfffff000n)),
    minor: Number((wide & 0xffn) | ((wide >> 12n) & 0xffffff00n)),
  }
}

/** Of whiteouts and opaque marks: the same bytes whenever the file was removed. */
const mark = { mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 } as const

/** The entries to pack. Contents are read when their turn comes; the first name of several is the file, the others link to it. */
export async function entriesOf(directory: string, ids?: IdMap, io?: Io): Promise<Iterable<PackEntry>> {
  return toPack(await walk(directory, io), directory, ids)
}

/** The same of what was found in a directory that is not in overlayfs form, whose marks mean nothing there. */
export async function entriesFor(
  found: readonly Found[],
  directory: string,
  ids?: IdMap,
): Promise<Iterable<PackEntry>> {
  return toPack(await withXattrs(found, directory, []), directory, ids)
}

function* toPack(all: readonly Whole[], directory: string, ids?: IdMap): Generator<PackEntry> {
  const first = new Map<string, string>()
  for (const found of all) {
    const { path, stat, kind, opaque } = found
    if (kind === 'whiteout') {
      yield { path, type: 'whiteout', ...mark }
      continue
    }
    const entry = toEntry(found, directory, ids)
    const inode = stat.nlink > 1 && kind === 'file' ? `${stat.dev}:${stat.ino}` : undefined
    const target = inode === undefined ? undefined : first.get(inode)
    if (target !== undefined) {
      const { xattrs: _, ...bare } = entry
      yield { ...bare, type: 'hardlink', size: 0, link: target }
      continue
    }
    if (inode !== undefined) first.set(inode, path)
    if (kind === 'file') yield { ...entry, content: () => readEntry(entry, { directory }) }
    else yield entry
    if (opaque) yield { path, type: 'opaque', ...mark }
  }
}

/** The index of the directory. Digests are not known: nothing is read. */
export async function indexOf(directory: string, name: string, ids?: IdMap, io?: Io): Promise<StoredIndex> {
  const entries = new Map<string, IndexEntry>()
  const whiteouts = new Set<string>()
  const opaque = new Set<string>()
  for (const found of await walk(directory, io)) {
    const { path, stat, kind } = found
    if (kind === 'whiteout') {
      whiteouts.add(path)
      continue
    }
    if (found.opaque) opaque.add(path)
    const inode = stat.nlink > 1 && kind === 'file' ? { inode: `${name}:${stat.ino}` } : {}
    entries.set(path, { ...toEntry(found, directory, ids), ...inode })
  }
  return { entries, whiteouts, opaque, implied: new Set() }
}
