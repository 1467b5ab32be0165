/** Several layers as one file tree: whiteouts and opaque directories hide what is below them. */
import { ImgError } from '../../error.ts'
import { sortNames } from '../name.ts'
import type { Entry, Io, Layer, Tree } from '../ports.ts'
import { dirname, type StoredIndex } from './builder.ts'
import { readEntry, type Source } from './content.ts'

/** An index that knows where its contents are; what `Layer.index` of a stored layer answers. */
export interface SourcedIndex extends StoredIndex {
  readonly source: Source
}

interface Node {
  readonly entry: Entry
  readonly index: SourcedIndex | undefined
}

/** Trees made before, by the sources of their layers; the one used last comes last. */
const kept = new Map<string, Merged>()
const maxKept = 400_000 // entries of all kept trees together

/**
 * The tree that the layers make, from the bottom up. Trees of the same layers are made once, and one that only has more layers grows from it.
 * @throws what reading the layers throws; STORE_DAMAGED from `read`
 */
export async function openTree(layers: readonly Layer[], io?: Io): Promise<Tree> {
  const indexes = (await Promise.all(layers.map((layer) => layer.index(io)))) as SourcedIndex[]
  const keys: string[] = []
  for (const { source } of indexes) {
    keys.push(`${keys.at(-1) ?? ''}\0${'tar' in source ? source.tar : source.directory}`)
  }
  let from = keys.length
  while (from > 0 && !kept.has(keys[from - 1]!)) from--
  const found = from > 0 ? kept.get(keys[from - 1]!)! : undefined
  const tree = found && from === keys.length ? found : new Merged(found)
  for (const index of indexes.slice(from)) tree.apply(index)
  if (keys.length > 0) keep(keys.at(-1)!, tree)
  return tree
}

function keep(key: string, tree: Merged): void {
  kept.delete(key)
  kept.set(key, tree)
  let size = 0
  for (const other of kept.values()) size += other.size
  for (const [old, { size: its }] of kept) {
    if (size <= maxKept || old === key) break
    kept.delete(old)
    size -= its
  }
}

/** The names in a directory. They belong to one tree, which alone may change them; trees grown from it share them. */
interface Names {
  readonly owner: Merged
  readonly names: Set<string>
  sorted?: readonly string[]
}

class Merged implements Tree {
  readonly #nodes: Map<string, Node>
  readonly #below: Map<string, Names>

  constructor(from?: Merged) {
    this.#nodes = new Map(from ? from.#nodes : [])
    this.#below = new Map(from ? from.#below : [])
  }

  get size(): number {
    return this.#nodes.size
  }

  apply(index: SourcedIndex): void {
    if (this.#nodes.size > 0) {
      for (const path of index.opaque) this.#clear(path)
      for (const path of index.whiteouts) this.#remove(path)
    }
    for (const path of index.implied) {
      if (this.#nodes.get(path)?.entry.type !== 'directory')
        this.#set(path, { entry: impliedEntry(path), index: undefined })
    }
    for (const entry of index.entries.values()) this.#set(entry.path, { entry, index })
  }

  entry(path: string): Entry | undefined {
    return this.#nodes.get(path)?.entry ?? (path === '' ? impliedEntry('') : undefined)
  }

  names(path: string): readonly string[] {
    const found = this.#below.get(path)
    if (!found) return []
    found.sorted ??= sortNames([...found.names])
    return found.sorted
  }

  read(entry: Entry): Iterable<Uint8Array> {
    const node = this.#nodes.get(entry.path)
    if (node?.entry.type !== 'file') {
      throw new ImgError(
        'INTERNAL',
        `"${entry.path}" was to be read, but is ${node ? `a ${node.entry.type}` : 'not in the tree'}`,
      )
    }
    return readEntry(node.entry, node.index!.source)
  }

  #set(path: string, node: Node): void {
    const old = this.#nodes.get(path)
    if (old && old.entry.type === 'directory' && node.entry.type !== 'directory') this.#clear(path)
    this.#nodes.set(path, node)
    if (old || path === '') return
    const slash = path.lastIndexOf('/')
    this.#namesOf(slash === -1 ? '' : path.slice(0, slash)).add(path.slice(slash + 1))
  }

  /** The names in a directory, to be changed. */
  #namesOf(directory: string): Set<string> {
    const found = this.#below.get(directory)
    if (found?.owner === this) {
      delete found.sorted
      return found.names
    }
    const names = new Set(found?.names)
    this.#below.set(directory, { owner: this, names })
    return names
  }

  /** Removes all that is below a path. */
  #clear(path: string): void {
    const stack = [path]
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      for (const name of this.#below.get(at)?.names ?? []) {
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
    this.#namesOf(parent).delete(path.slice(parent === '' ? 0 : parent.length + 1))
  }
}

/** What a directory is that no layer describes. */
function impliedEntry(path: string): Entry {
  return { path, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 }
}
