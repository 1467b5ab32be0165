/** A root file system as one stream of tar entries, and several as one tree. */
import type { Entry, PackEntry, Tree } from '../engine/ports.ts'
import { ImgError } from '../error.ts'
import { formatPlatform } from '../oci/platform.ts'
import type { Platform } from '../oci/types.ts'

/** All entries but the root, parents first. Of a file with several names, all but the first are hard links. */
export function* flatten(tree: Tree, mtime?: number): Generator<PackEntry> {
  const firsts = new Map<string, string>()
  for (const entry of walk(tree, '')) {
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

/**
 * One tree of several platforms' trees: each in a directory such as `linux_arm64`, or, when `split` is false, all over each other.
 * @throws EXPORT_FAILED  not split, and two platforms have a file of one name
 */
export function combine(parts: readonly { readonly platform: Platform; readonly tree: Tree }[], split: boolean): Tree {
  if (!split && parts.length === 1) return parts[0]!.tree
  const nodes = new Map<string, { readonly entry: Entry; readonly read: () => Iterable<Uint8Array> }>()
  const below = new Map<string, Set<string>>([['', new Set()]])
  for (const { platform, tree } of parts) {
    const name = formatPlatform(platform)
    const folder = split ? name.replaceAll('/', '_') : ''
    for (const original of [directory, ...walk(tree, '')]) {
      const path = [folder, original.path].filter(Boolean).join('/')
      if (path === '') continue
      const known = nodes.get(path)?.entry
      if (known && !(known.type === 'directory' && original.type === 'directory')) throw clash(path, name)
      const inode = original.inode === undefined ? {} : { inode: `${name} ${original.inode}` }
      nodes.set(path, { entry: { ...original, ...inode, path }, read: () => tree.read(original) })
      const slash = path.lastIndexOf('/')
      const parent = path.slice(0, Math.max(0, slash))
      below.set(parent, (below.get(parent) ?? new Set()).add(path.slice(slash + 1)))
    }
  }
  return {
    entry: (path) => (path === '' ? directory : nodes.get(path)?.entry),
    names: (path) => [...(below.get(path) ?? [])].sort(),
    read: (entry) => nodes.get(entry.path)!.read(),
  }
}

const directory: Entry = { path: '', type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 }

/** What is below a directory, in depth; not by recursion, which a deep tree would make slow. */
function* walk(tree: Tree, from: string): Generator<Entry> {
  const stack = [{ path: from, names: tree.names(from), next: 0 }]
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

function clash(path: string, platform: string): ImgError {
  return new ImgError('EXPORT_FAILED', `"${path}" is in the files of ${platform} and of another platform`, {
    hint: 'leave out platform-split=false: each platform gets a directory of its own',
    detail: { path },
  })
}
