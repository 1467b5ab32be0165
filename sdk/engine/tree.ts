/** Paths in a tree: resolving links without leaving the root, and the order that names are walked in. */
import { ImgError } from '../error.ts'
import type { Tree } from './ports.ts'

/** As many links as one path may run through, as in BuildKit. The kernel allows 40. */
const maxLinks = 255
/** The kernel's PATH_MAX. */
const maxText = 4096

/**
 * Resolves every symbolic link of a path inside the root of the tree, one component at a time. An absolute link starts at the
 * root, `..` stops there, and what does not exist is taken as it is written.
 *
 * @param options.last  whether a link in the last component is followed too
 * @returns             the path as in Entry: relative, clean, '' for the root
 * @throws              LINK_LOOP
 * @source              containerd/continuity, fs.RootPath
 */
export function follow(tree: Pick<Tree, 'entry'>, path: string, options: { readonly last: boolean }): string {
  const pending = components(path).reverse()
  let current = ''
  let links = 0
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === '..') {
      current = parentOf(current)
      continue
    }
    const next = joinName(current, name)
    const link = pending.length > 0 || options.last ? linkAt(tree, next) : undefined
    if (link === undefined) {
      current = next
      continue
    }
    if (++links > maxLinks || link.length > maxText) {
      throw new ImgError('LINK_LOOP', `"/${next}" is a symbolic link that leads nowhere: more than ${maxLinks} links`, {
        detail: { path },
      })
    }
    if (link.startsWith('/')) current = ''
    for (const part of components(link).reverse()) pending.push(part)
  }
  return current
}

function linkAt(tree: Pick<Tree, 'entry'>, path: string): string | undefined {
  const entry = tree.entry(path)
  return entry?.type === 'symlink' ? (entry.link ?? '') : undefined
}

/** The names in a path; blank ones and `.` left out. */
export function components(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}

/** The path without `.`, `..` and needless slashes. `..` stops at the root. */
export function cleanPath(path: string): string {
  const clean: string[] = []
  for (const part of components(path)) {
    if (part === '..') clean.pop()
    else clean.push(part)
  }
  return clean.join('/')
}

/** Whether a path, read without looking at links, leads above the root. */
export function escapes(path: string): boolean {
  let depth = 0
  for (const part of components(path)) {
    depth += part === '..' ? -1 : 1
    if (depth < 0) return true
  }
  return false
}

/** The path of a name in a directory. */
export function joinName(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`
}

/** The directory that a clean path is in; the root is in itself. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** The last name of a clean path. */
export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
