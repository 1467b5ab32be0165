/**
 * Reads a tar as its bytes arrive: headers, PAX and GNU extensions, contents with their offsets. Trusts nothing. Long because it is one
 * machine: what each piece of input means depends on the pieces before.
 */
import { ImgError } from '../../error.ts'
import { decodeName } from '../name.ts'
import type { Entry } from '../ports.ts'
import { type Codec, codec, type Header } from './codec.ts'
import { decodePax, type PaxRecords } from './pax.ts'
import { keepXattr } from './xattr.ts'

/** One member of an archive, as it says itself: `name` is not checked. */
export interface TarEntry {
  readonly name: string
  readonly type: Entry['type'] | 'hardlink'
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  readonly mtime: number
  readonly link?: string
  readonly device?: { readonly major: number; readonly minor: number }
  readonly xattrs?: Readonly<Record<string, Uint8Array>>
  /** Where the content starts, in bytes from the start of the archive. */
  readonly offset: number
}

/** Who is told. `data` is a view that is only good during the call. */
export interface TarHandler {
  entry(entry: TarEntry): void
  data(bytes: Uint8Array): void
  /** The content of the last entry is complete. Called for every entry. */
  done(): void
}

const types: Readonly<Record<string, TarEntry['type']>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
}
const maxExtension = 1 << 20 // bytes of one PAX or GNU header; xattrs are 64 KiB each at most
const maxId = 2 ** 31 - 1

/** A tar read block by block. Feed it with `write`, then call `end`. */
export class TarScanner {
  readonly #handler: TarHandler
  readonly #codec: Codec
  readonly #block = Buffer.alloc(512)
  #filled = 0
  #position = 0
  /** Bytes of content still to come, and of padding after them. */
  #content = 0
  #padding = 0
  #open = false
  /** The body of an extension header that is being collected. */
  #extension: { readonly flag: string; readonly body: Buffer; filled: number } | undefined
  #pax: PaxRecords | undefined
  #longName: string | undefined
  #longLink: string | undefined
  #zeroBlocks = 0

  constructor(handler: TarHandler) {
    this.#handler = handler
    this.#codec = codec()
  }

  /** Whether the end of the archive was read; what follows is ignored. */
  get ended(): boolean {
    return this.#zeroBlocks >= 2
  }

