/** Archives for tests, hostile ones too, and a reader for them. */

import { Readable } from 'node:stream'
import { createGunzip, gzipSync } from 'node:zlib'
import { codec } from '../../../sdk/engine/layer/codec.ts'
import { TarScanner } from '../../../sdk/engine/layer/scan.ts'
import type { ScanArchive } from '../../../sdk/engine/op/unpack.ts'

export interface Member {
  readonly name: string
  readonly type?: 'file' | 'directory' | 'symlink' | 'link' | 'fifo' | 'character-device'
  readonly text?: string
  readonly link?: string
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
  readonly mtime?: number
  /** Said in the header, whatever the text. */
  readonly size?: number
}

/** A tar of the members, in their order. */
export function tar(...members: readonly Member[]): Buffer {
  const blocks: Uint8Array[] = []
  for (const {
    name,
    type = 'file',
    text = '',
    link,
    mode = type === 'directory' ? 0o755 : 0o644,
    uid = 0,
    gid = 0,
    mtime = 300,
    size,
  } of members) {
    const content = Buffer.from(text)
    const header = {
      name,
      type,
      mode,
      uid,
      gid,
      size: size ?? content.length,
      mtime: new Date(mtime * 1000),
      linkname: link ?? null,
      devmajor: 1,
      devminor: 3,
    }
    blocks.push(codec().encode(header)!, content, Buffer.alloc((512 - (content.length % 512)) % 512))
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

export const gzip = (bytes: Uint8Array): Buffer => gzipSync(bytes)

/** Reads tars, plain and gzip'd. */
export const scan: ScanArchive = async (content, handler) => {
  const scanner = new TarScanner(handler)
  const [first, rest] = peek(content)
  const packed = first !== undefined && first[0] === 0x1f && first[1] === 0x8b
  if (!packed) {
    for (const bytes of rest) scanner.write(bytes)
  } else {
    const source = Readable.from(rest, { objectMode: false })
    const unzip = createGunzip()
    source.on('error', (error) => unzip.destroy(error))
    for await (const bytes of source.pipe(unzip)) scanner.write(bytes as Buffer)
  }
  scanner.end()
}

function peek(content: Iterable<Uint8Array>): [Uint8Array | undefined, Iterable<Uint8Array>] {
  const pieces = content[Symbol.iterator]()
  const first = pieces.next()
  const rest = function* () {
    for (let piece = first; !piece.done; piece = pieces.next()) yield piece.value
  }
  return [first.done ? undefined : first.value, rest()]
}
