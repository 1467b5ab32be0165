/**
 * What a FileOp writes into: a base tree with changes on top. Nothing is read or written until the changes are walked.
 * Long because nodes, their laziness and the tree that they make only make sense together.
 */
import { ImgError } from '../../error.ts'
import type { Digest } from '../../oci/digest.ts'
import { sortNames } from '../name.ts'
import type { Entry, Tree } from '../ports.ts'
import { baseOf, components, joinName, parentOf } from '../tree.ts'
import { type Body, bodyOf, cloneBody, type Meta, metaOf } from './body.ts'
import type { Source } from './file-source.ts'

/** A name of something that is no directory. */
export interface Leaf {
  readonly kind: 'leaf'
  body: Body
  /** Differs from the base. */
  changed: boolean
}

/** A directory, known as far as it was looked at. */
export interface Directory {
  readonly kind: 'directory'
  meta: Meta
  /** What is known to lie in it; null is removed from the base. */
  readonly children: Map<string, Node | null>
  /** Whether the base's content of the same path shows. */
  readonly lower: boolean
  /** Whether the base has a directory here whose content must be hidden. */
  opaque: boolean
  changed: boolean
  /** A source directory whose content is wholly copied here, not yet looked at. Then `children` is empty and `lower` is false. */
  pending: Pending | undefined
}

/** What a name stands for. */
export type Node = Leaf | Directory

/** The content of a source directory, and how its entries are changed on their way. */
export interface Pending {
  readonly source: Source
  readonly path: string
  readonly rules: Rules
}

/** How entries of a source become nodes. */
export interface Rules {
  /** A text that differs where the rules do. */
  readonly name: string
  directory(entry: Entry): Meta
  leaf(entry: Entry): Body
}

/** A virtual file system. Paths are clean and free of links: callers resolve them with `follow`. */
export class Target implements Tree {
  readonly base: Source | undefined
  readonly root: Directory

  constructor(base: Source | undefined, root?: Directory) {
    this.base = base
    const entry = base?.tree.entry('')
    this.root =
      root ??
      createDirectory(entry ? metaOf(entry) : { mode: 0o755, uid: 0, gid: 0, mtime: 0 }, {
        lower: base !== undefined,
        changed: false,
      })
  }

  /** What a directory of this target has under a name. */
  child(directory: Directory, path: string, name: string): Node | undefined {
    if (directory.pending) expand(directory)
    const known = directory.children.get(name)
    if (known !== undefined || !directory.lower) return known ?? undefined
    const entry = this.base!.tree.entry(joinName(path, name))
    if (!entry) return undefined
    const node: Node =
      entry.type === 'directory'
        ? createDirectory(metaOf(entry), { lower: true, changed: false })
        : { kind: 'leaf', body: bodyOf(entry, this.base!), changed: false }
    directory.children.set(name, node)
    return node
  }

  find(path: string): Node | undefined {
    let node: Node | undefined = this.root
    let current = ''
    for (const name of components(path)) {
      if (node?.kind !== 'directory') return undefined
      node = this.child(node, current, name)
      current = joinName(current, name)
    }
    return node
  }

  /** Puts a node where another may be; what was there is gone. */
  put(directory: Directory, path: string, name: string, node: Node): void {
    if (directory.pending) expand(directory)
    if (node.kind === 'directory' && !node.lower && directory.lower) {
      node.opaque = this.base!.tree.entry(joinName(path, name))?.type === 'directory'
    }
    directory.children.set(name, node)
  }

  remove(path: string): void {
    const directory = this.find(parentOf(path))
    if (directory?.kind !== 'directory') return
    if (directory.pending) expand(directory)
    const name = baseOf(path)
    if (directory.lower && this.base!.tree.entry(path)) directory.children.set(name, null)
    else directory.children.delete(name)
  }

