/**
 * The copy action: which files land where, with what mode and owner. Long because the rules for a path depend on those for the
 * directory that it is in: two files would hand the same state back and forth.
 */
import { ImgError } from '../../error.ts'
import { createMatcher, type Match, type Matcher } from '../../oci/pattern.ts'
import type { CopyAction } from '../../plan/op.ts'
import type { Entry } from '../ports.ts'
import { baseOf, cleanPath, follow, joinName, parentOf } from '../tree.ts'
import { type Body, bodyOf, type Meta } from './body.ts'
import { type Chmod, parseMode } from './chmod.ts'
import type { Source } from './file-source.ts'
import type { Owner } from './owner.ts'
import { selectPaths, sourceMissing } from './select.ts'
import { createDirectory, type Directory, type Node, pendingNode, type Rules, type Target } from './target.ts'

/** What an action is told besides its own fields. Times in seconds since the epoch. */
export interface Settings {
  readonly owner: Owner | undefined
  /** What is made rather than copied gets this time. */
  readonly created: number
  /** What is copied gets this time; undefined keeps its own. */
  readonly fixed: number | undefined
}

/** The sources of a copy, as paths in the source tree. Empty when nothing matches and that is allowed. */
export function copySources(source: Source, action: CopyAction): string[] {
  if (!action.allowWildcard) return [cleanPath(action.src)]
  const paths = selectPaths(source.tree, action.src, { last: action.followSymlink ?? false })
  if (paths.length === 0 && !action.allowEmptyWildcard) throw sourceMissing(cleanPath(action.src))
  return paths
}

/**
 * Copies one source of the action.
 * @throws COPY_SOURCE_MISSING, COPY_CONFLICT, PATH_MISSING
 * @source moby/buildkit, solver/llbsolver/file/backend.go: docopy; tonistiigi/fsutil, copy.Copy
 */
export function copyOne(target: Target, source: Source, path: string, action: CopyAction, settings: Settings): void {
  const asDirectory = /\/\.?$/.test(action.dest)
  const made = madeDirectory(action, settings)
  if (action.createDestPath) {
    const lexical = cleanPath(action.dest)
    const parent = asDirectory ? lexical : parentOf(lexical)
    target.makeDirectories(follow(target, parent, { last: true }), made)
  } else {
    const parent = parentOf(follow(target, action.dest, { last: true }))
    if (!target.find(parent))
      throw new ImgError('PATH_MISSING', `the directory "/${parent}" to copy to does not exist`, {
        detail: { path: `/${parent}` },
      })
  }
  const from = follow(source.tree, path, { last: action.followSymlink ?? false })
  const entry = source.tree.entry(from)
  if (!entry) throw sourceMissing(path)
  const isDirectory = entry.type === 'directory'
  const contents = isDirectory && action.dirCopyContents === true
  let dest = follow(target, action.dest, { last: true })
  const existing = target.find(dest)
  if (existing && (isDirectory ? !contents : existing.kind === 'directory') && baseOf(path) !== '')
    dest = joinName(dest, baseOf(path))
  target.makeDirectories(contents && !existing ? dest : parentOf(dest), made)
  new Copy(target, source, path, action, settings).start(entry, dest)
}

/** What a directory is like that only leads to the destination. Special bits are left out (conformance D6.42). */
function madeDirectory({ mode, modeStr }: CopyAction, { owner, created }: Settings): Meta {
  return {
    mode: modeStr || mode < 0 ? 0o755 : mode & 0o777,
    uid: owner?.uid ?? 0,
    gid: owner?.gid ?? 0,
    mtime: created,
  }
}

/** A directory on the way from the source down. One that no pattern takes is made only when something in it is taken. */
interface Level {
  readonly entry: Entry
  readonly dest: string
  readonly parent: Level | undefined
  node: Directory | undefined
  readonly include: Match | undefined
  readonly exclude: Match | undefined
}

