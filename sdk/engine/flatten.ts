/** A file tree as tar entries. */
import type { Entry, PackEntry, Tree } from './ports.ts'

/**
 * All entries but the root, in depth, names sorted by byte value, parents first. Of a file with several names, all but the first
 * are hard links.
 *
 * @param mtime  seconds; instead of each entry's own
 */
export function* flatten(tree: Tree, mtime?: number): Generator<PackEntry> {
  const firsts = new Map<string, string>()
  for (const entry of walk(tree)) {
    const { inode, digest: _, ...packed } = mtime === undefined ? entry : { ...entry, mtime }
    const first = inode === undefined ? undefined : firsts.get(inode)
    if (first !== undefined) {
      yield { ...packed, type: 'hardlink', link: first, size: 0 }
      continue
    }
    if (inode !== undefined) firsts.set(inode, entry.path)
    yield entry.type === 'file' ? { ...packed, content: () => tree.read(entry) } : packed
  }
}

/** What is below the root, in depth; not by recursion, which a deep tree would make slow. */
export function* walk(tree: Tree): Generator<Entry> {
  const stack = [{ path: '', names: tree.names(''), next: 0 }]
  while (stack.length > 0) {
    const top = stack.at(-1)!
    const name = top.names[top.next++]
    if (name === undefined) {
      stack.pop()
      continue
    }
    const path = top.path === '' ? name : `${top.path}/${name}`
    const entry = tree.entry(path)
    if (!entry) continue
    yield entry
    if (entry.type === 'directory') stack.push({ path, names: tree.names(path), next: 0 })
  }
}
