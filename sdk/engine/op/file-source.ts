/** Where a FileOp copies from, and what stands for its files in a cache key. */
import { randomUUID } from 'node:crypto'
import type { Entry, LocalContext, StoredContent, Tree } from '../ports.ts'

/** An input of a FileOp. */
export interface FileSource {
  readonly tree: Tree
  /** What names the tree: the layer ids of a snapshot. Left out for the local context. */
  readonly key?: string
  /** The build context, when it is the tree. */
  readonly local?: LocalContext
}

/** The same, ready to be copied from. */
export interface Source {
  readonly tree: Tree
  /** A text that differs where the content of a file may. Undefined when nothing is known of it without reading. */
  identity(entry: Entry): string | undefined
  /** A text that differs where anything below a directory may, when that is known faster than by walking it. */
  signature?(path: string): string | undefined
  /** A text that differs where anything in the tree may. */
  readonly key: string
  /** Takes note of what a file turned out to hold, where that is of use later. */
  learn?(path: string, content: StoredContent): void
}

const emptyDigest = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** The empty root. */
export const emptySource: Source = toSource({
  tree: { entry: () => undefined, names: () => [], read: () => [] },
  key: 'scratch',
})

/** An input as a source: how its files are named in keys depends on what is known of it. */
export function toSource({ tree, key, local }: FileSource): Source {
  if (local) {
    // Changed too lately to trust its times: no later build may find what this one makes.
    const { contents } = local
    const salt = () => (local.unsettled ? randomUUID() : '')
    return {
      tree,
      key: local.folder,
      identity: (entry) => (entry.size === 0 ? emptyDigest : `${local.signature(entry.path) ?? ''}${salt()}`),
      signature: (path) => `${local.signature(path) ?? ''}${salt()}`,
      ...(contents ? { learn: (path, content) => contents.learn(path, content) } : {}),
    }
  }
  const name = key ?? randomUUID()
  return {
    tree,
    key: name,
    identity: (entry) => entry.digest ?? (entry.size === 0 ? emptyDigest : `${name}/${entry.path}`),
  }
}