/** One source on its way. Hard links stay linked within it (conformance D6.9). */
class Copy implements Rules {
  readonly name: string
  readonly #target: Target
  readonly #source: Source
  readonly #path: string
  readonly #settings: Settings
  readonly #replace: boolean
  readonly #chmod: Chmod | undefined
  readonly #include: Matcher | undefined
  readonly #exclude: Matcher | undefined
  readonly #bodies = new Map<string, Body>()
  #required: string[]

  constructor(target: Target, source: Source, path: string, action: CopyAction, settings: Settings) {
    this.#target = target
    this.#source = source
    this.#path = path
    this.#settings = settings
    this.#replace = action.alwaysReplaceExistingDestPaths === true
    this.#chmod = action.modeStr ? parseMode(action.modeStr) : action.mode < 0 ? undefined : () => action.mode & 0o7777
    this.#include = action.includePatterns?.length ? createMatcher(action.includePatterns) : undefined
    this.#exclude = action.excludePatterns?.length ? createMatcher(action.excludePatterns) : undefined
    this.#required = (action.requiredPaths ?? []).map(cleanPath)
    this.name = JSON.stringify([settings.owner ?? null, settings.fixed ?? null, action.modeStr || action.mode])
  }

  directory(entry: Entry): Meta {
    return this.#meta(entry)
  }

  leaf(entry: Entry): Body {
    const known = entry.inode === undefined ? undefined : this.#bodies.get(entry.inode)
    if (known) return known
    const body = bodyOf(entry, this.#source, this.#meta(entry))
    if (entry.inode !== undefined) this.#bodies.set(entry.inode, body)
    return body
  }

  #meta(entry: Entry): Meta {
    const { owner, fixed } = this.#settings
    const mode =
      this.#chmod && entry.type !== 'symlink' ? this.#chmod(entry.mode, entry.type === 'directory') : entry.mode
    const { uid, gid } = owner ?? entry
    return { mode, uid, gid, mtime: fixed ?? entry.mtime, xattrs: entry.xattrs }
  }

