/** Compresses layers late: only when an exporter asks, once in the life of a store, in blocks over all cores. */

import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, rmSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { ImgError } from '../../error.ts'
import type { Digest } from '../../oci/digest.ts'
import { type Descriptor, mediaTypes } from '../../oci/types.ts'
import type { BaseLayer, BlobStore, Io, Layer, Records } from '../ports.ts'
import { gzipHeader, gzipTrailer, pieces } from './gzip.ts'
import { guarded, writeFully } from './write.ts'

/** How a layer is to be compressed. */
export interface CompressOptions {
  readonly type: 'gzip' | 'zstd' | 'none'
  /** gzip 0 to 9, zstd 1 to 22. @default 6 for gzip, 3 for zstd */
  readonly level?: number
  /** Compress a base's layers anew too. @default false: they keep the form that they came in */
  readonly force?: boolean
}

/** A layer in the form that a manifest names. */
export interface CompressedLayer {
  readonly descriptor: Descriptor
  readonly diffId: Digest
  /** The blob, from the first byte. */
  open(io?: Io): Promise<Readable>
  readonly base?: BaseLayer
}

/** What compressing needs of a store. */
export interface CompressParts {
  readonly blobs: BlobStore & {
    size(digest: Digest): number | undefined
    take(file: string, digest: Digest): Promise<void>
  }
  readonly records: Records
  locked<T>(key: string, work: () => Promise<T>, io?: Pick<Io, 'signal'>): Promise<T>
  temporary(): Promise<{ readonly path: string; remove(): Promise<void> }>
}

const plainTypes: readonly string[] = [mediaTypes.ociLayer, mediaTypes.dockerLayer]
const types = { gzip: mediaTypes.ociLayerGzip, zstd: mediaTypes.ociLayerZstd, none: mediaTypes.ociLayer }

/**
 * The layer in a compressed form. The bytes depend on the layer, the type and the level, not on the machine's cores.
 * A layer of a base image is neither fetched nor compressed unless `force` is set: its own blob is the answer.
 *
 * @throws UNSUPPORTED for zstd where Node has none; DISK_FULL; what making the layer's tar throws
 */
export async function compressLayer(
  store: CompressParts,
  layer: Layer,
  options: CompressOptions,
  io: Io,
): Promise<CompressedLayer> {
  const { base } = layer
  // An uncompressed one (imported, or kept by an earlier build) is compressed like our own: registries expect it.
  const plain = base && plainTypes.includes(base.descriptor.mediaType) && options.type !== 'none'
  if (base && !plain && !options.force) {
    const open = async () =>
      (await store.blobs.has(base.descriptor.digest)) ? store.blobs.get(base.descriptor.digest) : base.open(io)
    return { descriptor: base.descriptor, diffId: base.diffId, open, base }
  }
  const { diffId, size, path } = await layer.tar(io)
  if (options.type === 'none') {
    return { descriptor: { mediaType: types.none, digest: diffId, size }, diffId, open: () => store.blobs.get(diffId) }
  }
  const { type, level = type === 'gzip' ? 6 : 3 } = options
  const key = `${diffId} ${type} ${level}`
  const blob = await store.locked(
    `compress ${key}`,
    async () => {
      const known = await store.records.get<{ digest: Digest; size: number }>('compressed', key)
      if (known && store.blobs.size(known.digest) === known.size) return known
      const made = await guarded(path, () => compress(store, { path, size, diffId }, { type, level }, io))
      await store.records.put('compressed', key, made)
      return made
    },
    io,
  )
  return { descriptor: { mediaType: types[type], ...blob }, diffId, open: () => store.blobs.get(blob.digest) }
}

async function compress(
  store: CompressParts,
  tar: { path: string; size: number; diffId: Digest },
  { type, level }: { type: 'gzip' | 'zstd'; level: number },
  io: Io,
): Promise<{ digest: Digest; size: number }> {
  const room = await store.temporary()
  const path = `${room.path}/blob`
  const file = openSync(path, 'wx')
  const hash = createHash('sha256')
  let size = 0
  const write = (bytes: Uint8Array) => {
    hash.update(bytes)
    size += bytes.length
    writeFully(file, bytes, path)
    io.emit({ type: 'progress', id: `compress ${tar.diffId}`, name: `compressing ${tar.diffId}`, current: size })
  }
  try {
    if (type === 'gzip') await gzip(tar, level, write, io)
    else await zstd(tar, level, write, io)
    const digest: Digest = `sha256:${hash.digest('hex')}`
    await store.blobs.take(path, digest)
    return { digest, size }
  } finally {
    closeSync(file)
    rmSync(path, { force: true })
    await room.remove()
  }
}

async function gzip(
  tar: { path: string; size: number; diffId: Digest },
  level: number,
  write: (bytes: Uint8Array) => void,
  io: Io,
): Promise<void> {
  const source = openSync(tar.path, 'r')
  // What is compressed is what was hashed when the layer was made; a bit that flipped since then must not get a new, valid digest.
  const check = createHash('sha256')
  const read = (offset: number, length: number): Buffer => {
    const bytes = Buffer.allocUnsafeSlow(length)
    if (readSync(source, bytes, 0, length, offset) !== length) throw damaged(tar)
    check.update(bytes)
    return bytes
  }
  try {
    write(gzipHeader)
    let crc = 0
    for await (const piece of pieces(tar.size, level, read, io)) {
      crc = piece.crc
      write(piece.bytes)
    }
    if (`sha256:${check.digest('hex')}` !== tar.diffId) throw damaged(tar)
    write(gzipTrailer(crc, tar.size))
  } finally {
    closeSync(source)
  }
}

function damaged({ path, diffId }: { path: string; diffId: Digest }): ImgError {
  rmSync(path, { force: true })
  return new ImgError(
    'STORE_DAMAGED',
    `the store had a damaged layer, "${path}": its bytes are not those of ${diffId}; it was removed`,
    {
      hint: 'run the build again',
      detail: { digest: diffId, path },
    },
  )
}

async function zstd(tar: { path: string }, level: number, write: (bytes: Uint8Array) => void, io: Io): Promise<void> {
  const zlib = (await import('node:zlib')) as unknown as {
    createZstdCompress?: (options: object) => NodeJS.ReadWriteStream
    constants: Record<string, number>
  }
  if (!zlib.createZstdCompress) {
    throw new ImgError('UNSUPPORTED', `this Node.js (${process.version}) has no zstd`, {
      hint: 'use gzip, or Node.js 22.15 or newer',
    })
  }
  const { createReadStream } = await import('node:fs')
  const params = { [zlib.constants['ZSTD_c_compressionLevel']!]: level }
  const stream = createReadStream(tar.path, { highWaterMark: 1 << 20, signal: io.signal }).pipe(
    zlib.createZstdCompress({ params }),
  )
  for await (const piece of stream as AsyncIterable<Uint8Array>) write(piece)
}
