/**
 * The actions of a FileOp, done one after the other on virtual file systems. Long because every kind of input (base, source,
 * result of an earlier action, owner of a name) is resolved here and nowhere else.
 */
import { createHash, randomUUID } from 'node:crypto'
import { ImgError } from '../../error.ts'
import { canonicalJson } from '../../graph/canonical.ts'
import type { ChownOpt, CopyAction, FileAction, FileOp } from '../../plan/op.ts'
import type { Io, Tree } from '../ports.ts'
import { follow } from '../tree.ts'
import { copyOne, copySources, type Settings } from './copy.ts'
import { emptySource, type FileSource, type Source, toSource } from './file-source.ts'
import { mkdir, mkfile, rm, symlink } from './make.ts'
import { type Owner, resolveOwner } from './owner.ts'
import { Spool } from './spool.ts'
import { Target } from './target.ts'
import { type ArchiveLimits, archiveLimits, isArchive, type ScanArchive, Unpacker } from './unpack.ts'

/** What a FileOp is told. Times in seconds since the epoch. */
export interface FileOptions {
  /** No entry is newer than this. What is made gets this time. */
  readonly sourceDateEpoch?: number
  /** What is made gets this time when there is no other. */
  readonly now: number
  /** Reads archives for ADD. Without it every archive is copied as a file. */
  readonly scan?: ScanArchive
  /** @default 500,000 members and 8 GiB */
  readonly limits?: ArchiveLimits
  /** Where contents of archives wait. @default the system's folder for temporary files */
  readonly temporary?: string
}

/** One FileOp on its way. */
export class Run {
  /** Whether modification times are part of the keys. */
  readonly times: boolean
  readonly #actions: readonly FileAction[]
  readonly #sources: readonly (Source | undefined)[]
  readonly #options: FileOptions
  /** Sources to unpack, by action and path. */
  readonly #archives = new Set<string>()
  readonly #spool: Spool

  constructor(op: FileOp, inputs: readonly (FileSource | undefined)[], options: FileOptions) {
    this.#actions = op.actions
    this.#sources = inputs.map((input) => input && toSource(input))
    this.#options = options
    this.#spool = new Spool(options.temporary)
    this.times = options.sourceDateEpoch !== undefined
  }

  close(): void {
    this.#spool.close()
  }

  /** Adds what is set from outside to a key. */
  seal(key: string | undefined): string | undefined {
    if (key === undefined) return undefined
    const times = this.#actions.map((action) => timestampOf(action))
    return times.every((time) => time < 0) && !this.times
      ? key
      : `${key}:${this.#options.sourceDateEpoch ?? ''}:${times.join(',')}`
  }

  base(): number {
    const seen = new Set<number>()
    let index = this.#last()
    for (;;) {
      const { input } = this.#actions[index]!
      if (input < this.#sources.length) return Math.max(-1, input)
      if (seen.has(index)) throw invalid(`action ${index} takes its own result`)
      seen.add(index)
      index = this.#action(input)
    }
  }

  /** Which action gives the result. */
  #last(): number {
    const last = this.#actions.findIndex((action) => action.output === 0)
    if (last < 0) throw invalid('no action gives an output')
    return last
  }

  /** Looks at the files that ADD names, for archives. */
  async findArchives(): Promise<boolean> {
    const { scan } = this.#options
    if (!scan) return false
    for (const [index, action] of this.#actions.entries()) {
      if (!('copy' in action.Action) || !action.Action.copy.attemptUnpackDockerCompatibility) continue
      const source = this.#sources[action.secondaryInput]
      if (!source) continue
      for (const path of copySources(source, action.Action.copy)) {
        const entry = source.tree.entry(follow(source.tree, path, { last: true }))
        if (entry?.type === 'file' && entry.size > 0 && (await isArchive(source.tree.read(entry), scan)))
          this.#archives.add(`${index}:${path}`)
      }
    }
    return this.#archives.size > 0
  }

