/**
 * Archives that ADD unpacks: a tar applied to a target, entry by entry, with nothing leaving its root. Long because each check
 * stands beside the step that it guards.
 */
import { ImgError } from '../../error.ts'
import type { Entry, Io } from '../ports.ts'
import { baseOf, cleanPath, escapes, follow, joinName, parentOf } from '../tree.ts'
import { Body, type Meta, noContent } from './body.ts'
import type { Settings } from './copy.ts'
import type { Spool } from './spool.ts'
import { createDirectory, type Directory, type Node, type Target } from './target.ts'

/** One member of an archive, as it says itself. */
export interface ArchiveMember {
  readonly name: string
  readonly type: Entry['type'] | 'hardlink'
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  readonly mtime: number
  readonly link?: string
  readonly device?: { readonly major: number; readonly minor: number }
  readonly xattrs?: Readonly<Record<string, Uint8Array>>
}

/** Who is told of members, in order. `data` is a view that is only good during the call. What it throws ends the reading. */
export interface ArchiveHandler {
  entry(member: ArchiveMember): void
  data(bytes: Uint8Array): void
  done(): void
}

/** Reads a tar, which may be compressed with gzip, bzip2, xz or zstd. Throws when the content is nothing of that. */
export type ScanArchive = (content: Iterable<Uint8Array>, handler: ArchiveHandler, io?: Io) => Promise<void>

/** How much one archive may hold. */
export interface ArchiveLimits {
  readonly entries: number
  readonly bytes: number
}

/** More than any file system that people add; less than what fills a disk unnoticed. */
export const archiveLimits: ArchiveLimits = { entries: 500_000, bytes: 8 * 2 ** 30 }

const found = Symbol('found')

/** Whether ADD takes the content for an archive: a tar header can be read from it (conformance D6.70). */
export async function isArchive(content: Iterable<Uint8Array>, scan: ScanArchive): Promise<boolean> {
  const stop = () => {
    throw found
  }
  try {
    await scan(content, { entry: stop, data: stop, done: stop })
    return false
  } catch (error) {
    if (error === found) return true
    // A compression that cannot be read here must not turn an archive into a file.
    if (
      error instanceof ImgError &&
      ['UNSUPPORTED', 'CONTEXT_INVALID', 'STORE_DAMAGED', 'INTERNAL'].includes(error.code)
    )
      throw error
    return false
  }
}

/** A target seen from a directory in it, as a process would whose root that directory is. */
const below = (target: Target, root: string) => ({
  entry: (path: string) => target.entry(path === '' ? root : joinName(root, path)),
})

/**
 * Applies members to a target. An existing directory takes the member's metadata; whatever else is in the way is removed.
 * @source moby/go-archive, Unpack
 */
