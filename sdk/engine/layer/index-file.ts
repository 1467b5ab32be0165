/** The index of a layer as a file: columns of JSON behind a checksum, which load faster than rows. */
import { createHash } from 'node:crypto'
import type { Digest } from '../../oci/digest.ts'
import type { Entry, IndexEntry } from '../ports.ts'
import type { StoredIndex } from './builder.ts'

const version = 1
const letters = {
  file: 'f',
  directory: 'd',
  symlink: 'l',
  'character-device': 'c',
  'block-device': 'b',
  fifo: 'p',
} as const
const typeOf = Object.fromEntries(Object.entries(letters).map(([type, letter]) => [letter, type])) as Record<
  string,
  Entry['type']
>

/** What few entries have, by the number of the entry. */
type Sparse<T> = [at: number, value: T][]

interface Columns {
  paths: string[]
  /** One letter each. */
  types: string
  modes: number[]
  uids: number[]
  gids: number[]
  mtimes: number[]
  /** These three of the files only, in their order. A digest is 64 digits, or 64 dashes where it is not known. */
  sizes: number[]
  offsets: number[]
  digests: string
  links: Sparse<string>
  devices: Sparse<[number, number]>
  xattrs: Sparse<[name: string, base64: string][]>
  inodes: Sparse<string>
  whiteouts: string[]
  opaque: string[]
  implied: string[]
}

const noDigest = '-'.repeat(64)

/** The bytes of an index. */
export function encodeIndex(index: StoredIndex): Buffer {
  const columns: Columns = {
    paths: [],
    types: '',
    modes: [],
    uids: [],
    gids: [],
    mtimes: [],
    sizes: [],
    offsets: [],
    digests: '',
    links: [],
    devices: [],
    xattrs: [],
    inodes: [],
    whiteouts: [...index.whiteouts],
    opaque: [...index.opaque],
    implied: [...index.implied],
  }
  for (const entry of index.entries.values()) push(columns, entry)
  const body = Buffer.from(JSON.stringify(columns))
  return Buffer.concat([Buffer.from(head(body)), body])
}

/** The index in the bytes; undefined when they are damaged or of another version. `name` makes its inodes differ from other layers'. */
export function decodeIndex(bytes: Buffer, name: string): StoredIndex | undefined {
  const end = bytes.indexOf(0x0a) + 1
  const body = bytes.subarray(end)
  if (end === 0 || bytes.toString('latin1', 0, end) !== head(body)) return undefined
  const columns = JSON.parse(body.toString()) as Columns
  const list = rows(columns)
  for (const [at, link] of columns.links) list[at]!.link = link
  for (const [at, [major, minor]] of columns.devices) list[at]!.device = { major, minor }
  for (const [at, inode] of columns.inodes) list[at]!.inode = `${name}:${inode}`
  for (const [at, pairs] of columns.xattrs) {
    list[at]!.xattrs = Object.fromEntries(pairs.map(([key, value]) => [key, Buffer.from(value, 'base64')]))
  }
  const entries = new Map<string, IndexEntry>()
  for (const entry of list) entries.set(entry.path, entry)
  const { whiteouts, opaque, implied } = columns
  return { entries, whiteouts: new Set(whiteouts), opaque: new Set(opaque), implied: new Set(implied) }
}

function head(body: Buffer): string {
  return `imgsdk-index ${version} ${createHash('sha256').update(body).digest('hex')}\n`
}

function push(columns: Columns, entry: IndexEntry): void {
  const at = columns.paths.push(entry.path) - 1
  columns.types += letters[entry.type]
  columns.modes.push(entry.mode)
  columns.uids.push(entry.uid)
  columns.gids.push(entry.gid)
  columns.mtimes.push(entry.mtime)
  if (entry.type === 'file') {
    columns.sizes.push(entry.size)
    columns.offsets.push(entry.offset ?? -1)
    columns.digests += entry.digest?.slice(7) ?? noDigest
  }
  if (entry.link !== undefined) columns.links.push([at, entry.link])
  if (entry.device) columns.devices.push([at, [entry.device.major, entry.device.minor]])
  if (entry.inode !== undefined) columns.inodes.push([at, entry.inode.slice(entry.inode.lastIndexOf(':') + 1)])
  if (entry.xattrs) {
    const pairs = Object.entries(entry.xattrs).map(([key, value]): [string, string] => [
      key,
      Buffer.from(value).toString('base64'),
    ])
    columns.xattrs.push([at, pairs])
  }
}

function rows({ paths, types, modes, uids, gids, mtimes, sizes, offsets, digests }: Columns) {
  const list: { -readonly [K in keyof IndexEntry]: IndexEntry[K] }[] = []
  let file = 0
  for (let at = 0; at < paths.length; at++) {
    const type = typeOf[types[at]!]!
    const path = paths[at]!
    const mode = modes[at]!
    const uid = uids[at]!
    const gid = gids[at]!
    const mtime = mtimes[at]!
    if (type !== 'file') {
      list.push({ path, type, mode, uid, gid, size: 0, mtime })
      continue
    }
    const size = sizes[file]!
    const offset = offsets[file]!
    const known = digests[64 * file] !== '-'
    if (known && offset >= 0) {
      const digest: Digest = `sha256:${digests.slice(64 * file, 64 * file + 64)}`
      list.push({ path, type, mode, uid, gid, size, mtime, offset, digest })
    } else {
      list.push({ path, type, mode, uid, gid, size, mtime })
    }
    file++
  }
  return list
}
