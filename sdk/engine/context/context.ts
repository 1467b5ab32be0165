/** A build context: a real directory as a tree, listed once, read without following links. */
import { lstatSync, realpathSync } from 'node:fs'
import { ImgError } from '../../error.ts'
import type { Contents, Entry, LocalContext, StoredContent } from '../ports.ts'
import { baseOf, joinName, parentOf } from '../tree.ts'
import { contextError } from './error.ts'
import { ContentMemory, type MemoryParts } from './memory.ts'
import { createOpener, readFile } from './read.ts'
import { cell, digestRows, fill, type IgnoreRules, isDirectory, type Listing, list, rowText, toEntry } from './scan.ts'

export type { IgnoreRules } from './scan.ts'

/**
 * Opens the directory as a tree whose entries belong to 0:0. Each directory is listed when it is first asked for, once.
 *
 * @param options.ignore  what is to be taken as missing
 * @param options.memory  where it is kept what files hold; without it, every file is read
 * @throws CONTEXT_INVALID, also later, when something cannot be read or changes while it is read
 */
export function openContext(
  folder: string,
  options: { readonly ignore?: IgnoreRules; readonly memory?: MemoryParts | undefined } = {},
): LocalContext {
  return new Context(toRoot(folder), options.ignore, options.memory)
}

function toRoot(folder: string): string {
  try {
    const root = realpathSync(folder)
    if (lstatSync(root).isDirectory()) return root === '/' ? '' : root
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw contextError('', cause)
    throw new ImgError('CONTEXT_INVALID', `there is no directory "${folder}" to be the build context`, { cause })
  }
  throw new ImgError('CONTEXT_INVALID', `"${folder}" is not a directory, and cannot be the build context`)
}

/** Where the numbers of a path are; the context itself is in no listing. */
interface Row {
  readonly rows: Float64Array
  readonly place: number
  readonly listing: Listing | undefined
}

class Context implements LocalContext {
  readonly #root: string
  readonly #ignore: IgnoreRules | undefined
  readonly #listings = new Map<string, Listing>()
  readonly #signatures = new Map<string, string>()
  readonly #opener: ReturnType<typeof createOpener>
  readonly #self = new Float64Array(7)
  readonly #memory: ContentMemory | undefined
  #newest = 0
  #unsettled = false

  constructor(root: string, ignore: IgnoreRules | undefined, memory: MemoryParts | undefined) {
    this.#root = root
    this.#ignore = ignore
    this.#memory = memory && new ContentMemory(this.folder, memory)
    this.#opener = createOpener(this.folder)
    fill(this.#self, 0, this.folder, '')
  }

  get folder(): string {
    return this.#root === '' ? '/' : this.#root
  }

  get unsettled(): boolean {
    return this.#unsettled
  }

  get contents(): Contents | undefined {
    const memory = this.#memory
    return (
      memory && {
        recall: () => memory.recall(),
        learn: (path, content) => this.#learn(memory, path, content),
        keep: () => memory.keep(),
      }
    )
  }

  entry(path: string): Entry | undefined {
    const row = this.#row(path)
    if (!row) return undefined
    const entry = toEntry(row.rows, row.place, this.#root, path)
    const known = entry.type === 'file' ? this.#known(row, path) : undefined
    if (known) entry.digest = known.digest
    return entry
  }

  names(path: string): readonly string[] {
    return this.#list(path)?.names ?? []
  }

  read(entry: Entry): Iterable<Uint8Array> {
    const row = this.#row(entry.path)
    if (!row || entry.type !== 'file' || entry.size === 0) return []
    const known = this.#known(row, entry.path)
    const stored = known && this.#memory!.read(known, entry.size)
    if (stored) return stored
    const [dev, ino] = [cell(row.rows, row.place, 'dev'), cell(row.rows, row.place, 'ino')]
    return readFile(this.#opener, { path: entry.path, size: entry.size, dev, ino })
  }

  signature(path: string): string | undefined {
    const row = this.#row(path)
    if (!row) return undefined
    if (!isDirectory(row.rows, row.place)) return rowText(row.rows, row.place)
    return `${cell(row.rows, row.place, 'mode')}:${this.#signatureBelow(path)}`
  }

  close(): void {
    this.#opener.close()
  }

  #signatureBelow(path: string): string {
    const known = this.#signatures.get(path)
    if (known !== undefined) return known
    const { names, rows } = this.#list(path)!
    const signature = digestRows(names, rows, (place) => this.#signatureBelow(joinName(path, names[place]!)))
    this.#signatures.set(path, signature)
    return signature
  }

  #known({ listing, place }: Row, path: string): StoredContent | undefined {
    return listing && this.#memory?.find(parentOf(path), listing, place)
  }

  #learn(memory: ContentMemory, path: string, content: StoredContent): void {
    const row = this.#row(path)
    if (row?.listing) memory.learn(parentOf(path), row.listing, row.place, content)
  }

  #row(path: string): Row | undefined {
    if (path === '') return { rows: this.#self, place: 0, listing: undefined }
    const listing = this.#list(parentOf(path))
    const place = listing?.place(baseOf(path))
    return listing && place !== undefined ? { rows: listing.rows, place, listing } : undefined
  }

  #list(path: string): Listing | undefined {
    const known = this.#listings.get(path)
    if (known) return known
    const row = this.#row(path)
    if (!row || !isDirectory(row.rows, row.place)) return undefined
    const listing = list(this.#root, path, this.#ignore, (directory) => this.#isVisible(directory))
    this.#listings.set(path, listing)
    this.#settle(listing)
    return listing
  }

  /** Whether an excluded directory holds something that is not. */
  #isVisible(directory: string): boolean {
    const listing = list(this.#root, directory, this.#ignore, (below) => this.#isVisible(below))
    this.#listings.set(directory, listing)
    this.#settle(listing)
    return listing.names.length > 0
  }

  /** The kernel's clock for files moves in steps of up to 10 ms; some file systems keep whole seconds. */
  #settle({ names, rows }: Listing): void {
    let newest = 0
    for (let place = 0; place < names.length; place++) {
      if (!isDirectory(rows, place)) newest = Math.max(newest, cell(rows, place, 'ctime'))
    }
    if (newest <= this.#newest) return
    this.#newest = newest
    const age = Date.now() - newest
    if (age < 25 || (newest % 1000 === 0 && age < 2000)) this.#unsettled = true
  }
}
