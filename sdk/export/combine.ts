/** The root file systems of several platforms as one tree. */
import { walk } from '../engine/flatten.ts'
import { sortNames } from '../engine/name.ts'
import type { Entry, Tree } from '../engine/ports.ts'
import { ImgError } from '../error.ts'
import { formatPlatform } from '../oci/platform.ts'
import type { Platform } from '../oci/types.ts'

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
    for (const original of [directory, ...walk(tree)]) {
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
    names: (path) => sortNames([...(below.get(path) ?? [])]),
    read: (entry) => nodes.get(entry.path)!.read(),
  }
}

const directory: Entry = { path: '', type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 }

function clash(path: string, platform: string): ImgError {
  return new ImgError('EXPORT_FAILED', `"${path}" is in the files of ${platform} and of another platform`, {
    hint: 'leave out platform-split=false: each platform gets a directory of its own',
    detail: { path },
  })
}
