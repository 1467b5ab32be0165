/**
 * Grows the index of a layer entry by entry. The one place that decides where the path of an entry leads: long because all that must hold
 * of paths (nothing leaves the root, every parent is a directory, what replaces what, how much is too much) is decided together here.
 */
import { posix } from 'node:path'
import { ImgError } from '../../error.ts'
import type { Entry, IndexEntry, LayerIndex } from '../ports.ts'
import { opaqueName, whiteoutPrefix } from './encode.ts'
import type { TarEntry } from './scan.ts'

/** The index of a layer whose content can be read. */
export interface StoredIndex extends LayerIndex {
  /** Directories that have no entry of their own but something below them. */
  readonly implied: ReadonlySet<string>
}

/** How much an archive may hold. */
export interface Limits {
  /** @default 500000 */
  readonly entries?: number
  /** Bytes of all contents. @default no limit but what the reader sets */
  readonly bytes?: number
}

const maxPath = 4095 // bytes, Linux PATH_MAX
const maxName = 255
const maxHops = 40 // symbolic links on one path, as in Linux
const odd = /(^|\/)\.{0,2}(\/|$)|\0/

type Growing = { -readonly [K in keyof IndexEntry]: IndexEntry[K] }

let archives = 0

/** Entries in the order of an archive → an index in which every path is canonical and every parent a directory. */
export class IndexBuilder {
  readonly entries = new Map<string, Growing>()
  readonly whiteouts = new Set<string>()
  readonly opaque = new Set<string>()
  readonly implied = new Set<string>()
  readonly #whiteoutNames: boolean
  readonly #maxEntries: number
  readonly #maxBytes: number
  /** Inodes of two archives are never the same. */
  readonly #name = `archive-${++archives}`
  #bytes = 0
  #inodes = 0
  #symlinks = 0
  #lastParent: string | undefined
  /** Directory → names in it; made when something has to be removed with all that is below it. */
  #below: Map<string, Set<string>> | undefined

  /** @param whiteoutNames  whether names that start with `.wh.` remove files, as they do in layers but not in other archives */
  constructor({ whiteoutNames = true, limits = {} }: { whiteoutNames?: boolean; limits?: Limits } = {}) {
    this.#whiteoutNames = whiteoutNames
    this.#maxEntries = limits.entries ?? 500_000
    this.#maxBytes = limits.bytes ?? Number.POSITIVE_INFINITY
  }

  /**
   * Takes one entry. The answer is what the index now holds, so that its digest can be set; undefined for a whiteout.
   * @throws PATH_ESCAPES, LAYER_INVALID
   */
  add(entry: TarEntry): Growing | undefined {
    const given = clean(entry.name, entry.name)
    this.#bytes += entry.size
    if (this.#bytes > this.#maxBytes) {
      throw new ImgError(
        'LAYER_INVALID',
        `"${entry.name}": the archive holds more than the ${this.#maxBytes} bytes it may hold`,
      )
    }
    if (given === '') return this.#root(entry)
    const slash = given.lastIndexOf('/')
    const parent = this.#parent(given.slice(0, Math.max(slash, 0)), entry.name)
    const name = given.slice(slash + 1)
    if (this.#whiteoutNames && name.startsWith(whiteoutPrefix)) {
      this.#whiteout(parent, name, entry.name)
      return undefined
    }
    const path = parent === '' ? name : `${parent}/${name}`
    if (path.length * 3 > maxName) checkLength(path)
    return this.#put(path, entry)
  }

  /** The index as it stands. */
  finish(): StoredIndex {
    this.#below = undefined
    return this
  }

