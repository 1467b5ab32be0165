/**
 * Unpacks a layer into a directory. The index decides the paths: each is canonical, each parent a directory. Every step
 * goes through the descriptor of the directory it happens in, so that nobody who swaps a directory for a link meanwhile can lead it
 * elsewhere. Long because each type of file has its own order of owner, mode, attributes and time.
 */
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  futimesSync,
  lchownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeSync,
} from 'node:fs'
import { ImgError } from '../../error.ts'
import { fileIn, fileName, sortNames } from '../name.ts'
import type { DirectoryForm, IndexEntry, Io } from '../ports.ts'
import { privilege } from '../privilege.ts'
import { dirname, type StoredIndex } from './builder.ts'
import { opaqueName } from './encode.ts'
import { type NodeToMake, native, opaqueMarks, type Xattrs } from './native.ts'
import { type Pace, pace } from './pace.ts'
import { utime } from './time.ts'
import { whiteoutOf } from './walk.ts'

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants
const yes = Buffer.from('y')

/** Reads the content of a file. */
export type ReadContent = (entry: IndexEntry) => Iterable<Uint8Array>

/**
 * Unpacks into an existing, empty directory below one that nobody else can enter.
 * Owners and devices are those of the layer when run as root. Root of a user namespace makes no devices, which become empty files, and
 * keeps what belongs to nobody there; for anybody else everything belongs to the caller.
 *
 * @throws UNSUPPORTED where there is no overlayfs; PATH_ESCAPES when somebody meddles; what writing throws
 */
export async function unpack(
  index: StoredIndex,
  read: ReadContent,
  target: string,
  io?: Io,
  form: DirectoryForm = 'overlayfs',
): Promise<void> {
  if (process.platform !== 'linux') {
    throw new ImgError('UNSUPPORTED', `layers are unpacked for overlayfs, which ${process.platform} does not have`)
  }
  await new Unpacking(index, read, target, pace(io), form).run()
}

class Unpacking {
  readonly #index: StoredIndex
  readonly #read: ReadContent
  readonly #pace: Pace
  readonly #target: string
  readonly #form: DirectoryForm
  readonly #may = privilege()
  readonly #directories: Directories
  readonly #nodes: (NodeToMake & { readonly entry?: IndexEntry })[] = []
  readonly #xattrs: { path: string; xattrs: Xattrs }[] = []
  /** The first name of each file that has several. */
  readonly #names = new Map<string, string>()

  constructor(index: StoredIndex, read: ReadContent, target: string, pace: Pace, form: DirectoryForm) {
    this.#index = index
    this.#read = read
    this.#target = target
    this.#pace = pace
    this.#form = form
    this.#directories = new Directories(target)
  }

