/**
 * The door to tar-stream: its codec of 512-byte header blocks. Framing is ours, because a layer needs what tar-stream's streams do not give:
 * extended attributes that are not text, the offset of each content, refusal of types it does not know, and no promise per entry.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A header block, decoded. `mtime` and `size` may be NaN where the block holds nonsense. */
export interface Header {
  readonly name: string
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  readonly mtime: Date
  readonly type: string | null
  readonly linkname?: string | null
  readonly devmajor?: number
  readonly devminor?: number
}

/** Blocks from headers and back. */
export interface Codec {
  /** Null when name or link fit no ustar header. */
  encode(header: Header): Uint8Array | null
  /** Null for a block of zeros. Throws when the checksum is wrong. Names come in the encoding that is given. */
  decode(block: Uint8Array, encoding: 'latin1', allowUnknownFormat: true): Header | null
}

let loaded: Codec | undefined

/** The codec, loaded when it is first needed. */
export function codec(): Codec {
  if (loaded === undefined) {
    const require = createRequire(import.meta.url)
    // the codec is a file of its own in tar-stream that its "exports" does not list; hence the exact version in package.json
    loaded = require(join(dirname(require.resolve('tar-stream')), 'headers.js')) as Codec
  }
  return loaded
}