  /**
   * The directory at a path, made with its parents where it is missing.
   * @throws COPY_CONFLICT when something on the way is no directory
   */
  makeDirectories(path: string, made: Meta): Directory {
    let directory = this.root
    let current = ''
    for (const name of components(path)) {
      const next = joinName(current, name)
      let node = this.child(directory, current, name)
      if (!node) {
        node = createDirectory({ ...made }, { lower: false, changed: true })
        this.put(directory, current, name, node)
      }
      if (node.kind === 'leaf') {
        throw new ImgError('COPY_CONFLICT', `"/${next}" is a ${node.body.type}; expected a directory`, {
          detail: { path: `/${next}` },
        })
      }
      directory = node
      current = next
    }
    return directory
  }

  entry(path: string): Entry | undefined {
    const node = this.find(path)
    return node && toEntry(path, node)
  }

  names(path: string): readonly string[] {
    const node = this.find(path)
    if (node?.kind !== 'directory') return []
    if (node.pending) expand(node)
    const names = new Set(node.lower ? this.base!.tree.names(path) : [])
    for (const [name, child] of node.children) {
      if (child) names.add(name)
      else names.delete(name)
    }
    return sortNames([...names])
  }

  read(entry: Entry): Iterable<Uint8Array> {
    const node = this.find(entry.path)
    return node?.kind === 'leaf' ? node.body.content.read() : []
  }

  /** The body at a path, for a later action that copies from here. */
  body(path: string): Body | undefined {
    const node = this.find(path)
    return node?.kind === 'leaf' ? node.body : undefined
  }

  /** An independent copy, for a second action that starts from here. */
  clone(): Target {
    const bodies = new Map<Body, Body>()
    const copy = (node: Node): Node => {
      if (node.kind === 'leaf') {
        const body = bodies.get(node.body) ?? cloneBody(node.body)
        bodies.set(node.body, body)
        return { ...node, body }
      }
      const children = new Map<string, Node | null>()
      for (const [name, child] of node.children) children.set(name, child && copy(child))
      return { ...node, meta: { ...node.meta }, children }
    }
    return new Target(this.base, copy(this.root) as Directory)
  }
}

/** A directory in which nothing was looked at yet. */
export function createDirectory(meta: Meta, { lower, changed }: { lower: boolean; changed: boolean }): Directory {
  return { kind: 'directory', meta, children: new Map(), lower, opaque: false, changed, pending: undefined }
}

function toEntry(path: string, node: Node): Entry {
  if (node.kind === 'directory') {
    const { mode, uid, gid, mtime, xattrs } = node.meta
    return { path, type: 'directory', size: 0, mode, uid, gid, mtime, ...(xattrs ? { xattrs } : {}) }
  }
  const { type, mode, uid, gid, size, mtime, link, device, xattrs, shared, content } = node.body
  return {
    path,
    type,
    mode,
    uid,
    gid,
    size,
    mtime,
    ...(link === undefined ? {} : { link }),
    ...(device ? { device } : {}),
    ...(xattrs ? { xattrs } : {}),
    ...(shared ? { inode: inodeOf(node.body) } : {}),
    ...(content.digest ? { digest: content.digest as Digest } : {}),
  }
}

/** Looks at one level of a pending directory. */
function expand(directory: Directory): void {
  const { source, path, rules } = directory.pending!
  directory.pending = undefined
  for (const name of source.tree.names(path)) {
    const child = joinName(path, name)
    const entry = source.tree.entry(child)
    if (entry) directory.children.set(name, pendingNode(entry, source, rules))
  }
}

/** The node that an entry of a source becomes where nothing was before. */
export function pendingNode(entry: Entry, source: Source, rules: Rules): Node {
  if (entry.type !== 'directory') return { kind: 'leaf', body: rules.leaf(entry), changed: true }
  const directory = createDirectory(rules.directory(entry), { lower: false, changed: true })
  directory.pending = { source, path: entry.path, rules }
  return directory
}

const inodes = new WeakMap<Body, string>()
let lastInode = 0

function inodeOf(body: Body): string {
  const known = inodes.get(body) ?? `body:${++lastInode}`
  inodes.set(body, known)
  return known
}
