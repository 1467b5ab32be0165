/** What the tests of layers share: a store of their own, entries at hand, archives as bytes. */
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { codec } from '../../../sdk/engine/layer/codec.ts'
import { sinkDrain } from '../../../sdk/engine/layer/drain.ts'
import { packTar } from '../../../sdk/engine/layer/pack.ts'
import { openStore } from '../../../sdk/engine/open.ts'
import type { BaseLayer, Layer, PackEntry } from '../../../sdk/engine/ports.ts'
import type { Store } from '../../../sdk/engine/store/store.ts'
import { layerOf } from '../../helpers/image.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'

/** A store in a folder of its own, closed when the body is done. */
export async function withStore<T>(body: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(join(temporaryFolder(), 'store'))
  return body(store).finally(() => store.close())
}

type Some = Partial<Omit<PackEntry, 'content'>> & { readonly content?: string | Uint8Array }

/** Entries from what matters of them: a text is a file, a name that ends in `/` a directory. */
export function entries(what: Readonly<Record<string, string | Some>>): PackEntry[] {
  return Object.entries(what).map(([name, given]) => {
    const some: Some = typeof given === 'string' ? { content: given } : given
    const directory = name.endsWith('/')
    const { content, ...rest } = some
    const bytes = Buffer.from(content ?? '')
    const type = some.type ?? (directory ? 'directory' : 'file')
    const mode = directory ? 0o755 : 0o644
    return {
      ...{ path: directory ? name.slice(0, -1) : name, mode, uid: 0, gid: 0, mtime: 1_000_000_000 },
      ...rest,
      type,
      size: type === 'file' ? bytes.length : 0,
      ...(type === 'file' ? { content: () => [bytes] } : {}),
    }
  })
}

/** The bytes of a tar of ours, and what packing told of it. */
export async function packed(what: Iterable<PackEntry>) {
  const pieces: Buffer[] = []
  const made = await packTar(
    what,
    sinkDrain((bytes) => void pieces.push(Buffer.from(bytes))),
  )
  return { ...made, tar: Buffer.concat(pieces) }
}

/** A member of a raw archive: whatever the header says is written, sane or not. */
export interface Raw {
  readonly name: string
  readonly type?: string
  readonly link?: string
  readonly text?: string | Uint8Array
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
  readonly mtime?: number
  /** Instead of the length of the text. */
  readonly size?: number
  /** Written over the header, with the checksum set right after. */
  readonly patch?: readonly (readonly [offset: number, text: string])[]
}

/** The bytes of an archive of such members. */
export function raw(...members: readonly Raw[]): Buffer {
  const parts = members.flatMap(({ name, type = 'file', link, text = '', patch = [], ...more }) => {
    const content = Buffer.from(text)
    const { mode = type === 'directory' ? 0o755 : 0o644, uid = 0, gid = 0, mtime = 1, size = content.length } = more
    const shortName = Buffer.byteLength(name) <= 100
    const header = { name: shortName ? name : 'x', mode, uid, gid, size, mtime: new Date(mtime * 1000), type }
    const block = Buffer.from(codec().encode({ ...header, linkname: link ?? null, devmajor: 1, devminor: 3 })!)
    for (const [offset, value] of patch) block.write(value, offset, 'latin1')
    sign(block)
    return [block, content, Buffer.alloc((512 - (content.length % 512)) % 512)]
  })
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}

/** Sets the checksum of a header block right. */
export function sign(block: Buffer): void {
  block.fill(0x20, 148, 156)
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
}

/** A layer of a base image from the bytes of its tar. */
export function baseOf(tar: Uint8Array, store: Store, compression: 'gzip' | 'none' = 'gzip'): Promise<Layer> {
  return store.layers.base(layerOf(tar, compression))
}

/** A base layer with a blob that is not what it says. */
export function lying(layer: BaseLayer, blob: Uint8Array): BaseLayer {
  return { ...layer, open: async () => Readable.from([blob]) }
}

/** What the promise fails with. */
export async function failure(promise: Promise<unknown>): Promise<Error & { readonly code?: string }> {
  return promise.then(
    () => new Error('nothing was thrown'),
    (error) => error,
  )
}