export class Unpacker implements ArchiveHandler {
  readonly #target: Target
  readonly #root: string
  readonly #view: ReturnType<typeof below>
  readonly #settings: Settings
  readonly #spool: Spool
  readonly #limits: ArchiveLimits
  /** The directories that the archive names, for `finish`. */
  readonly #directories: {
    readonly name: string
    readonly path: string
    readonly mtime: number
    readonly node: Node
  }[] = []
  #entries = 0
  #bytes = 0
  /** The directory of the member before, which is most often that of the next. */
  #parent: { readonly name: string; readonly path: string; readonly node: Directory } | undefined

  /** @param root  the directory to unpack in: clean, existing, no links on the way */
  constructor(target: Target, root: string, settings: Settings, spool: Spool, limits: ArchiveLimits) {
    this.#target = target
    this.#root = root
    this.#view = below(target, root)
    this.#settings = settings
    this.#spool = spool
    this.#limits = limits
  }

  entry(member: ArchiveMember): void {
    this.#count(member)
    const path = checkName(member.name, member.name)
    if (path === '') {
      if (member.type === 'directory') return
      throw new ImgError(
        'PATH_ESCAPES',
        `the member "${member.name}" of the archive would replace the root by a ${member.type}`,
      )
    }
    const { node: parent, path: parentPath } = this.#parentOf(path, member)
    const name = baseOf(path)
    const existing = this.#target.child(parent, parentPath, name)
    if (existing?.kind === 'directory' && member.type === 'directory') {
      const meta = this.#meta(member)
      existing.meta = existing.meta.xattrs ? { ...meta, xattrs: { ...existing.meta.xattrs, ...meta.xattrs } } : meta
      existing.changed = true
      this.#directories.push({ name: path, path: joinName(parentPath, name), mtime: member.mtime, node: existing })
      return
    }
    const full = joinName(parentPath, name)
    if (member.type === 'hardlink' && this.#linkPath(member) === full) return
    if (existing || member.type === 'symlink') this.#parent = undefined
    if (existing) this.#target.remove(full)
    if (member.type === 'directory') {
      const node = createDirectory(this.#meta(member), { lower: false, changed: true })
      this.#target.put(parent, parentPath, name, node)
      this.#directories.push({ name: path, path: full, mtime: member.mtime, node })
      return
    }
    const body = member.type === 'hardlink' ? this.#linked(member) : this.#body(member, member.type)
    this.#target.put(parent, parentPath, name, { kind: 'leaf', body, changed: true })
  }

  /**
   * Directories take their times at the end, by name: what a later member put in the place of one takes them instead.
   * @throws LAYER_INVALID  where nothing is there any more
   */
  finish(): void {
    for (const { name, path, mtime, node } of this.#directories) {
      const kept = this.#target.find(path) === node
      const there = kept ? node : this.#target.find(joinRoot(this.#root, follow(this.#view, name, { last: true })))
      if (!there) {
        throw new ImgError(
          'LAYER_INVALID',
          `the archive has the directory "${name}", and later something in its place`,
          {
            hint: 'pack it again, with every path once',
          },
        )
      }
      there.changed = true
      if (there.kind === 'directory') there.meta = { ...there.meta, mtime }
      else there.body.mtime = mtime
    }
  }

  data(bytes: Uint8Array): void {
    this.#spool.write(bytes)
  }

  done(): void {}

  #count(member: ArchiveMember): void {
    const { entries, bytes } = this.#limits
    this.#entries++
    this.#bytes += member.size
    if (this.#entries <= entries && this.#bytes <= bytes) return
    const what = this.#entries > entries ? `${entries} members` : `${bytes} bytes`
    throw new ImgError('QUOTA', `the archive holds more than ${what} ("${member.name}")`, {
      hint: 'unpack it with RUN, or unpack it before the build and COPY the directory',
    })
  }

  /** The directory that a member goes in. Missing ones are made 0755 and belong to root; setgid goes on to them, as it does in Linux. */
  #parentOf(path: string, member: ArchiveMember) {
    const name = parentOf(path)
    if (this.#parent?.name === name) return this.#parent
    const full = joinRoot(this.#root, follow(this.#view, name, { last: true }))
    if (!this.#target.find(full) && this.#runsThroughLink(name)) {
      throw new ImgError(
        'PATH_MISSING',
        `the member "${member.name}" of the archive leads through a symbolic link to nothing`,
        {
          detail: { path: member.name },
        },
      )
    }
    let above = full
    while (above !== '' && !this.#target.find(above)) above = parentOf(above)
    const setgid = (this.#target.entry(above)?.mode ?? 0) & 0o2000
    const made: Meta = { mode: 0o755 | setgid, uid: 0, gid: 0, mtime: this.#settings.created }
    this.#parent = { name, path: full, node: this.#target.makeDirectories(full, made) }
    return this.#parent
  }

  #runsThroughLink(path: string): boolean {
    return follow(this.#view, path, { last: true }) !== path
  }

  #linkPath(member: ArchiveMember): string {
    const link = checkName(member.link ?? '', member.name)
    return joinRoot(this.#root, joinName(follow(this.#view, parentOf(link), { last: true }), baseOf(link)))
  }

  /** The file that a hard link is another name of; one of the base comes along into the layer. */
  #linked(member: ArchiveMember): Body {
    const node = this.#target.find(this.#linkPath(member))
    if (node?.kind !== 'leaf') {
      const why = node ? 'which is a directory' : 'which does not exist'
      throw new ImgError(
        'LAYER_INVALID',
        `the member "${member.name}" of the archive is a hard link to "${member.link}", ${why}`,
      )
    }
    node.changed = true
    node.body.shared = true
    const { mode, uid, gid, mtime, xattrs } = this.#meta(member)
    Object.assign(node.body, { uid, gid, mtime })
    if (node.body.type !== 'symlink') node.body.mode = mode
    if (xattrs) node.body.xattrs = { ...node.body.xattrs, ...xattrs }
    return node.body
  }

  #body(member: ArchiveMember, type: Body['type']): Body {
    const regular = type === 'file'
    const content =
      regular && member.size > 0 ? { identity: () => undefined, read: this.#spool.expect(member.size) } : noContent
    const meta = this.#meta(member)
    if (type === 'symlink') meta.mode = 0o777
    const what = {
      type,
      size: regular ? member.size : 0,
      link: type === 'symlink' ? (member.link ?? '') : undefined,
      device: member.device,
    }
    return new Body(what, meta, content)
  }

  #meta({ mode, uid, gid, mtime, xattrs }: ArchiveMember): Meta {
    return { mode: mode & 0o7777, ...(this.#settings.owner ?? { uid, gid }), mtime, xattrs }
  }
}

function joinRoot(root: string, path: string): string {
  return path === '' ? root : joinName(root, path)
}

/** The clean path of a name; an absolute one counts from the root. */
function checkName(name: string, member: string): string {
  if (escapes(name)) {
    throw new ImgError('PATH_ESCAPES', `the member "${member}" of the archive leads out of it: "${name}"`, {
      detail: { path: name },
    })
  }
  const path = cleanPath(name)
  if (
    name.includes('\0') ||
    Buffer.byteLength(path) > 4095 ||
    path.split('/').some((part) => Buffer.byteLength(part) > 255)
  ) {
    throw new ImgError(
      'LAYER_INVALID',
      `the archive has a name that no file can have: ${JSON.stringify(name.slice(0, 100))}`,
    )
  }
  return path
}
