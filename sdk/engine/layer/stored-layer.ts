/**
 * One layer in a store: as a tar (a blob), as an index, as a directory for overlayfs or fuse-overlayfs. Each form is made from the others when it is first
 * asked for, by one caller of one process, and appears whole. Long because each form knows how to come from the others.
 */
import { closeSync, existsSync, lstatSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import { type Digest, isDigest } from '../../oci/digest.ts'
import { fileIn } from '../name.ts'
import type { BaseLayer, DirectoryForm, Io, Layer, LayerTar } from '../ports.ts'
import type { StoredIndex } from './builder.ts'
import { readEntry } from './content.ts'
import { decodeIndex, encodeIndex } from './index-file.ts'
import { Once } from './once.ts'
import { type LayerParts, packInto } from './parts.ts'
import { limitsFor, readLayer } from './read-layer.ts'
import type { SourcedIndex } from './tree.ts'
import { unpack } from './unpack.ts'
import { entriesOf, type IdMap, indexOf } from './walk.ts'
import { guarded, writeFully } from './write.ts'

/** What is written down of a layer beside its forms. */
interface Facts {
  /** Of a directory that was taken over, once it is packed. */
  readonly diffId?: Digest
  /** The start of the machine in which the directory was made: later ones must not trust it unseen, for it was not flushed to the disk. */
  readonly boot?: string
  /** The same of the directory whose marks are names. */
  readonly namesBoot?: string
}

/** Where a directory is in the folder of its layer, and what is written down of it. */
const forms = {
  overlayfs: { folder: 'fs', fact: 'boot' },
  names: { folder: 'names', fact: 'namesBoot' },
} as const satisfies Record<DirectoryForm, unknown>

/** A layer of a store, whose id is its diff ID, or `upper-…` for a directory that was taken over. */
export class StoredLayer implements Layer {
  readonly id: string
  readonly folder: string
  readonly base?: BaseLayer
  readonly #parts: LayerParts
  readonly #idMap: IdMap | undefined
  readonly #index = new Once((io) => guarded(this.folder, () => this.#makeIndex(io)))
  readonly #directories: Readonly<Record<DirectoryForm, Once<string>>> = {
    overlayfs: this.#directoryOf('overlayfs'),
    names: this.#directoryOf('names'),
  }
  readonly #tar = new Once(
    (io) => this.#findTar() ?? this.#locked('tar', async () => this.#findTar() ?? this.#makeTar(io), io),
  )

  constructor(id: string, parts: LayerParts, { base, idMap }: { base?: BaseLayer; idMap?: IdMap | undefined } = {}) {
    this.id = id
    this.#parts = parts
    this.#idMap = idMap
    this.folder = join(parts.folder, id.replace(':', '-'))
    if (base) this.base = base
  }

  /** Whether any form of it is in the store from which the others can be made. */
  isThere(): boolean {
    if (!isDigest(this.id) && !/^upper-[0-9a-f]{24}$/.test(this.id)) return false
    if (this.#tarThere()) return true
    if (isDigest(this.id) || !existsSync(join(this.folder, 'fs'))) return false
    if (this.#facts().boot === this.#parts.boot) return true
    rmSync(this.folder, { recursive: true, force: true }) // a power cut may have torn it
    return false
  }

  index(io?: Io): Promise<SourcedIndex> {
    return this.#index.get(io)
  }

  directory(io?: Io, form: DirectoryForm = 'overlayfs'): Promise<string> {
    return this.#directories[form].get(io)
  }

  async tar(io?: Io): Promise<LayerTar> {
    const tar = await this.#tar.get(io)
    if (existsSync(tar.path)) return tar
    this.#tar.forget() // found to be damaged meanwhile, and removed
    return this.#tar.get(io)
  }

  /** An index that packing gave, for later processes too. */
  keepIndex(index: StoredIndex): void {
    if (!existsSync(join(this.folder, 'index'))) this.#write('index', encodeIndex(index))
    this.#index.set(this.#sourced(index))
  }

  #locked<T>(form: string, work: () => Promise<T>, io?: Io): Promise<T> {
    return this.#parts.locked(`${form} ${this.id}`, () => guarded(this.folder, work), io)
  }

  // the index

  async #makeIndex(io?: Io): Promise<SourcedIndex> {
    const upper = join(this.folder, 'fs')
    if (!isDigest(this.id) && !this.#tarThere()) {
      return { ...(await indexOf(upper, this.id, this.#idMap, io)), source: { directory: upper } }
    }
    await this.tar(io)
    return this.#sourced(this.#readIndex() ?? (await this.#indexAgain(io)))
  }

  /** The index of a tar that has none, or a damaged one, or one of another version. */
  async #indexAgain(io?: Io): Promise<StoredIndex> {
    const { diffId } = await this.tar(io)
    this.#write('index', encodeIndex(await readLayer(await this.#parts.blobs.get(diffId), diffId, undefined, io)))
    return this.#readIndex()!
  }

  #sourced(index: StoredIndex): SourcedIndex {
    return { ...index, source: { tar: this.#parts.blobs.path(this.#diffId()!) } }
  }

  // the directories

  #directoryOf(form: DirectoryForm): Once<string> {
    return new Once((io) => this.#locked(`directory ${form}`, () => this.#makeDirectory(form, io), io))
  }

  async #makeDirectory(form: DirectoryForm, io?: Io): Promise<string> {
    const { folder, fact } = forms[form]
    const path = join(this.folder, folder)
    const { boot } = this.#parts
    if (existsSync(path)) {
      if (this.#facts()[fact] === boot || this.#isWhole(path, await this.index(io))) {
        this.#note({ [fact]: boot })
        return path
      }
      rmSync(path, { recursive: true, force: true })
    }
    const index = await this.index(io)
    const made = this.#parts.temporary()
    mkdirSync(made, { mode: 0o755 })
    try {
      await unpack(index, (entry) => readEntry(entry, index.source), made, io, form)
      this.#note({ [fact]: boot })
      renameSync(made, path)
      return path
    } finally {
      rmSync(made, { recursive: true, force: true })
    }
  }

  /** Whether a directory from before the machine last started still has all files, in their sizes: what a power cut takes. */
  #isWhole(directory: string, { entries }: SourcedIndex): boolean {
    for (const { path, type, size } of entries.values()) {
      const found = lstatSync(fileIn(directory, path), { throwIfNoEntry: false })
      if (!found || (type === 'file' && found.size !== size)) return false
    }
    return true
  }

  // the tar

  #findTar(): Promise<LayerTar> | undefined {
    const diffId = this.#diffId()
    const size = diffId && this.#parts.blobs.size(diffId)
    if (diffId === undefined || size === undefined) return undefined
    return Promise.resolve({ diffId, size, path: this.#parts.blobs.path(diffId) })
  }

  async #makeTar(io?: Io): Promise<LayerTar> {
    if (this.base) return this.#fetch(this.base, io)
    if (isDigest(this.id) || !existsSync(join(this.folder, 'fs'))) {
      throw new ImgError('STORE_DAMAGED', `the store has lost the layer ${this.id}`, { hint: 'run the build again' })
    }
    const entries = await entriesOf(join(this.folder, 'fs'), this.#idMap, io)
    const { diffId, size, index } = await packInto(entries, this.#parts, io)
    this.#write('index', encodeIndex(index))
    this.#note({ diffId })
    this.#index.forget() // that of the tar knows digests
    return { diffId, size, path: this.#parts.blobs.path(diffId) }
  }

  /** Fetches the blob of a base layer, keeps it, and decompresses it. One that was damaged in the store is fetched again. */
  async #fetch(base: BaseLayer, io?: Io): Promise<LayerTar> {
    const { blobs } = this.#parts
    const { digest } = base.descriptor
    const kept = await blobs.has(digest)
    if (!kept) await blobs.put(await base.open(io), base.descriptor, io)
    try {
      return await this.#decompress(base, io)
    } catch (error) {
      if (!kept || (await blobs.has(digest)) || (error as ImgError).code !== 'STORE_DAMAGED') throw error
      return this.#fetch(base, io)
    }
  }

  /** The tar in the blob: hashed, checked and indexed in one pass. */
  async #decompress({ diffId, descriptor }: BaseLayer, io?: Io): Promise<LayerTar> {
    const { blobs, temporary } = this.#parts
    const path = temporary()
    const file = openSync(path, 'wx')
    let size = 0
    try {
      const sink = (bytes: Uint8Array) => {
        size += bytes.length
        writeFully(file, bytes, path)
      }
      const index = await readLayer(await blobs.get(descriptor.digest), diffId, sink, io, limitsFor(descriptor.size))
      await blobs.take(path, diffId)
      this.#write('index', encodeIndex(index))
      return { diffId, size, path: blobs.path(diffId) }
    } catch (error) {
      // a blob that is not the layer it was said to be is not kept; `take` may have put the same file under its other name
      if ((error as ImgError).code === 'DIGEST_MISMATCH') blobs.remove(descriptor.digest)
      throw error
    } finally {
      closeSync(file)
      rmSync(path, { force: true })
    }
  }

  // what is written down

  #diffId(): Digest | undefined {
    return isDigest(this.id) ? this.id : this.#facts().diffId
  }

  #tarThere(): boolean {
    const diffId = this.#diffId()
    return diffId !== undefined && this.#parts.blobs.size(diffId) !== undefined
  }

  #readIndex(): StoredIndex | undefined {
    try {
      return decodeIndex(readFileSync(join(this.folder, 'index')), this.id)
    } catch {
      return undefined
    }
  }

  #facts(): Facts {
    try {
      const { diffId, boot, namesBoot } = JSON.parse(readFileSync(join(this.folder, 'meta.json'), 'utf8')) as Record<
        string,
        unknown
      >
      return {
        ...(typeof diffId === 'string' && isDigest(diffId) ? { diffId } : {}),
        ...(typeof boot === 'string' ? { boot } : {}),
        ...(typeof namesBoot === 'string' ? { namesBoot } : {}),
      }
    } catch {
      return {}
    }
  }

  #note(more: Facts): void {
    const before = this.#facts()
    const after = { ...before, ...more }
    if (Object.entries(more).some(([name, value]) => before[name as keyof Facts] !== value))
      this.#write('meta.json', JSON.stringify(after))
  }

  /** Written beside and renamed: a reader sees all of it or nothing. */
  #write(name: string, bytes: string | Uint8Array): void {
    const path = this.#parts.temporary()
    const file = openSync(path, 'wx')
    try {
      writeFully(file, Buffer.from(bytes), path)
      mkdirSync(this.folder, { recursive: true })
      renameSync(path, join(this.folder, name))
    } catch (error) {
      rmSync(path, { force: true })
      throw error
    } finally {
      closeSync(file)
    }
  }
}
