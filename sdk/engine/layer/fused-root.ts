/**
 * What a command wrote through fuse-overlayfs. Its upper directories say more than the kernel's: every new directory is opaque, and some
 * marks are there twice, as devices and by names. What the layers below do not have needs no mark; without those the layer is the one that
 * the kernel would have left. Source: fuse-overlayfs 1.10, as seen.
 */
import { lstatSync, rmSync, type Stats, unlinkSync, utimesSync } from 'node:fs'
import { fileIn } from '../name.ts'
import type { ChangedRoot, Io, Layer, LayerStore, OutsideIds, Tree } from '../ports.ts'
import { joinName } from '../tree.ts'
import { dirname } from './builder.ts'
import { opaqueName } from './encode.ts'
import { isAsItWas } from './root-copy.ts'
import { utime } from './time.ts'
import { openTree } from './tree.ts'
import { discover, entriesFor, type Found, namesIn } from './walk.ts'

/** The mark that a directory is opaque, by both of its names. */
const opaqueNames: readonly string[] = [opaqueName, '.wh..opq']

/** An upper directory of fuse-overlayfs, and the layers that it lies on. */
export class FusedRoot implements ChangedRoot {
  readonly directory: string
  readonly #below: readonly Layer[]
  readonly #pack: LayerStore['pack']
  readonly #marked = new Set<string>()

  constructor(directory: string, below: readonly Layer[], pack: LayerStore['pack']) {
    this.directory = directory
    this.#below = below
    this.#pack = pack
  }

  settle(): void {
    const stack = ['']
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const path = at === '' ? this.directory : fileIn(this.directory, at)
      const stat = lstatSync(path)
      if (!stat.isDirectory()) continue
      const names = namesIn(path)
      const marks = names.filter((name) => opaqueNames.includes(name))
      if (marks.length > 0) {
        for (const name of marks) unlinkSync(fileIn(this.directory, joinName(at, name)))
        utimesSync(path, stat.atimeMs / 1000, stat.mtimeMs / 1000)
        this.#marked.add(at)
      }
      for (const name of names) if (!marks.includes(name)) stack.push(joinName(at, name))
    }
  }

  async changes(
    { still, idMap }: { readonly still: ReadonlySet<string>; readonly idMap?: OutsideIds | undefined },
    io?: Io,
  ): Promise<Layer> {
    const tree = await openTree(this.#below, io)
    const all = this.#needed(await discover(this.directory, 'names', io), tree)
    const isSame = (path: string) => isAsItWas(path, { directory: this.directory, tree, ids: idMap })
    const found = withoutIdle(withoutOtherNames(all, tree, isSame), still)
    const timed = this.#withTimes(found, tree)
    const layer = await this.#pack(await entriesFor(timed, this.directory, idMap), io)
    this.remove()
    return layer
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }

  /** Without the marks that hide nothing. */
  #needed(all: readonly Found[], tree: Tree): Found[] {
    // directories in which nothing is left of what lies below
    const fresh = new Set<string>()
    return all.flatMap((one): Found[] => {
      const below = fresh.has(dirname(one.path)) ? undefined : tree.entry(one.path)
      if (one.kind === 'whiteout') return below ? [one] : []
      const marked = this.#marked.has(one.path)
      if (one.kind === 'directory' && (marked || below?.type !== 'directory')) fresh.add(one.path)
      return [{ ...one, opaque: marked && below !== undefined }]
    })
  }

  /**
   * With their old times for directories that were only brought up because of what is in them. A file with another time may have taken
   * the place of the old one, which is what most programs do; one with the same time has not.
   */
  #withTimes(all: readonly Found[], tree: Tree): Found[] {
    const holders = new Set<string>()
    const written = new Set<string>()
    for (const { path, kind, opaque, stat } of all) {
      const below = tree.entry(path)
      holders.add(dirname(path))
      const isKept = kind === below?.type && !opaque && (kind === 'directory' || below.mtime === seconds(stat))
      if (!isKept) written.add(dirname(path))
    }
    return all.map((one) => {
      const { path, kind } = one
      if (kind !== 'directory' || this.#marked.has(path) || !holders.has(path) || written.has(path)) return one
      const before = tree.entry(path)
      if (before === undefined || before.mtime === seconds(one.stat)) return one
      const onDisk = fileIn(this.directory, path)
      utimesSync(onDisk, one.stat.atimeMs / 1000, utime(before.mtime))
      return { ...one, stat: lstatSync(onDisk) }
    })
  }
}

const seconds = ({ mtimeMs }: Stats) => Math.floor(mtimeMs / 1000)

/** Without files of which another name was removed, and that are as they were: fuse-overlayfs brings them up to count their names. */
function withoutOtherNames(all: readonly Found[], tree: Tree, isSame: (path: string) => boolean): Found[] {
  const inodes = new Set(all.flatMap(({ path, kind }) => (kind === 'whiteout' ? (tree.entry(path)?.inode ?? []) : [])))
  return all.filter(({ path, kind }) => {
    const inode = kind === 'file' ? tree.entry(path)?.inode : undefined
    return inode === undefined || !inodes.has(inode) || !isSame(path)
  })
}

/** Without directories that only something made in them, and taken away again, has brought up from below. */
function withoutIdle(all: readonly Found[], still: ReadonlySet<string>): Found[] {
  const needed = new Set<string>()
  const kept = all.toReversed().filter(({ path, kind, opaque }) => {
    if (kind === 'directory' && !opaque && still.has(path) && !needed.has(path)) return false
    needed.add(dirname(path))
    return true
  })
  return kept.reverse()
}
