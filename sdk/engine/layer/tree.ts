/** Several layers as one file tree: whiteouts and opaque directories hide what is below them. */
import { ImgError } from '../../error.ts'
import type { Entry, Io, Layer, Tree } from '../ports.ts'
import { dirname, type IndexEntry, type StoredIndex } from './builder.ts'
import { sortNames } from './name.ts'
import { readEntry, type Source } from './content.ts'

/** An index that knows where its contents are; what `Layer.index` of a stored layer answers. */
export interface SourcedIndex extends StoredIndex {
  readonly source: Source
}

interface Node {
  readonly entry: Entry
  readonly index: SourcedIndex | undefined
}

const kept = new Map<string, Tree>()
const maxKept = 32

/**
 * The tree that the layers make, from the bottom up. Trees of the same layers are made once.
 * @throws what reading the layers throws; LAYER_INVALID, STORE_DAMAGED from `read`
 */
export async function openTree(layers: readonly Layer[], io?: Io): Promise<Tree> {
  const indexes = (await Promise.all(layers.map((layer) => layer.index(io)))) as SourcedIndex[]
  const key = indexes.map(({ source }) => ('tar' in source ? source.tar : source.directory)).join('\0')
  const tree = kept.get(key) ?? merge(indexes)
  kept.delete(key)
  kept.set(key, tree)
  if (kept.size > maxKept) kept.delete(kept.keys().next().value!)
  return tree
}

function merge(indexes: readonly SourcedIndex[]): Tree {
  const merged = new Merged()
  for (const index of indexes) merged.apply(index)
  return merged
}

class Merged implements Tree {
  readonly #nodes = new Map<string, Node>()
  /** Directory → names in it, sorted where a list. */
  readonly #below = new Map<string, Set<string> | readonly string[]>()

  apply(index: SourcedIndex): void {
    const empty = this.#nodes.size === 0
    if (!empty) {
      for (const path of index.opaque) this.#clear(path)
      for (const path of index.whiteouts) this.#remove(path)
    }
    for (const path of index.implied) {
      if (this.#nodes.get(path)?.entry.type !== 'directory') this.#set(path, { entry: impliedEntry(path), index: undefined })
    }
    for (const entry of index.entries.values()) this.#set(entry.path, { entry, index })
  }

  entry(path: string): Entry | undefined {
    return this.#nodes.get(path)?.entry ?? (path === '' ? impliedEntry('') : undefined)
  }

  names(path: string): readonly string[] {
    const names = this.#below.get(path)
    if (!(names instanceof Set)) return names ?? []
    const sorted = sortNames([...names])
    this.#below.set(path, sorted)
    return sorted
  }

  read(entry: Entry): Iterable<Uint8Array> {
    const node = this.#nodes.get(entry.path)
    if (!node || node.entry.type !== 'file') {
      throw new ImgError('INTERNAL', `"${entry.path}" was to be read, but is ${node ? `a ${node.entry.type}` : 'not in the tree'}`)
    }
    return readEntry(node.entry, node.index!.source)
  }

  #set(path: string, node: Node): void {
    const old = this.#nodes.get(path)
    if (old && old.entry.type === 'directory' && node.entry.type !== 'directory') this.#clear(path)
    this.#nodes.set(path, node)
    if (old || path === '') return
    const slash = path.lastIndexOf('/')
    const parent = slash === -1 ? '' : path.slice(0, slash)
    const names = this.#below.get(parent)
    if (names instanceof Set) names.add(path.slice(slash + 1))
    else this.#below.set(parent, new Set(names).add(path.slice(slash + 1)))
  }

  /** Removes all that is below a path. */
  #clear(path: string): void {
    const stack = [path]
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      for (const name of this.#below.get(at) ?? []) {
        const child = at === '' ? name : `${at}/${name}`
        this.#nodes.delete(child)
        stack.push(child)
      }
      this.#below.delete(at)
    }
  }

  #remove(path: string): void {
    if (!this.#nodes.delete(path)) return
    this.#clear(path)
    const parent = dirname(path)
    const names = new Set(this.#below.get(parent))
    names.delete(path.slice(parent === '' ? 0 : parent.length + 1))
    this.#below.set(parent, names)
  }
}

/** What a directory is that no layer describes. */
function impliedEntry(path: string): Entry {
  return { path, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 }
}

