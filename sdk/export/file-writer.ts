/** Makes the files of a tree in an empty directory of ours. */
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
import { type NodeToMake, native, type Xattrs } from '../engine/layer/native.ts'
import { type Pace, pace } from '../engine/layer/pace.ts'
import { utime } from '../engine/layer/time.ts'
import { fileIn } from '../engine/name.ts'
import type { Entry, Io, Tree } from '../engine/ports.ts'
import { isRerun } from '../engine/run/namespace.ts'
import { Directory } from './at.ts'

const { O_CREAT, O_EXCL, O_WRONLY } = constants
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0

/** A directory that is being filled. */
interface Level {
  readonly entry: Entry
  readonly directory: Directory
  readonly names: readonly string[]
  next: number
  /** What Node cannot make; made when all else is there. */
  readonly nodes: Entry[]
}

/** Writes a tree once. Each entry is made new, in the descriptor of its directory; a link in the tree is never a way. */
export class FileWriter {
  readonly #tree: Tree
  readonly #target: string
  readonly #mtime: number | undefined
  readonly #io: Io
  readonly #pace: Pace
  readonly #isRoot = process.geteuid?.() === 0 && !isRerun()
  /** The first name of each file that has several. */
  readonly #firsts = new Map<string, string>()
  readonly #xattrs: { path: string; xattrs: Xattrs }[] = []
  #devicesLeftOut = 0

  /** @param target  an empty directory that only the caller can enter */
  constructor(tree: Tree, target: string, mtime: number | undefined, io: Io) {
    this.#tree = tree
    this.#target = target
    this.#mtime = mtime
    this.#io = io
    this.#pace = pace(io)
  }

  /** @param root  `finish`: the target itself gets the mode, owner and time of the tree's root */
  async write(root: 'finish' | 'keep'): Promise<void> {
    const levels = [this.#level(this.#tree.entry('')!, new Directory(this.#target))]
    try {
      for (let level = levels.at(-1); level; level = levels.at(-1)) {
        const name = level.names[level.next++]
        const below = name === undefined ? undefined : this.#make(level, name)
        if (below) levels.push(below)
        if (this.#pace.due()) await this.#pace.breathe()
        if (name !== undefined) continue
        if (level.nodes.length > 0) await this.#makeNodes(level.nodes)
        if (levels.length > 1 || root === 'finish') this.#settle(level.directory.file, level.entry)
        levels.pop()
        level.directory.close()
      }
    } finally {
      for (const { directory } of levels) directory.close()
    }
    await this.#writeXattrs()
    if (this.#devicesLeftOut > 0)
      this.#warn(`${this.#devicesLeftOut} device files were left out: only root can make them`)
  }

  #level(entry: Entry, directory: Directory): Level {
    return { entry, directory, names: this.#tree.names(entry.path), next: 0, nodes: [] }
  }

  #make(level: Level, name: string): Level | undefined {
    const parent = level.entry.path
    const entry = this.#tree.entry(parent === '' ? name : `${parent}/${name}`)
    if (!entry) return undefined
    const path = level.directory.at(name)
    if (entry.type === 'directory') {
      mkdirSync(path, { mode: 0o700 })
      this.#attribute(entry)
      return this.#level(entry, level.directory.open(name))
    }
    const first = entry.inode === undefined ? undefined : this.#firsts.get(entry.inode)
    if (first !== undefined) {
      this.#link(first, path)
      return undefined
    }
    if (entry.inode !== undefined) this.#firsts.set(entry.inode, entry.path)
    if (entry.type === 'file') this.#file(path, entry)
    else if (entry.type === 'symlink') this.#symlink(path, entry)
    else if (entry.type === 'fifo' || this.#isRoot) level.nodes.push(entry)
    else this.#devicesLeftOut++
    return undefined
  }

  #file(path: string | Buffer, entry: Entry): void {
    const file = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
    try {
      for (const piece of this.#tree.read(entry)) {
        for (let done = 0; done < piece.length; ) done += writeSync(file, piece, done, piece.length - done)
      }
      this.#settle(file, entry)
    } finally {
      closeSync(file)
    }
    this.#attribute(entry)
  }

  #symlink(path: string | Buffer, entry: Entry): void {
    symlinkSync(entry.link ?? '', path)
    if (this.#isRoot) lchownSync(path, entry.uid, entry.gid)
    const time = utime(this.#mtime ?? entry.mtime)
    lutimesSync(path, time, time)
  }

  /** Another name for a file that was made before. The way to it is opened anew, component by component. */
  #link(first: string, path: string | Buffer): void {
    const names = first.split('/')
    let directory = new Directory(this.#target)
    try {
      for (const name of names.slice(0, -1)) {
        const outer = directory
        directory = outer.open(name)
        outer.close()
      }
      linkSync(directory.at(names.at(-1)!), path)
    } finally {
      directory.close()
    }
  }

  #settle(file: number, entry: Entry): void {
    const time = utime(this.#mtime ?? entry.mtime)
    if (this.#isRoot) fchownSync(file, entry.uid, entry.gid)
    fchmodSync(file, entry.mode)
    futimesSync(file, time, time)
  }

  #attribute({ path, xattrs }: Entry): void {
    const settable = Object.entries(xattrs ?? {}).filter(([name]) => this.#isRoot || name.startsWith('user.'))
    if (settable.length === 0) return
    this.#xattrs.push({ path: String(fileIn(this.#target, path)), xattrs: Object.fromEntries(settable) })
  }

  async #makeNodes(entries: readonly Entry[]): Promise<void> {
    const nodes = entries.map(({ path, type, mode, device }) => ({
      path: String(fileIn(this.#target, path)),
      type: type as NodeToMake['type'],
      major: device?.major ?? 0,
      minor: device?.minor ?? 0,
      mode,
    }))
    await (await native()).makeNodes(nodes)
    for (const [index, entry] of entries.entries()) {
      const { path } = nodes[index]!
      if (this.#isRoot) lchownSync(path, entry.uid, entry.gid)
      chmodSync(path, entry.mode)
      const time = utime(this.#mtime ?? entry.mtime)
      lutimesSync(path, time, time)
    }
  }

  /** Last: a change of owner takes capabilities away. */
  async #writeXattrs(): Promise<void> {
    if (this.#xattrs.length === 0) return
    const calls = await native()
    await calls.writeXattrs(this.#xattrs).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTSUP' && error.code !== 'EPERM') throw error
      this.#warn(`extended attributes were left out: ${error.message}`)
    })
  }

  #warn(message: string): void {
    this.#io.emit({ type: 'warning', message })
  }
}