  start(entry: Entry, dest: string): void {
    const parentPath = parentOf(dest)
    if (entry.type !== 'directory') {
      this.#putLeaf(this.#target.find(parentPath) as Directory, parentPath, baseOf(dest), entry)
    } else {
      const node = this.#top(entry, dest)
      if (this.#include || this.#exclude) {
        this.#filtered({ entry, dest, parent: undefined, node, include: undefined, exclude: undefined }, '')
      } else {
        this.#fill(node, dest, entry.path)
      }
    }
    if (this.#required.length > 0) throw sourceMissing(this.#required[0]!)
  }

  /** The destination of a directory itself: where it existed it keeps all but its time (conformance D6.26). */
  #top(entry: Entry, dest: string): Directory {
    const existing = this.#target.find(dest)
    if (existing?.kind === 'directory') {
      existing.meta.mtime = this.#settings.fixed ?? entry.mtime
      existing.changed = true
      return existing
    }
    if (existing && !this.#replace) throw conflict(entry, dest, existing)
    const node = createDirectory(this.#meta(entry), { lower: false, changed: true })
    this.#target.put(this.#target.find(parentOf(dest)) as Directory, parentOf(dest), baseOf(dest), node)
    return node
  }

  /** Copies all of a directory. Where nothing is yet, it need not even be looked at. */
  #fill(node: Directory, dest: string, path: string): void {
    if (!node.lower && !node.pending && node.children.size === 0) {
      node.pending = { source: this.#source, path, rules: this }
      return
    }
    for (const name of this.#source.tree.names(path)) {
      const entry = this.#source.tree.entry(joinName(path, name))
      if (!entry) continue
      if (entry.type !== 'directory') {
        this.#putLeaf(node, dest, name, entry)
        continue
      }
      const made = this.#putDirectory(node, dest, name, entry)
      if (made.kind === 'directory' && !made.pending) this.#fill(made, joinName(dest, name), entry.path)
    }
  }

  #putLeaf(directory: Directory, parent: string, name: string, entry: Entry): void {
    const existing = this.#target.child(directory, parent, name)
    if (existing?.kind === 'directory' && !this.#replace) throw conflict(entry, joinName(parent, name), existing)
    this.#target.put(directory, parent, name, { kind: 'leaf', body: this.leaf(entry), changed: true })
  }

  /** A directory below the source: its mode, owner and time win over what is there (conformance D6.27). */
  #putDirectory(directory: Directory, parent: string, name: string, entry: Entry): Node {
    const existing = this.#target.child(directory, parent, name)
    if (existing?.kind === 'directory') {
      existing.meta = mergeMeta(existing.meta, this.#meta(entry))
      existing.changed = true
      // What is pending there was put by an earlier copy: it must be looked at now, one level deep.
      if (existing.pending) this.#target.child(existing, joinName(parent, name), '')
      return existing
    }
    if (existing && !this.#replace) throw conflict(entry, joinName(parent, name), existing)
    const node = pendingNode(entry, this.#source, this)
    this.#target.put(directory, parent, name, node)
    return node
  }

  /** Copies what the patterns take of a directory. `relative` is its path below the source. */
  #filtered(level: Level, relative: string): void {
    for (const name of this.#source.tree.names(level.entry.path)) {
      const path = joinName(relative, name)
      const include = this.#include?.child(path, level.include)
      const exclude = this.#exclude?.child(path, level.exclude)
      const taken = (include?.matched ?? true) && !exclude?.matched
      const entry = this.#source.tree.entry(joinName(level.entry.path, name))
      if (!entry) continue
      if (taken) this.#meet(path)
      if (entry.type !== 'directory') {
        if (taken) this.#putLeaf(this.#realize(level), level.dest, name, entry)
        continue
      }
      const dest = joinName(level.dest, name)
      const below: Level = { entry, dest, parent: level, node: undefined, include, exclude }
      if (taken) below.node = this.#openDirectory(this.#realize(level), level.dest, name, entry)
      if (exclude?.matched && !this.#exclude!.mayDiffer(path, exclude)) continue
      if (include && !include.matched && !this.#include!.mayDiffer(path, include)) continue
      this.#filtered(below, path)
    }
  }

  #openDirectory(directory: Directory, parent: string, name: string, entry: Entry): Directory {
    const existing = this.#target.child(directory, parent, name)
    if (existing) return this.#putDirectory(directory, parent, name, entry) as Directory
    const node = createDirectory(this.#meta(entry), { lower: false, changed: true })
    this.#target.put(directory, parent, name, node)
    return node
  }

  /** Makes a directory that no pattern took, because something in it was; one that exists takes the source's mode (conformance D6.58). */
  #realize(level: Level): Directory {
    if (level.node) return level.node
    const directory = this.#realize(level.parent!)
    const name = baseOf(level.dest)
    const existing = this.#target.child(directory, level.parent!.dest, name)
    if (existing?.kind === 'leaf') throw conflict(level.entry, level.dest, existing)
    if (existing) {
      existing.meta.mode = level.entry.mode
      existing.changed = true
    }
    level.node = existing ?? this.#openDirectory(directory, level.parent!.dest, name, level.entry)
    return level.node
  }

  /** Notes that a path was taken, for the paths that must be. */
  #meet(relative: string): void {
    if (this.#required.length === 0) return
    const path = joinName(this.#path, relative)
    this.#required = this.#required.filter((required) => !path.startsWith(required))
  }
}

function mergeMeta(old: Meta, meta: Meta): Meta {
  return old.xattrs ? { ...meta, xattrs: { ...old.xattrs, ...meta.xattrs } } : meta
}

function conflict(entry: Entry, dest: string, existing: Node): ImgError {
  const what = existing.kind === 'directory' ? 'directory' : existing.body.type
  const message =
    entry.type === 'directory'
      ? `the directory "/${entry.path}" cannot be copied to "/${dest}", which is a ${what}`
      : `the ${entry.type} "/${entry.path}" cannot replace "/${dest}", which is a directory`
  return new ImgError('COPY_CONFLICT', message, {
    hint:
      existing.kind === 'directory'
        ? `end the destination in a slash to copy into it, or remove it first`
        : 'remove it first, or copy to another place',
    detail: { path: `/${dest}` },
  })
}