  async run(): Promise<void> {
    try {
      const below = this.#makeDirectories()
      for (const [directory, entries] of below) {
        for (const entry of entries) {
          this.#make(directory, entry)
          if (this.#pace.due()) await this.#pace.breathe()
        }
      }
      this.#whiteouts()
      await this.#others()
      for (const path of [...below.keys()].reverse()) this.#finish(path)
    } finally {
      this.#directories.close()
    }
  }

  /** Makes all directories; answers each with what else is in it, parents before children. */
  #makeDirectories(): Map<string, IndexEntry[]> {
    const directories: string[] = [...this.#index.implied]
    for (const { path, type } of this.#index.entries.values())
      if (type === 'directory' && path !== '') directories.push(path)
    const below = new Map<string, IndexEntry[]>([['', []]])
    for (const path of sortNames(directories)) {
      mkdirSync(this.#directories.inside(path), { mode: 0o700 })
      below.set(path, [])
    }
    for (const entry of this.#index.entries.values()) {
      if (entry.type !== 'directory') below.get(dirname(entry.path))!.push(entry)
    }
    return below
  }

  #make(directory: string, entry: IndexEntry): void {
    const path = this.#directories.inside(entry.path, directory)
    const first = entry.inode === undefined ? undefined : this.#names.get(entry.inode)
    if (first !== undefined) {
      // both ends by descriptor; the last component is not followed
      linkSync(this.#directories.inside(first, undefined, true), path)
      return
    }
    if (entry.inode !== undefined) this.#names.set(entry.inode, entry.path)
    if (entry.type === 'file') this.#file(path, entry)
    else if (entry.type === 'symlink') this.#symlink(path, entry)
    else this.#node(path, entry)
  }

  #file(path: string | Buffer, entry: IndexEntry): void {
    const file = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
    try {
      if (entry.size > 0) {
        for (const piece of this.#read(entry)) {
          for (let done = 0; done < piece.length; ) done += writeSync(file, piece, done, piece.length - done)
        }
      }
      this.#give(entry, (uid, gid) => fchownSync(file, uid, gid))
      fchmodSync(file, entry.mode)
      futimesSync(file, utime(entry.mtime), utime(entry.mtime))
    } finally {
      closeSync(file)
    }
    if (entry.xattrs) this.#xattrs.push({ path: this.#inTarget(entry.path), xattrs: this.#settable(entry.xattrs) })
  }

  #symlink(path: string | Buffer, entry: IndexEntry): void {
    symlinkSync(fileName(entry.link!), path)
    this.#give(entry, (uid, gid) => lchownSync(path, uid, gid))
    lutimesSync(path, utime(entry.mtime), utime(entry.mtime))
  }

  #node(path: string | Buffer, entry: IndexEntry): void {
    const { major, minor } = entry.device ?? { major: 0, minor: 0 }
    if (entry.type !== 'fifo' && (this.#may !== 'machine' || (major === 0 && minor === 0))) {
      // not allowed without root; and 0/0 would be a whiteout
      this.#file(path, { ...entry, type: 'file', size: 0 })
      return
    }
    const type = entry.type as NodeToMake['type']
    this.#nodes.push({ path: this.#inTarget(entry.path), type, major, minor, mode: entry.mode, entry })
  }

  #whiteouts(): void {
    const { entries, implied, whiteouts } = this.#index
    for (const path of whiteouts) {
      // what is there hides what is below; a directory does when it is opaque, see #finish
      if (entries.has(path) || implied.has(path) || !this.#isDirectory(dirname(path))) continue
      if (this.#form === 'names') this.#mark(whiteoutOf(path))
      else this.#nodes.push({ path: this.#inTarget(path), type: 'character-device', major: 0, minor: 0, mode: 0 })
    }
  }

  /** What Node cannot make. */
  async #others(): Promise<void> {
    const { opaque, whiteouts } = this.#index
    for (const path of new Set([...opaque, ...whiteouts])) if (this.#isDirectory(path)) this.#markOpaque(path)
    for (const { path, type, xattrs } of this.#index.entries.values()) {
      if (type === 'directory' && xattrs)
        this.#xattrs.push({ path: this.#inTarget(path), xattrs: this.#settable(xattrs) })
    }
    if (this.#nodes.length + this.#xattrs.length === 0) return
    const calls = await native()
    await calls.makeNodes(this.#nodes)
    for (const { path, entry } of this.#nodes) if (entry) this.#own(path, entry)
    await calls.writeXattrs(this.#xattrs)
  }

  #inTarget(path: string): string {
    return path === '' ? this.#target : `${this.#target}/${path}`
  }

  #isDirectory(path: string): boolean {
    return path === '' || this.#index.implied.has(path) || this.#index.entries.get(path)?.type === 'directory'
  }

  #markOpaque(path: string): void {
    if (this.#form === 'names') this.#mark(path === '' ? opaqueName : `${path}/${opaqueName}`)
    else
      this.#xattrs.push({ path: this.#inTarget(path), xattrs: { [opaqueMarks[this.#may === 'machine' ? 0 : 1]]: yes } })
  }

  /** An empty file whose name says it. */
  #mark(path: string): void {
    closeSync(openSync(this.#directories.inside(path), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600))
  }

  #own(path: string, entry: IndexEntry): void {
    this.#give(entry, (uid, gid) => lchownSync(path, uid, gid))
    chmodSync(path, entry.mode)
    lutimesSync(path, utime(entry.mtime), utime(entry.mtime))
  }

  #give({ uid, gid }: IndexEntry, chown: (uid: number, gid: number) => void): void {
    if (this.#may === 'none') return
    try {
      chown(uid, gid)
    } catch (error) {
      // an id that a user namespace does not have
      if (this.#may === 'machine' || (error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
    }
  }

  /** Capabilities need root; without it they stay in the index. */
  #settable(xattrs: Xattrs): Xattrs {
    if (this.#may !== 'none') return xattrs
    return Object.fromEntries(Object.entries(xattrs).filter(([name]) => name.startsWith('user.')))
  }

  /** Owner, mode and time of a directory, once nothing more is made in it. */
  #finish(path: string): void {
    const entry = this.#index.entries.get(path)
    const directory = openSync(
      path === '' ? this.#target : this.#directories.inside(path),
      O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
    )
    try {
      if (entry) this.#give(entry, (uid, gid) => fchownSync(directory, uid, gid))
      fchmodSync(directory, entry?.mode ?? 0o755)
      if (entry) futimesSync(directory, utime(entry.mtime), utime(entry.mtime))
    } finally {
      closeSync(directory)
    }
  }
}

/** Descriptors of the directories on the way to where work is going on. */
class Directories {
  readonly #open: { readonly path: string; readonly file: number }[]
  readonly #aside: { readonly path: string; readonly file: number }[]

  constructor(root: string) {
    this.#open = [{ path: '', file: openSync(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW) }]
    this.#aside = [this.#open[0]!]
  }

  /** A name for the path that leads through the descriptor of its directory. `aside` keeps the way to the current one open. */
  inside(path: string, directory = dirname(path), aside = false): string | Buffer {
    const name = path.slice(directory === '' ? 0 : directory.length + 1)
    return fileIn(`/proc/self/fd/${this.#descend(directory, aside ? this.#aside : this.#open)}`, name)
  }

  close(): void {
    for (const { file } of [...this.#open, ...this.#aside.slice(1)]) closeSync(file)
    this.#open.length = this.#aside.length = 0
  }

  #descend(path: string, way: { readonly path: string; readonly file: number }[]): number {
    for (
      let top = way.at(-1)!;
      top.path !== '' && path !== top.path && !path.startsWith(`${top.path}/`);
      top = way.at(-1)!
    ) {
      closeSync(way.pop()!.file)
    }
    while (way.at(-1)!.path !== path) {
      const top = way.at(-1)!
      const start = top.path === '' ? 0 : top.path.length + 1
      const slash = path.indexOf('/', start)
      const next = slash === -1 ? path : path.slice(0, slash)
      way.push({ path: next, file: openDirectory(fileIn(`/proc/self/fd/${top.file}`, next.slice(start)), next) })
    }
    return way.at(-1)!.file
  }
}

function openDirectory(path: string | Buffer, shown: string): number {
  try {
    return openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code !== 'ELOOP' && code !== 'ENOTDIR') throw cause
    throw new ImgError('PATH_ESCAPES', `"${shown}" was replaced by something else while the layer was unpacked`, {
      cause,
    })
  }
}
