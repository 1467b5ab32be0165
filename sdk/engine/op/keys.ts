/** Cache keys of a FileOp: over what its layer will hold. */
import { createHash, type Hash } from 'node:crypto'
import { fileName } from '../name.ts'
import type { LayerIndex } from '../ports.ts'
import type { Body, Meta } from './body.ts'
import { type Change, changesOf } from './changes.ts'
import type { Target } from './target.ts'

/**
 * Collects records and hashes them in large pieces: a call per record would cost more than the hashing. A record is a list of
 * fields, each ended by a NUL that no field holds; its first fields tell how many there are, so no two lists give one text.
 */
class RecordHash {
  readonly #hash: Hash = createHash('sha256')
  #text = ''

  add(record: string): void {
    this.#text += record
    if (this.#text.length < 1 << 16) return
    this.#hash.update(fileName(this.#text))
    this.#text = ''
  }

  digest(): string {
    return this.#hash.update(fileName(this.#text)).digest('hex')
  }
}

/**
 * The key of a layer before any content is read: metadata, and in place of content what stands for it.
 * Undefined when nothing stands for the content of some file.
 *
 * @param times  whether modification times count: they do when they are fixed from outside
 */
export function quickKeyOf(target: Target, times: boolean): string | undefined {
  const hash = new RecordHash()
  for (const change of changesOf(target, { subtrees: true })) {
    if (change.kind !== 'subtree') {
      const identity = change.kind === 'leaf' ? change.body.content.identity() : ''
      if (identity === undefined) return undefined
      hash.add(record(change, identity, times))
      continue
    }
    const { source, path, rules } = change.pending
    const signature = source.signature?.(path)
    if (signature !== undefined) hash.add(`subtree\0${change.path}\0${rules.name}\0${signature}\0`)
    else {
      hash.add(`walked\0${change.path}\0`)
      if (!addWalked(hash, change, times)) return undefined
    }
  }
  return `file:${hash.digest()}`
}

/** Walks a source directory that nobody looked at. */
function addWalked(hash: RecordHash, { pending }: Extract<Change, { kind: 'subtree' }>, times: boolean): boolean {
  const { source, rules } = pending
  const inodes = new Map<Body, number>()
  const paths = [pending.path]
  for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
    const below = pending.path === '' && path !== '' ? `/${path}` : path.slice(pending.path.length)
    for (const name of source.tree.names(path)) {
      const entry = source.tree.entry(path === '' ? name : `${path}/${name}`)
      if (!entry) continue
      if (entry.type === 'directory') {
        hash.add(`${below}\0${name}\0directory\0${metaText(rules.directory(entry), times)}`)
        paths.push(entry.path)
        continue
      }
      const body = rules.leaf(entry)
      const identity = body.content.identity()
      if (identity === undefined) return false
      if (body.shared && !inodes.has(body)) inodes.set(body, inodes.size)
      hash.add(`${below}\0${name}\0${leafText(body, times)}${identity}\0${inodes.get(body) ?? ''}\0`)
    }
  }
  return true
}

/**
 * The key of a layer by its content, grown change by change. Two layers with this key hold the same files; their times may differ,
 * unless times count.
 */
export class ContentKey {
  readonly #records = new RecordHash()
  readonly #times: boolean
  /** Of each regular file in order its digest or, where that is not known yet, a slash and its path: no digest starts with one. */
  readonly #files: string[] = []

  /** @param times  whether modification times count: they do when they are fixed from outside */
  constructor(times: boolean) {
    this.#times = times
  }

  add(change: Change): void {
    if (change.kind === 'subtree') return
    this.#records.add(record(change, '', this.#times))
    if (change.kind === 'leaf' && change.body.type === 'file')
      this.#files.push(change.body.content.digest ?? `/${change.path}`)
  }

  /**
   * @param index  the packed layer, for the digests of files that had to be read
   * @returns      undefined when a digest is missing
   */
  finish(index?: LayerIndex): string | undefined {
    const contents = new RecordHash()
    for (const file of this.#files) {
      const digest = file.startsWith('/') ? index?.entries.get(file.slice(1))?.digest : file
      if (digest === undefined) return undefined
      contents.add(digest)
    }
    return `content:${this.#records.digest()}:${contents.digest()}`
  }
}

/** The key of a layer by its content, where all digests are known before anything is packed. */
export function contentKeyOf(target: Target, times: boolean): string | undefined {
  const key = new ContentKey(times)
  for (const change of changesOf(target, { subtrees: false })) {
    if (change.kind === 'leaf' && change.body.type === 'file' && change.body.content.digest === undefined)
      return undefined
    key.add(change)
  }
  return key.finish()
}

function record(change: Exclude<Change, { kind: 'subtree' }>, content: string, times: boolean): string {
  if (change.kind === 'directory') return `directory\0${change.path}\0${metaText(change.meta, times)}`
  if (change.kind === 'leaf') return `leaf\0${change.path}\0${leafText(change.body, times)}${content}\0`
  if (change.kind === 'hardlink') return `hardlink\0${change.path}\0${change.link}\0`
  return `${change.kind}\0${change.path}\0`
}

function leafText(body: Body, times: boolean): string {
  const { type, size, link = '', device } = body
  return `${type}\0${size}\0${link}\0${device ? `${device.major}:${device.minor}` : ''}\0${metaText(body, times)}`
}

function metaText({ mode, uid, gid, mtime, xattrs }: Meta, times: boolean): string {
  return `${mode}\0${uid}\0${gid}\0${times ? mtime : ''}\0${xattrs ? xattrText(xattrs) : ''}\0`
}

function xattrText(xattrs: Readonly<Record<string, Uint8Array>>): string {
  return Object.keys(xattrs)
    .sort()
    .map((name) => `${name}=${Buffer.from(xattrs[name]!).toString('hex')}`)
    .join(',')
}
