/**
 * What earlier builds learned of the contents of a context's files: their digests, and where in the store the bytes are. A file is taken to be
 * as it was when size, times and inode are; what changed a moment before it was listed is not remembered, for the clock may not have moved.
 */
import type { Digest } from '../../oci/digest.ts'
import type { Records, StoredContent } from '../ports.ts'
import { cell, type Listing } from './scan.ts'

/** What a memory is made from. */
export interface MemoryParts {
  readonly records: Records
  /** Whether to learn everything anew: nothing is taken from earlier builds. @default false */
  readonly anew?: boolean | undefined
  /** The bytes of a content, in pieces; undefined when the tar is no longer there. */
  read(content: StoredContent, size: number): Iterable<Uint8Array> | undefined
}

/** The files of one directory, by name, in columns. */
interface Columns {
  readonly names: readonly string[]
  /** Five numbers a file, as base64 of 64-bit floats. */
  readonly stats: string
  /** 64 digits a file. */
  readonly digests: string
  /** Which of the tars, and where the content starts in it. */
  readonly tars: readonly number[]
  readonly offsets: readonly number[]
}

interface Written {
  readonly tars: readonly Digest[]
  readonly directories: Readonly<Record<string, Columns>>
}

const kind = 'context'
const compared = ['size', 'mtime', 'ctime', 'ino', 'dev'] as const
const width = compared.length
/** Milliseconds that the clock of a file system may stand still. Some keep whole seconds. */
const tick = 25
const second = 2000
/** Files of one context, and tars that they may lie in. */
const most = 500_000
const mostTars = 1000

/** The memory of one context. */
export class ContentMemory {
  readonly #parts: MemoryParts
  readonly #folder: string
  #written: Written = { tars: [], directories: {} }
  /** By directory: what is known of each place of its listing. */
  readonly #contents = new Map<string, (StoredContent | undefined)[]>()
  readonly #listings = new Map<string, Listing>()
  /** Directories that something new was learned of. */
  readonly #learned = new Set<string>()
  #recalled = false

  /** @param folder  the absolute path of the context */
  constructor(folder: string, parts: MemoryParts) {
    this.#folder = folder
    this.#parts = parts
  }

  async recall(): Promise<void> {
    if (this.#recalled) return
    this.#recalled = true
    if (this.#parts.anew) return
    this.#written = (await this.#parts.records.get<Written>(kind, this.#folder)) ?? this.#written
  }

  /** What is known of a file. */
  find(directory: string, listing: Listing, place: number): StoredContent | undefined {
    return this.#recalled ? this.#of(directory, listing)[place] : undefined
  }

  learn(directory: string, listing: Listing, place: number, content: StoredContent): void {
    if (!isSettled(listing, place)) return
    this.#of(directory, listing)[place] = content
    this.#learned.add(directory)
  }

  read(content: StoredContent, size: number): Iterable<Uint8Array> | undefined {
    return this.#parts.read(content, size)
  }

  /** Writes down what was learned. Of directories that nothing was learned of, what was known stays. */
  async keep(): Promise<void> {
    if (this.#learned.size === 0) return
    // Numbers that were given to tars stay; now and then everything is forgotten but what this build has seen.
    const fresh = this.#written.tars.length > mostTars
    const tars = new Map(fresh ? [] : this.#written.tars.map((tar, number) => [tar, number]))
    const directories: Record<string, Columns> = fresh ? {} : { ...this.#written.directories }
    for (const directory of fresh ? this.#contents.keys() : this.#learned) {
      directories[directory] = write(this.#listings.get(directory)!, this.#contents.get(directory)!, tars)
    }
    this.#learned.clear()
    const files = Object.values(directories).reduce((sum, { names }) => sum + names.length, 0)
    this.#written = { tars: [...tars.keys()], directories }
    if (files <= most) await this.#parts.records.put(kind, this.#folder, this.#written)
    else await this.#parts.records.delete(kind, this.#folder)
  }

  #of(directory: string, listing: Listing): (StoredContent | undefined)[] {
    const known = this.#contents.get(directory)
    if (known) return known
    const columns = this.#written.directories[directory]
    const contents = columns ? match(listing, columns, this.#written.tars) : []
    this.#contents.set(directory, contents)
    this.#listings.set(directory, listing)
    return contents
  }
}

/** What was written, at the places of the files that are as they were. Names are sorted alike on both sides. */
function match(listing: Listing, columns: Columns, tars: readonly Digest[]): (StoredContent | undefined)[] {
  const { names, rows } = listing
  const bytes = Buffer.from(columns.stats, 'base64')
  const stats = new Float64Array(new Uint8Array(bytes).buffer)
  const at = new Map(columns.names.map((name, index) => [name, index]))
  return names.map((name, place) => {
    const index = at.get(name)
    if (index === undefined) return undefined
    if (!compared.every((which, column) => cell(rows, place, which) === stats[index * width + column])) return undefined
    const digest: Digest = `sha256:${columns.digests.slice(64 * index, 64 * index + 64)}`
    return { digest, tar: tars[columns.tars[index]!]!, offset: columns.offsets[index]! }
  })
}

function write(
  { names, rows }: Listing,
  contents: readonly (StoredContent | undefined)[],
  tars: Map<Digest, number>,
): Columns {
  const known = names.map((_, place) => place).filter((place) => contents[place])
  const stats = new Float64Array(known.length * width)
  for (const [index, place] of known.entries()) {
    for (const [column, which] of compared.entries()) stats[index * width + column] = cell(rows, place, which)
  }
  return {
    names: known.map((place) => names[place]!),
    stats: Buffer.from(stats.buffer).toString('base64'),
    digests: known.map((place) => contents[place]!.digest.slice('sha256:'.length)).join(''),
    tars: known.map((place) => numberOf(contents[place]!.tar, tars)),
    offsets: known.map((place) => contents[place]!.offset),
  }
}

function numberOf(tar: Digest, tars: Map<Digest, number>): number {
  const number = tars.get(tar) ?? tars.size
  tars.set(tar, number)
  return number
}

function isSettled({ rows, listed }: Listing, place: number): boolean {
  const changed = cell(rows, place, 'ctime')
  return changed < listed - (changed % 1000 === 0 ? second : tick)
}