  #root(entry: TarEntry): Growing {
    if (entry.type !== 'directory') {
      throw new ImgError('LAYER_INVALID', `the entry "${entry.name}" would make the root a ${entry.type}`)
    }
    const root = grown('', entry)
    this.entries.set('', root)
    return root
  }

  #whiteout(parent: string, name: string, shown: string): void {
    this.#count()
    if (name === opaqueName) {
      this.opaque.add(parent)
      return
    }
    if (name.startsWith('.wh..wh.')) return // AUFS' own files
    const removed = name.slice(whiteoutPrefix.length)
    if (removed === '' || removed === '.' || removed === '..') {
      throw new ImgError('PATH_ESCAPES', `the whiteout "${shown}" names no file in its directory`)
    }
    this.whiteouts.add(parent === '' ? removed : `${parent}/${removed}`)
  }

  #put(path: string, entry: TarEntry): Growing | undefined {
    const linked = entry.type === 'hardlink' ? this.#linked(path, entry) : undefined
    if (linked?.path === path) return undefined // a link to itself
    const old = this.entries.get(path)
    const wasDirectory = old ? old.type === 'directory' : this.implied.has(path)
    if (wasDirectory && entry.type !== 'directory') this.#remove(path)
    if (old?.type === 'symlink') this.#symlinks--
    const made = linked ? { ...linked, path } : grown(path, entry)
    if (made.type === 'symlink') {
      this.#symlinks++
      if (made.link === '' || made.link?.includes('\0')) {
        throw new ImgError('LAYER_INVALID', `the symbolic link "${path}" has the target ${JSON.stringify(made.link)}`)
      }
    }
    if (!old) this.#count()
    this.entries.set(path, made)
    this.implied.delete(path)
    this.#note(path)
    return linked ? undefined : made
  }

  /** What a hard link is another name of. */
  #linked(path: string, entry: TarEntry): Growing {
    const given = clean(entry.link ?? '', entry.name)
    const slash = given.lastIndexOf('/')
    const parent = this.#follow(given.slice(0, Math.max(slash, 0)), entry.name)
    const name = given.slice(slash + 1)
    const found = this.entries.get(parent === '' ? name : `${parent}/${name}`)
    if (!found || found.type === 'directory') {
      const why = found ? 'a directory' : 'not in this layer'
      throw new ImgError('LAYER_INVALID', `"${path}" is a hard link to "${entry.link}", which is ${why}`)
    }
    found.inode ??= `${this.#name}:${++this.#inodes}`
    return found
  }

  /** The canonical form of a parent directory; makes it known if it is not. */
  #parent(directory: string, shown: string): string {
    if (directory === '' || directory === this.#lastParent) return directory
    const path = this.#follow(directory, shown)
    for (let at = path; at !== '' && !this.entries.has(at) && !this.implied.has(at); at = dirname(at)) {
      this.implied.add(at)
      this.#count()
      this.#note(at)
    }
    this.#lastParent = path === directory ? directory : undefined
    return path
  }

  /** Follows the symbolic links of this layer, never out of the root. What this layer does not have, it takes for a directory. */
  #follow(directory: string, shown: string): string {
    if (this.#isDirectory(directory)) return directory
    if (this.#symlinks === 0) {
      for (let at = directory; !this.#isDirectory(at); at = dirname(at)) this.#mustHold(at, shown)
      return directory
    }
    const rest = directory.split('/').reverse()
    let path = ''
    let hops = 0
    while (rest.length > 0) {
      const name = rest.pop()!
      if (name === '' || name === '.') continue
      if (name === '..') {
        path = dirname(path)
        continue
      }
      const next = path === '' ? name : `${path}/${name}`
      const found = this.entries.get(next)
      if (found?.type !== 'symlink') {
        this.#mustHold(next, shown)
        path = next
        continue
      }
      if (++hops > maxHops) throw new ImgError('PATH_ESCAPES', `"${shown}" leads through too many symbolic links`)
      if (found.link!.startsWith('/')) path = ''
      rest.push(...found.link!.split('/').reverse())
      if (rest.length > maxPath) throw new ImgError('PATH_ESCAPES', `"${shown}" leads through too many symbolic links`)
    }
    checkLength(path)
    return path
  }

  /** Known to be one; then so are all above it. */
  #isDirectory(path: string): boolean {
    return path === '' || this.implied.has(path) || this.entries.get(path)?.type === 'directory'
  }

  #mustHold(path: string, shown: string): void {
    const type = this.entries.get(path)?.type
    if (type === undefined || type === 'directory' || type === 'symlink') return
    throw new ImgError('LAYER_INVALID', `"${shown}" lies below "${path}", which is a ${type} in the same archive`)
  }

  /** Removes a path and all that is below it. */
  #remove(path: string): void {
    this.#below ??= this.#children()
    const stack = [path]
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      for (const name of this.#below.get(at) ?? []) stack.push(at === '' ? name : `${at}/${name}`)
      this.#below.delete(at)
      if (this.entries.get(at)?.type === 'symlink') this.#symlinks--
      this.entries.delete(at)
      this.implied.delete(at)
    }
    this.#lastParent = undefined
  }

  #children(): Map<string, Set<string>> {
    this.#below = new Map()
    for (const path of this.implied) this.#note(path)
    for (const path of this.entries.keys()) this.#note(path)
    return this.#below
  }

  #note(path: string): void {
    if (!this.#below || path === '') return
    const parent = dirname(path)
    const names = this.#below.get(parent) ?? new Set()
    this.#below.set(parent, names.add(path.slice(parent === '' ? 0 : parent.length + 1)))
  }

  #count(): void {
    const count = this.entries.size + this.implied.size + this.whiteouts.size
    if (count >= this.#maxEntries) {
      throw new ImgError('LAYER_INVALID', `the archive has more than the ${this.#maxEntries} entries it may have`)
    }
  }
}

/** A name as a path of ours. A leading slash means the root of the layer; `..` may not lead out of it. */
function clean(name: string, shown: string): string {
  const trimmed = name.endsWith('/') ? name.slice(0, -1) : name
  if (!odd.test(trimmed)) return trimmed
  if (name.includes('\0')) throw new ImgError('LAYER_INVALID', `a name has a NUL byte: ${JSON.stringify(shown)}`)
  const path = posix.normalize(`./${name}`).replace(/\/+$/, '')
  if (path === '..' || path.startsWith('../')) {
    throw new ImgError('PATH_ESCAPES', `"${shown}" leads out of the root by "${name}"`)
  }
  return path === '.' ? '' : path
}

function checkLength(path: string): void {
  const bytes = Buffer.byteLength(path)
  if (bytes > maxPath || path.split('/').some((name) => Buffer.byteLength(name) > maxName)) {
    const shown = path.length > 60 ? `${path.slice(0, 60)}…` : path
    throw new ImgError(
      'LAYER_INVALID',
      `the path "${shown}" is too long: ${bytes} bytes; ${maxPath} are allowed, ${maxName} a name`,
    )
  }
}

/** The directory of a path; '' is the root and its own. */
export function dirname(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash === -1 ? '' : path.slice(0, slash)
}

function grown(path: string, entry: TarEntry): Growing {
  const { mode, uid, gid, size, mtime, link, device, xattrs, offset } = entry
  const made: Growing = { path, type: entry.type as Entry['type'], mode, uid, gid, size, mtime }
  if (entry.type === 'file') made.offset = offset
  if (link !== undefined) made.link = link
  if (device) made.device = device
  if (xattrs) made.xattrs = xattrs
  return made
}