  /** @throws LAYER_INVALID, UNSUPPORTED */
  write(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      if (this.ended) return
      const used = this.#take(chunk, at)
      at += used
      this.#position += used
    }
  }

  /** Passes over what is still to come of the current entry. Answers how many bytes that is: the next `write` is of what follows. */
  skip(): number {
    if (this.#extension || !this.#open) return 0
    const size = this.#content + this.#padding
    this.#content = this.#padding = 0
    this.#position += size
    return size
  }

  /** @throws LAYER_INVALID when the archive stops in the middle */
  end(): void {
    if (
      this.#content + this.#padding > 0 ||
      this.#extension ||
      this.#filled > 0 ||
      this.#pax ||
      this.#longName !== undefined
    ) {
      throw invalid(this.#position, 'the archive ends in the middle of an entry')
    }
    this.#close()
  }

  /** Uses some of the chunk from `at` on; answers how much. */
  #take(chunk: Uint8Array, at: number): number {
    const left = chunk.length - at
    if (this.#content > 0) {
      const size = Math.min(left, this.#content)
      const bytes = chunk.subarray(at, at + size)
      if (this.#extension)
        this.#extension.filled += Buffer.from(bytes.buffer, bytes.byteOffset, size).copy(
          this.#extension.body,
          this.#extension.filled,
        )
      else this.#handler.data(bytes)
      this.#content -= size
      return size
    }
    if (this.#extension) this.#extend()
    this.#close()
    if (this.#padding > 0) {
      const size = Math.min(left, this.#padding)
      this.#padding -= size
      return size
    }
    if (this.#filled === 0 && left >= 512) {
      this.#header(Buffer.from(chunk.buffer, chunk.byteOffset + at, 512))
      return 512
    }
    const size = Math.min(left, 512 - this.#filled)
    this.#block.set(chunk.subarray(at, at + size), this.#filled)
    this.#filled += size
    if (this.#filled === 512) {
      this.#filled = 0
      this.#header(this.#block, size)
    }
    return size
  }

  #close(): void {
    if (!this.#open) return
    this.#open = false
    this.#handler.done()
  }

  /** A header block whose last `tail` bytes come with this piece. */
  #header(block: Buffer, tail = 512): void {
    const start = this.#position + tail - 512
    const header = this.#decode(block, start)
    if (header === null) {
      this.#zeroBlocks++
      return
    }
    if (this.#zeroBlocks > 0) throw invalid(start, 'a block of zeros stands between entries')
    const flag = String.fromCharCode(block[156]!)
    const size = header.size
    if (negative(block, 124)) throw invalid(start, 'a negative size')
    if (!Number.isSafeInteger(size) || size < 0) throw invalid(start, `a size of ${size} bytes`)
    if ('xgLK'.includes(flag)) {
      if (size > maxExtension)
        throw invalid(start, `an extended header of ${size} bytes; at most ${maxExtension} are read`)
      this.#extension = { flag, body: Buffer.alloc(size), filled: 0 }
      this.#expect(size)
      return
    }
    for (const [at, field] of idFields) {
      if (negative(block, at)) throw invalid(start, `"${latin1Name(header.name)}" has a negative ${field}`)
    }
    // the codec reads a negative number as one more than it is
    const seconds = header.mtime.getTime() / 1000 - (negative(block, 136) ? 1 : 0)
    this.#entry({ ...header, mtime: new Date(seconds * 1000) }, flag, start)
  }

  #decode(block: Buffer, start: number): Header | null {
    try {
      return this.#codec.decode(block, 'latin1', true)
    } catch (cause) {
      throw new ImgError('LAYER_INVALID', `the tar header at byte ${start} is damaged: its checksum is wrong`, {
        cause,
      })
    }
  }

  #expect(size: number): void {
    this.#content = size
    this.#padding = (512 - (size % 512)) % 512
  }

  /** The collected extension header takes effect. */
  #extend(): void {
    const { flag, body } = this.#extension!
    this.#extension = undefined
    if (flag === 'x') this.#pax = decodePax(body)
    if (flag === 'L') this.#longName = untilNul(body)
    if (flag === 'K') this.#longLink = untilNul(body)
    // global headers ('g') hold comments in practice; Docker ignores them, and so do we
  }

  #entry(header: Header, flag: string, start: number): void {
    const pax: PaxRecords = this.#pax ?? new Map()
    const longName = this.#longName
    const longLink = this.#longLink
    this.#pax = this.#longName = this.#longLink = undefined
    const rawName = pax.get('path') ? decodeName(pax.get('path')!) : (longName ?? latin1Name(header.name))
    const sparse = flag === 'S' || [...pax.keys()].some((key) => key.startsWith('GNU.sparse.'))
    if (sparse) {
      throw new ImgError('UNSUPPORTED', `"${rawName}" is stored as a sparse file, which is not read`, {
        hint: 'make the archive without --sparse',
      })
    }
    let type = types[flag]
    if (type === undefined) throw invalid(start, `"${rawName}" is of the unknown type "${flag}"`)
    if (type === 'file' && rawName.endsWith('/')) type = 'directory'
    const paxSize = pax.get('size')
    const size = type === 'file' ? (paxSize ? whole(paxSize, 'size', start) : header.size) : 0
    const number = (key: string, value: number) => (pax.has(key) ? whole(pax.get(key)!, key, start) : value)
    const uid = id(number('uid', header.uid), 'uid', rawName)
    const gid = id(number('gid', header.gid), 'gid', rawName)
    const mtime = number('mtime', header.mtime.getTime() / 1000)
    if (size < 0 || !Number.isSafeInteger(mtime))
      throw invalid(start, `"${rawName}" has a size or time that is no number`)
    const rawLink = pax.get('linkpath')
      ? decodeName(pax.get('linkpath')!)
      : (longLink ?? latin1Name(header.linkname ?? ''))
    const xattrs = xattrsOf(pax)
    const device = type.endsWith('-device') && {
      major: number('SCHILY.devmajor', header.devmajor ?? 0),
      minor: number('SCHILY.devminor', header.devminor ?? 0),
    }
    this.#handler.entry({
      name: rawName,
      type,
      mode: header.mode & 0o7777,
      uid,
      gid,
      size,
      mtime,
      ...(type === 'symlink' || type === 'hardlink' ? { link: rawLink } : {}),
      ...(device ? { device } : {}),
      ...(xattrs ? { xattrs } : {}),
      offset: start + 512,
    })
    this.#open = true
    // star and bsdtar leave a size in headers that have no content
    this.#expect(type === 'file' ? size : 0)
  }
}

const idFields = [
  [108, 'uid'],
  [116, 'gid'],
] as const

/** Whether the field at this offset holds a negative number, in the base-256 form of GNU tar. */
function negative(block: Buffer, at: number): boolean {
  return block[at] === 0xff
}

function latin1Name(name: string): string {
  return /[\x80-\xff]/.test(name) ? decodeName(Buffer.from(name, 'latin1')) : name
}

function untilNul(body: Buffer): string {
  const end = body.indexOf(0)
  return decodeName(end === -1 ? body : body.subarray(0, end))
}

/** A decimal number; a fraction is dropped (downwards). */
function whole(bytes: Buffer, key: string, start: number): number {
  const text = bytes.toString('latin1')
  const value = /^-?\d{1,20}(\.\d*)?$/.test(text) ? Math.floor(Number(text)) : Number.NaN
  if (!Number.isSafeInteger(value)) throw invalid(start, `the extended header says ${key}="${text.slice(0, 40)}"`)
  return value
}

function id(value: number, key: string, name: string): number {
  if (Number.isInteger(value) && value >= 0 && value <= maxId) return value
  throw new ImgError('LAYER_INVALID', `"${name}" has the ${key} ${value}; expected 0 to ${maxId}`)
}

function xattrsOf(pax: PaxRecords): Record<string, Uint8Array> | undefined {
  let xattrs: Record<string, Uint8Array> | undefined
  for (const [key, value] of pax) {
    const name = key.startsWith('SCHILY.xattr.') ? key.slice(13) : ''
    if (keepXattr(name)) (xattrs ??= {})[name] = value
  }
  return xattrs
}

function invalid(position: number, what: string): ImgError {
  return new ImgError('LAYER_INVALID', `the archive is not a valid tar at byte ${position}: ${what}`)
}
