/** Images of random layers, for tests of whatever takes an image. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import type { BuildEvent, Io } from '../../sdk/engine/ports.ts'
import type { Image, ImageLayer, PlatformImage } from '../../sdk/export/image.ts'
import { assemble, assembleIndex, type MediaTypes } from '../../sdk/oci/assemble.ts'
import { digestOf } from '../../sdk/oci/digest.ts'
import { type ContainerConfig, mediaTypes, type Platform } from '../../sdk/oci/types.ts'

/** An entry of a test layer: the content of a file, or a tar header. */
export type TestEntry =
  | string
  | Uint8Array
  | { readonly [header: string]: unknown; readonly content?: string | Uint8Array }

/** The bytes of a tar: entries in the order given; a name that ends in `/` is a directory. */
export async function tarOf(entries: Readonly<Record<string, TestEntry>>): Promise<Buffer> {
  const tar = pack()
  for (const [name, entry] of Object.entries(entries)) {
    const isText = typeof entry === 'string' || entry instanceof Uint8Array
    const { content = '', ...header } = isText ? { content: entry } : entry
    const type = name.endsWith('/') ? 'directory' : 'file'
    tar.entry(
      { name, type, mode: type === 'file' ? 0o644 : 0o755, mtime: new Date(0), ...header },
      Buffer.from(content),
    )
  }
  tar.finalize()
  const pieces: Uint8Array[] = []
  for await (const piece of tar) pieces.push(piece as Uint8Array)
  return Buffer.concat(pieces)
}

/** A layer from the bytes of its tar. */
export function layerOf(tar: Uint8Array, compression: 'gzip' | 'none' = 'gzip'): ImageLayer {
  const blob = compression === 'gzip' ? gzipSync(tar, { level: 1 }) : Buffer.from(tar)
  const mediaType = compression === 'gzip' ? mediaTypes.ociLayerGzip : mediaTypes.ociLayer
  return {
    descriptor: { mediaType, digest: digestOf(blob), size: blob.length },
    diffId: digestOf(tar),
    open: async () => Readable.from(slices(blob)),
  }
}

/** A layer of one file whose content follows from `seed`; the same seed makes the same layer. */
export async function randomLayer(seed: string, size = 100_000, compression: 'gzip' | 'none' = 'gzip') {
  return layerOf(await tarOf({ [`data-${seed}`]: noise(seed, size) }), compression)
}

/** What a test image may be. */
export interface TestImage {
  readonly layers: readonly ImageLayer[]
  readonly config?: ContainerConfig
  readonly platform?: Platform
  readonly mediaTypes?: MediaTypes
}

/** An image for one platform. */
export function imageOf(...parts: readonly TestImage[]): Image {
  const platforms = parts.map(platformOf)
  if (platforms.length === 1) return { platforms }
  const manifests = platforms.map(({ manifest, platform }) => ({ descriptor: manifest.descriptor, platform }))
  return { platforms, index: assembleIndex(manifests) }
}

/** An Io that keeps what it is told, and a way to cancel. */
export function testIo(): Io & { readonly events: BuildEvent[]; readonly cancel: () => void } {
  const events: BuildEvent[] = []
  const controller = new AbortController()
  return {
    events,
    cancel: () => controller.abort(),
    signal: controller.signal,
    emit: (event) => void events.push(event),
  }
}

function platformOf({ layers, config = {}, platform, mediaTypes: family }: TestImage): PlatformImage {
  const { os, architecture, ...rest } = platform ?? { os: 'linux', architecture: goArchitecture() }
  const image = { ...rest, os, architecture, config, rootfs: { type: 'layers' as const, diff_ids: [] } }
  const history = layers.map((_, index) => ({ created_by: `layer ${index}`, created: '2024-01-01T00:00:00Z' }))
  const documents = assemble({ config: { ...image, history }, layers, mediaTypes: family })
  return { ...documents, layers, platform: platform ?? { os, architecture } }
}

/** The machine's architecture as Go names it. */
export function goArchitecture(): string {
  return { x64: 'amd64', ia32: '386' }[process.arch as string] ?? process.arch
}

/** Bytes that do not compress, always the same for one seed. */
export function noise(seed: string, size: number): Buffer {
  const blocks: Buffer[] = []
  for (let made = 0; made < size; made += 32) blocks.push(createHash('sha256').update(`${seed} ${made}`).digest())
  return Buffer.concat(blocks).subarray(0, size)
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536)
}
