/** The layers of a store: each in the forms that were asked for, each form made once, whoever asks. */
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import { type Digest, isDigest } from '../../oci/digest.ts'
import type { BaseLayer, BlobStore, Io, Layer, LayerIndex, LayerStore, LayerTar, PackEntry } from '../ports.ts'
import type { StoredIndex } from './builder.ts'
import { decodeIndex, encodeIndex } from './index-file.ts'
import { packTar } from './pack.ts'
import { readLayer } from './read-layer.ts'
import type { SourcedIndex } from './tree.ts'
import { unpack } from './unpack.ts'
import { entriesOf, type IdMap, indexOf } from './walk.ts'
import { writeFully } from './write.ts'

/** What layers need of the store that they are in. */
export interface LayerParts {
  /** Of the layers: one folder each. */
  readonly folder: string
  readonly blobs: BlobStore & {
    path(digest: Digest): string
    size(digest: Digest): number | undefined
    take(file: string, digest: Digest): Promise<void>
  }
  locked<T>(key: string, work: () => Promise<T>, io?: Pick<Io, 'signal'>): Promise<T>
  /** A path on the store's file system that nothing uses yet. */
  temporary(): string
}

/** The layer store. `adopt` may be told how the ids of a user namespace map to those of the image. */
export interface Layers extends LayerStore {
  adopt(directory: string, options?: { readonly idMap?: IdMap }): Promise<Layer>
}

/** The layers in a folder. */
export function openLayers(parts: LayerParts): Layers {
  const known = new Map<string, StoredLayer>()
  const remember = (layer: StoredLayer) => {
    known.set(layer.id, layer)
    return layer
  }
  return {
    async get(id) {
      const found = known.get(id)
      if (found?.isThere()) return found
      const layer = new StoredLayer(id, parts)
      return layer.isThere() ? remember(layer) : undefined
    },
    async pack(entries, io) {
      const { diffId, index } = await packInto(entries, parts, io)
      const layer = known.get(diffId) ?? remember(new StoredLayer(diffId, parts))
      layer.keepIndex(index)
      return layer
    },
    async adopt(directory, { idMap } = {}) {
      const id = `upper-${randomBytes(12).toString('hex')}`
      const layer = new StoredLayer(id, parts, undefined, idMap)
      mkdirSync(layer.folder, { recursive: true })
      try {
        renameSync(directory, join(layer.folder, 'fs'))
      } catch (cause) {
        rmSync(layer.folder, { recursive: true, force: true })
        throw new ImgError('INTERNAL', `the directory "${directory}" cannot become a layer: it must be on the store's file system`, { cause })
      }
      return remember(layer)
    },
    async base(base) {
      const found = known.get(base.diffId)
      if (found?.base || (found && found.isThere())) return found
      return remember(new StoredLayer(base.diffId, parts, base))
    },
  }
}

/** Packs into a blob. Answers its diff ID and index. */
async function packInto(entries: AsyncIterable<PackEntry> | Iterable<PackEntry>, { blobs, temporary }: LayerParts, io?: Io) {
  const path = temporary()
  const file = openSync(path, 'wx')
  let open = true
  try {
    const packed = await packTar(entries, (bytes) => writeFully(file, bytes, path), io)
    closeSync(file)
    open = false
    if (blobs.size(packed.diffId) === undefined) await blobs.take(path, packed.diffId)
    return packed
  } finally {
    if (open) closeSync(file)
    rmSync(path, { force: true })
  }
}

class StoredLayer implements Layer {
  readonly id: string
  readonly folder: string
  readonly base?: BaseLayer
  readonly #parts: LayerParts
  readonly #idMap: IdMap | undefined
  #index: Promise<SourcedIndex> | undefined
  #directory: Promise<string> | undefined
  #tar: Promise<LayerTar> | undefined

  constructor(id: string, parts: LayerParts, base?: BaseLayer, idMap?: IdMap) {
    this.id = id
    this.#parts = parts
    this.#idMap = idMap
    this.folder = join(parts.folder, id.replace(':', '-'))
    if (base) this.base = base
  }

