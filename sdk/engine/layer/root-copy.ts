/**
 * Root file systems as plain directories, for machines that cannot stack layers: made of the layers' files, and compared with what they
 * were when a command is done with them. One that was changed is kept for the next command, which mostly stands on just that.
 */
import { lstatSync, mkdirSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileIn } from '../name.ts'
import type { ChangedRoot, IndexEntry, Io, Layer, LayerStore, OutsideIds, Tree } from '../ports.ts'
import { joinName } from '../tree.ts'
import type { StoredIndex } from './builder.ts'
import { type Change, changesBetween, type Look, look } from './changes.ts'
import { digestOfPieces, readEntry } from './content.ts'
import type { LayerParts } from './parts.ts'
import { openTree } from './tree.ts'
import { unpack } from './unpack.ts'
import { entriesFor, type Found, typeOf } from './walk.ts'
import { guarded } from './write.ts'

/** Times of files are this coarse at most, in milliseconds: what is changed later than that shows. */
const grain = 20

/** A directory, and what it was like when nothing had been changed yet. */
interface Kept {
  readonly key: string
  readonly directory: string
  readonly before: Look
}

/** The copies of a store. */
export class RootCopies {
  readonly #parts: LayerParts
  readonly #pack: LayerStore['pack']
  #kept: Kept | undefined

  constructor(parts: LayerParts, pack: LayerStore['pack']) {
    this.#parts = parts
    this.#pack = pack
  }

  /** The files of layers in a directory of their own. */
  async copy(layers: readonly Layer[], io?: Io): Promise<ChangedRoot> {
    const key = keyOf(layers)
    const kept = this.#kept?.key === key ? this.#kept : undefined
    if (kept) this.#kept = undefined
    const { directory, before } = kept ?? (await this.#make(layers, io))
    let taken = false
    await sleep(grain)
    return {
      directory,
      settle: () => {},
      changes: async (options, io) => {
        const [after, tree] = [await look(directory, io), await openTree(layers, io)]
        const isSame = (path: string) => isAsItWas(path, { directory, tree, ids: options.idMap })
        const found = toPack(changesBetween(before, after, { still: options.still, isSame }), directory, tree)
        const layer = await this.#pack(await entriesFor(found, directory, options.idMap), io)
        this.#keep({ key: keyOf([...layers, layer]), directory, before: after })
        taken = true
        return layer
      },
      remove: () => taken || remove(directory),
    }
  }

  async #make(layers: readonly Layer[], io?: Io): Promise<Omit<Kept, 'key'>> {
    const directory = this.#parts.temporary()
    mkdirSync(directory, { mode: 0o755 })
    try {
      const tree = await openTree(layers, io)
      await guarded(directory, () => unpack(wholeIndex(tree), (entry) => tree.read(entry), directory, io))
      return { directory, before: await look(directory, io) }
    } catch (error) {
      remove(directory)
      throw error
    }
  }

  #keep(kept: Kept): void {
    if (this.#kept) remove(this.#kept.directory)
    this.#kept = kept
  }
}

const keyOf = (layers: readonly Layer[]) => layers.map(({ id }) => id).join(' ')

const remove = (directory: string) => rmSync(directory, { recursive: true, force: true })

/** The index of a layer that holds all of a tree but its root, which is any layer's to describe and no command's to see. */
function wholeIndex(tree: Tree): StoredIndex {
  const entries = new Map<string, IndexEntry>()
  const stack = ['']
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    for (const name of tree.names(at)) {
      const path = joinName(at, name)
      const entry = tree.entry(path)
      if (!entry) continue
      entries.set(path, entry)
      if (entry.type === 'directory') stack.push(path)
    }
  }
  return { entries, whiteouts: new Set(), opaque: new Set(), implied: new Set() }
}

function toPack(changes: readonly Change[], directory: string, tree: Tree): Found[] {
  const root = lstatSync(directory)
  return changes.flatMap(({ path, kind, opaque }): Found[] => {
    // a whiteout is all there is to say of what is gone
    if (kind === 'gone') return tree.entry(path) ? [{ path, stat: root, kind: 'whiteout', opaque: false }] : []
    const stat = lstatSync(fileIn(directory, path))
    const type = typeOf(stat)
    // a 0/0 device of a command's own making, as a socket, is no part of a layer
    return type === undefined || type === 'whiteout' ? [] : [{ path, stat, kind: type, opaque }]
  })
}

interface Copied {
  readonly directory: string
  readonly tree: Tree
  readonly ids: OutsideIds | undefined
}

/** Whether a file is what the layers have: its times say nothing when another name of it is gone. */
export function isAsItWas(path: string, { directory, tree, ids }: Copied): boolean {
  const entry = tree.entry(path)
  const stat = lstatSync(fileIn(directory, path))
  if (entry?.type !== 'file' || !stat.isFile() || entry.xattrs) return false
  const [uid, gid] = ids ? [ids.uid(stat.uid), ids.gid(stat.gid)] : [stat.uid, stat.gid]
  const same =
    entry.size === stat.size &&
    entry.mode === (stat.mode & 0o7777) &&
    entry.mtime === Math.floor(stat.mtimeMs / 1000) &&
    entry.uid === uid &&
    entry.gid === gid
  return same && digestOfPieces(tree.read(entry)) === digestOfPieces(readEntry({ ...entry, path }, { directory }))
}
