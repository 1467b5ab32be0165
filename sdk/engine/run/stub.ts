/**
 * Stubs: what must exist in a root file system for something to be mounted on it, and must not be in the layer.
 * Made before the container runs, so that times of folders tell what the container itself did. Source: conformance D4.2.7.
 */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  type Stats,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { follow } from './follow.ts'
import { folderOf, type Written } from './stack.ts'

/** Milliseconds: times go through a double of seconds and lose what is below. */
const timeGrain = 0.005

/** Directories of the root as they were, by path. */
type Before = Map<string, Stats>

/** The stubs in one root file system. */
export class Stubs {
  readonly #root: string
  readonly #made: string[] = []
  readonly #before: Before = new Map()

  /** @param root  the mounted root file system, as seen from here */
  constructor(root: string) {
    this.#root = root
  }

  /** Makes sure that `target` exists, following links inside the root; `kept` is no stub. Where it is without links. */
  make(target: string, directory: boolean, kept = false): string {
    const { path, missing } = follow(this.#root, target)
    if (missing === undefined) return `/${path}`
    const above = parent(missing)
    this.#remember(above)
    const names = path.slice(above === '' ? 0 : above.length + 1).split('/')
    let at = above
    for (const [index, name] of names.entries()) {
      at = at === '' ? name : `${at}/${name}`
      if (index < names.length - 1 || directory) mkdirSync(join(this.#root, at))
      else writeFileSync(join(this.#root, at), '', { flag: 'wx' })
      chmodSync(join(this.#root, at), index < names.length - 1 || directory ? 0o755 : 0o644)
      if (!kept) this.#made.push(at)
    }
    this.#restoreUpTo(above)
    return `/${path}`
  }

  /**
   * Takes away what is still as it was made; of an upper directory of overlayfs also folders that are there only because of it.
   * Of another such folders are the answer.
   */
  clean(written: Written): ReadonlySet<string> {
    const root = folderOf(written)
    if ('changed' in written) written.changed.settle()
    for (const path of this.#made.reverse()) {
      const stat = plainStat(root, path)
      if (stat?.isDirectory() || (stat?.isFile() && stat.size === 0)) remove(root, path, stat)
    }
    const touched = [...this.#before.keys()].sort((a, b) => b.length - a.length)
    const still = touched.filter((path) => {
      const stat = plainStat(root, path)
      return stat?.isDirectory() && same(stat, this.#before.get(path)!)
    })
    if ('changed' in written) return new Set(still)
    for (const path of still) if (path !== '') remove(root, path, lstatSync(join(root, path)))
    return new Set()
  }

  /** Also of those further up: fuse-overlayfs writes to them when it brings up what is below, and does not show it. */
  #restoreUpTo(path: string): void {
    for (let at = path; ; at = parent(at)) {
      restore(join(this.#root, at), this.#before.get(at)!)
      if (at === '') return
    }
  }

  #remember(path: string): void {
    for (let at = path; ; at = parent(at)) {
      if (this.#before.has(at)) return
      this.#before.set(at, lstatSync(join(this.#root, at)))
      if (at === '') return
    }
  }
}

/** Makes a directory and its missing parents inside a root. The paths of those made; an existing one stays as it is. */
export function makeDirectory(root: string, path: string): readonly string[] {
  const found = follow(root, path)
  if (found.missing === undefined) return []
  const names = found.path.split('/')
  const depth = found.missing.split('/').length
  const made = names.slice(depth - 1).map((_, index) => names.slice(0, depth + index).join('/'))
  for (const at of made) {
    mkdirSync(join(root, at))
    chmodSync(join(root, at), 0o755)
  }
  return made
}

const parent = (path: string) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '')

/** Of what lies at a path below `root`, when no link is on the way to it. */
function plainStat(root: string, path: string): Stats | undefined {
  let at = root
  let stat: Stats | undefined
  for (const name of path.split('/')) {
    if (stat && !stat.isDirectory()) return undefined
    at = join(at, name)
    stat = lstatSync(at, { throwIfNoEntry: false })
    if (!stat) return undefined
  }
  return stat
}

/** Removes an empty file or directory and leaves its folder's times as they are. */
function remove(root: string, path: string, stat: Stats): void {
  const folder = join(root, parent(path))
  const times = lstatSync(folder)
  const full = join(root, path)
  if (stat.isDirectory()) {
    if (readdirSync(full).length > 0) return
    rmdirSync(full)
  } else unlinkSync(full)
  restore(folder, times)
}

const restore = (path: string, { atimeMs, mtimeMs }: Stats) => utimesSync(path, atimeMs / 1000, mtimeMs / 1000)

const same = (a: Stats, b: Stats) =>
  a.mode === b.mode && a.uid === b.uid && a.gid === b.gid && Math.abs(a.mtimeMs - b.mtimeMs) < timeGrain