  /** Whether any form of it is in the store. */
  isThere(): boolean {
    if (!/^[a-z0-9:-]+$/.test(this.id)) return false
    return (isDigest(this.id) && this.#parts.blobs.size(this.id) !== undefined) || existsSync(join(this.folder, 'fs'))
  }

  index(io?: Io): Promise<LayerIndex> {
    this.#index ??= forgetting(this.#makeIndex(io), () => {
      this.#index = undefined
    })
    return this.#index
  }

  directory(io?: Io): Promise<string> {
    this.#directory ??= forgetting(this.#makeDirectory(io), () => {
      this.#directory = undefined
    })
    return this.#directory
  }

  tar(io?: Io): Promise<LayerTar> {
    this.#tar ??= forgetting(this.#makeTar(io), () => {
      this.#tar = undefined
    })
    return this.#tar
  }

  /** An index that packing gave, for later processes too. */
  keepIndex(index: StoredIndex): void {
    if (existsSync(join(this.folder, 'index'))) return
    this.#write('index', encodeIndex(index))
    this.#index = Promise.resolve({ ...index, source: { tar: this.#parts.blobs.path(this.id as Digest) } })
  }

  async #makeIndex(io?: Io): Promise<SourcedIndex> {
    if (!isDigest(this.id)) return this.#indexUpper(io)
    const stored = this.#readIndex()
    const tar = this.#parts.blobs.path(this.id)
    if (stored && this.#parts.blobs.size(this.id) !== undefined) return { ...stored, source: { tar } }
    await this.tar(io)
    const made = this.#readIndex()
    if (made) return { ...made, source: { tar } }
    // A tar without an index, or with a damaged one: it is read again.
    const index = await readLayer(await this.#parts.blobs.get(this.id), this.id, undefined, io)
    this.#write('index', encodeIndex(index))
    return { ...index, source: { tar } }
  }

  async #indexUpper(io?: Io): Promise<SourcedIndex> {
    const directory = join(this.folder, 'fs')
    const meta = this.#meta()
    // Packed by now: its tar knows digests as well.
    if (meta && this.#parts.blobs.size(meta.diffId) !== undefined) {
      const stored = this.#readIndex()
      if (stored) return { ...stored, source: { tar: this.#parts.blobs.path(meta.diffId) } }
    }
    return { ...(await indexOf(directory, this.id, this.#idMap, io)), source: { directory } }
  }

  async #makeDirectory(io?: Io): Promise<string> {
    const path = join(this.folder, 'fs')
    if (existsSync(path)) return path
    const index = (await this.index(io)) as SourcedIndex
    return this.#parts.locked(`unpack ${this.id}`, async () => {
      if (existsSync(path)) return path
      const made = this.#parts.temporary()
      mkdirSync(made, { mode: 0o755 })
      try {
        await unpack(index, index.source, made, io)
        mkdirSync(this.folder, { recursive: true })
        renameSync(made, path)
        return path
      } finally {
        rmSync(made, { recursive: true, force: true })
      }
    }, io)
  }

  async #makeTar(io?: Io): Promise<LayerTar> {
    const { blobs } = this.#parts
    if (!isDigest(this.id)) return this.#packUpper(io)
    const size = blobs.size(this.id)
    if (size !== undefined) return { diffId: this.id, size, path: blobs.path(this.id) }
    const { base } = this
    if (!base) throw new ImgError('STORE_DAMAGED', `the store has lost the layer ${this.id}`, { hint: 'run the build again' })
    return this.#parts.locked(`fetch ${this.id}`, () => this.#fetch(base, io), io)
  }

  /** Fetches the blob of a base layer, keeps it, and decompresses it: hashed, checked and indexed in one pass. */
  async #fetch(base: BaseLayer, io?: Io): Promise<LayerTar> {
    const { blobs, temporary } = this.#parts
    const there = blobs.size(base.diffId)
    if (there !== undefined) return { diffId: base.diffId, size: there, path: blobs.path(base.diffId) }
    if (!(await blobs.has(base.descriptor.digest))) await blobs.put(await base.open(io), base.descriptor, io)
    const path = temporary()
    const file = openSync(path, 'wx')
    let size = 0
    try {
      const stream: Readable = await blobs.get(base.descriptor.digest)
      const index = await readLayer(stream, base.diffId, (bytes) => {
        size += bytes.length
        writeFully(file, bytes, path)
      }, io)
      await blobs.take(path, base.diffId)
      this.#write('index', encodeIndex(index))
      return { diffId: base.diffId, size, path: blobs.path(base.diffId) }
    } finally {
      closeSync(file)
      rmSync(path, { force: true })
    }
  }

  async #packUpper(io?: Io): Promise<LayerTar> {
    const { blobs, locked } = this.#parts
    return locked(`pack ${this.id}`, async () => {
      const known = this.#meta()
      const size = known && blobs.size(known.diffId)
      if (known && size !== undefined) return { diffId: known.diffId, size, path: blobs.path(known.diffId) }
      const packed = await packInto(entriesOf(join(this.folder, 'fs'), this.#idMap, io), this.#parts, io)
      this.#write('index', encodeIndex(packed.index))
      this.#write('meta.json', JSON.stringify({ diffId: packed.diffId }))
      return { diffId: packed.diffId, size: packed.size, path: blobs.path(packed.diffId) }
    }, io)
  }

  #readIndex(): StoredIndex | undefined {
    try {
      return decodeIndex(readFileSync(join(this.folder, 'index')), this.id)
    } catch {
      return undefined
    }
  }

  #meta(): { diffId: Digest } | undefined {
    try {
      const meta = JSON.parse(readFileSync(join(this.folder, 'meta.json'), 'utf8')) as { diffId?: unknown }
      return typeof meta.diffId === 'string' && isDigest(meta.diffId) ? { diffId: meta.diffId } : undefined
    } catch {
      return undefined
    }
  }

  /** Written beside and renamed: a reader sees all of it or nothing. */
  #write(name: string, bytes: string | Uint8Array): void {
    const path = this.#parts.temporary()
    const file = openSync(path, 'wx')
    try {
      writeFully(file, Buffer.from(bytes), path)
    } finally {
      closeSync(file)
    }
    mkdirSync(this.folder, { recursive: true })
    renameSync(path, join(this.folder, name))
  }
}

/** A promise that is not kept when it fails: the next call tries again. */
function forgetting<T>(promise: Promise<T>, forget: () => void): Promise<T> {
  promise.catch(forget)
  return promise
}
