/** A build context: a real directory as a tree, listed once, read without following links. */
import { lstatSync, realpathSync } from 'node:fs'
import { ImgError } from '../../error.ts'
import type { Entry, LocalContext } from '../ports.ts'
import { baseOf, joinName, parentOf } from '../tree.ts'
import { contextError } from './error.ts'
import { createOpener, readFile } from './read.ts'
import { cell, digestRows, fill, type IgnoreRules, isDirectory, type Listing, list, rowText, toEntry } from './scan.ts'

export type { IgnoreRules } from './scan.ts'

/**
 * Opens the directory as a tree whose entries belong to 0:0. Each directory is listed when it is first asked for, once.
 *
 * @param options.ignore  what is to be taken as missing
 * @throws CONTEXT_INVALID, also later, when something cannot be read or changes while it is read
 */
export function openContext(folder: string, options: { readonly ignore?: IgnoreRules } = {}): LocalContext {
  return new Context(toRoot(folder), options.ignore)
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

class Context implements LocalContext {
  readonly #root: string
  readonly #ignore: IgnoreRules | undefined
  readonly #listings = new Map<string, Listing>()
  readonly #signatures = new Map<string, string>()
  readonly #opener: ReturnType<typeof createOpener>
  readonly #self = new Float64Array(7)
  #newest = 0
  #unsettled = false

  constructor(root: string, ignore: IgnoreRules | undefined) {
    this.#root = root
    this.#ignore = ignore
    this.#opener = createOpener(this.folder)
    fill(this.#self, 0, this.folder, '', '')
  }

  get folder(): string {
    return this.#root === '' ? '/' : this.#root
  }

  get unsettled(): boolean {
    return this.#unsettled
  }

  entry(path: string): Entry | undefined {
    const row = this.#row(path)
    return row && toEntry(row.rows, row.place, path, `${this.#root}/${path}`)
  }

  names(path: string): readonly string[] {
    return this.#list(path)?.names ?? []
  }

  read(entry: Entry): Iterable<Uint8Array> {
    const row = this.#row(entry.path)
    if (!row || entry.type !== 'file' || entry.size === 0) return []
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

  #row(path: string): { readonly rows: Float64Array; readonly place: number } | undefined {
    if (path === '') return { rows: this.#self, place: 0 }
    const listing = this.#list(parentOf(path))
    const place = listing?.place(baseOf(path))
    return listing && place !== undefined ? { rows: listing.rows, place } : undefined
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
