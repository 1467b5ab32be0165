/** What files and directories are on their way into a layer. */
import type { Digest } from '../../oci/digest.ts'
import type { Entry, StoredContent } from '../ports.ts'
import type { Source } from './file-source.ts'

/** What a directory is, besides its content. */
export interface Meta {
  mode: number
  uid: number
  gid: number
  /** Seconds since the epoch. */
  mtime: number
  xattrs?: Entry['xattrs'] | undefined
}

/** Where the content of a file comes from. */
export interface Content {
  /** A text that differs where the content may: its digest, or what stands for it. Undefined when nothing does. */
  identity(): string | undefined
  /** Takes note of where the content came to lie. */
  learn?(content: StoredContent): void
  /** The digest of the content, where it is known without reading. */
  readonly digest?: Digest | undefined
  read(): Iterable<Uint8Array>
}

/** Anything but a directory. Hard links are several leaves of one body. A class, because there are very many. */
export class Body implements Meta {
  readonly type: Exclude<Entry['type'], 'directory'>
  readonly size: number
  readonly link: string | undefined
  readonly device: Entry['device']
  readonly content: Content
  mode: number
  uid: number
  gid: number
  mtime: number
  xattrs: Entry['xattrs']
  /** Whether it may have more than one name. */
  shared = false

  constructor(what: Pick<Body, 'type' | 'size' | 'link' | 'device'>, meta: Meta, content: Content) {
    this.type = what.type
    this.size = what.size
    this.link = what.link
    this.device = what.device
    this.content = content
    this.mode = meta.mode
    this.uid = meta.uid
    this.gid = meta.gid
    this.mtime = meta.mtime
    this.xattrs = meta.xattrs
  }
}

/** For whatever has none. */
export const noContent: Content = { identity: () => '', read: () => [] }

/** The metadata of an entry as it is. */
export function metaOf({ mode, uid, gid, mtime, xattrs }: Entry): Meta {
  return { mode, uid, gid, mtime, xattrs }
}

/** The body of a source's entry, as it is there or with other metadata. */
export function bodyOf(entry: Entry, source: Source, meta: Meta = metaOf(entry)): Body {
  const body = new Body(entry as Pick<Body, 'type' | 'size' | 'link' | 'device'>, meta, new Copied(entry, source))
  body.shared = entry.inode !== undefined
  return body
}

class Copied implements Content {
  readonly #entry: Entry
  readonly #source: Source

  constructor(entry: Entry, source: Source) {
    this.#entry = entry
    this.#source = source
  }

  get digest(): Digest | undefined {
    return this.#entry.digest
  }

  identity(): string | undefined {
    return this.#source.identity(this.#entry)
  }

  read(): Iterable<Uint8Array> {
    return this.#source.tree.read(this.#entry)
  }

  learn(content: StoredContent): void {
    this.#source.learn?.(this.#entry.path, content)
  }
}

/** An independent copy. */
export function cloneBody(body: Body): Body {
  const copy = new Body(body, body, body.content)
  copy.shared = body.shared
  return copy
}