  /** A key over the op and all of its inputs, for when the result cannot be known before archives are read. */
  definitionKey(): string {
    const parts: unknown[] = [{ actions: this.#actions }, this.#options.sourceDateEpoch ?? null]
    for (const [index, source] of this.#sources.entries()) {
      const used = this.#actions.some(({ input }) => input === index) || !source?.signature
      parts.push(source ? (used ? source.key : '') : null)
    }
    for (const { secondaryInput, Action } of this.#actions) {
      const source = this.#sources[secondaryInput]
      if (!('copy' in Action) || !source?.signature) continue
      for (const path of copySources(source, Action.copy)) {
        parts.push([
          path,
          source.signature(follow(source.tree, path, { last: Action.copy.followSymlink ?? false })) ?? null,
        ])
      }
    }
    return `unpack:${createHash('sha256').update(canonicalJson(parts)).digest('hex')}`
  }

  /** Does the actions, each on the result of the one it names. */
  async result(io?: Io): Promise<Target> {
    const last = this.#last()
    const targets: Target[] = []
    for (const [index, action] of this.#actions.entries()) {
      const target = this.#start(index, action, targets)
      await this.#do(index, action, target, targets, io)
      if (index === last) return target
      targets.push(target)
    }
    throw invalid('no action gives an output')
  }

  #start(index: number, { input }: FileAction, targets: readonly Target[]): Target {
    if (input < this.#sources.length) return new Target(this.#sources[input])
    const earlier = this.#earlier(input, index, targets)
    const usedLater = this.#actions.some((action, at) => at > index && uses(action, input))
    return usedLater ? earlier.clone() : earlier
  }

  #earlier(input: number, index: number, targets: readonly Target[]): Target {
    const at = this.#action(input)
    if (at >= index) throw invalid(`action ${index} takes the result of action ${at}, which comes later`)
    return targets[at]!
  }

  #action(input: number): number {
    const at = input - this.#sources.length
    if (Number.isInteger(at) && at >= 0 && at < this.#actions.length) return at
    throw invalid(`an action refers to input ${input}`)
  }

  async #do(
    index: number,
    action: FileAction,
    target: Target,
    targets: readonly Target[],
    io: Io | undefined,
  ): Promise<void> {
    const { Action } = action
    if ('rm' in Action) return rm(target, Action.rm)
    const owner = this.#owner(ownerOf(action), index, targets)
    const settings = this.#settings(timestampOf(action), owner)
    if ('mkdir' in Action) return mkdir(target, Action.mkdir, settings)
    if ('mkfile' in Action) return mkfile(target, Action.mkfile, settings)
    if ('symlink' in Action) return symlink(target, Action.symlink, settings)
    const source = this.#source(action.secondaryInput, index, targets)
    for (const path of copySources(source, Action.copy)) {
      if (this.#archives.has(`${index}:${path}`)) await this.#unpack(target, source, path, Action.copy, settings, io)
      else copyOne(target, source, path, Action.copy, settings)
    }
  }

  async #unpack(
    target: Target,
    source: Source,
    path: string,
    action: CopyAction,
    settings: Settings,
    io: Io | undefined,
  ): Promise<void> {
    const dest = follow(target, action.dest, { last: true })
    target.makeDirectories(dest, {
      mode: 0o755,
      uid: settings.owner?.uid ?? 0,
      gid: settings.owner?.gid ?? 0,
      mtime: settings.created,
    })
    const entry = source.tree.entry(follow(source.tree, path, { last: true }))!
    const unpacker = new Unpacker(target, dest, settings, this.#spool, this.#options.limits ?? archiveLimits)
    try {
      await this.#options.scan!(source.tree.read(entry), unpacker, io)
      unpacker.finish()
    } catch (error) {
      if (!(error instanceof ImgError)) throw error
      throw new ImgError(error.code, `"${path}" cannot be unpacked: ${error.message}`, {
        hint: error.hint,
        detail: error.detail,
        cause: error,
      })
    }
  }

  #source(input: number, index: number, targets: readonly Target[]): Source {
    if (input < this.#sources.length) return this.#sources[input] ?? emptySource
    const tree = this.#earlier(input, index, targets)
    return { tree, key: randomUUID(), identity: (entry) => tree.body(entry.path)?.content.identity() }
  }

  #owner(owner: ChownOpt | undefined, index: number, targets: readonly Target[]): Owner | undefined {
    const treeOf = (input: number): Tree | undefined =>
      input < this.#sources.length ? this.#sources[input]?.tree : this.#earlier(input, index, targets)
    return resolveOwner(owner, treeOf)
  }

  #settings(timestamp: number, owner: Owner | undefined): Settings {
    const fixed = timestamp < 0 ? undefined : Math.floor(timestamp / 1e9)
    return { owner, fixed, created: fixed ?? this.#options.sourceDateEpoch ?? this.#options.now }
  }
}

function uses(action: FileAction, input: number): boolean {
  const owner = ownerOf(action)
  const names = [owner?.user, owner?.group].map(
    (option) => option && 'byName' in option.User && (option.User.byName.input ?? 0),
  )
  return action.input === input || action.secondaryInput === input || names.includes(input)
}

function ownerOf({ Action }: FileAction): ChownOpt | undefined {
  if ('copy' in Action) return Action.copy.owner
  if ('mkdir' in Action) return Action.mkdir.owner
  if ('mkfile' in Action) return Action.mkfile.owner
  return 'symlink' in Action ? Action.symlink.owner : undefined
}

function timestampOf({ Action }: FileAction): number {
  if ('copy' in Action) return Action.copy.timestamp
  if ('mkdir' in Action) return Action.mkdir.timestamp
  if ('mkfile' in Action) return Action.mkfile.timestamp
  return 'symlink' in Action ? Action.symlink.timestamp : -1
}

function invalid(why: string): ImgError {
  return new ImgError('GRAPH_INVALID', `the plan has a file op that cannot be done: ${why}`)
}
