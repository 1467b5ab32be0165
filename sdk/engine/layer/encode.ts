/** Entries as tar headers: always the same bytes for the same entry. */
import { ImgError } from '../../error.ts'
import { encodeName } from '../name.ts'
import type { PackEntry } from '../ports.ts'
import type { Codec, Header } from './codec.ts'
import { encodePax } from './pax.ts'
import type { Plain, PlainBlocks } from './plain-block.ts'

/** The name that marks a removed file. Source: image-spec, layer.md: Whiteouts. */
export const whiteoutPrefix = '.wh.'
/** The name that marks a directory as opaque. */
export const opaqueName = '.wh..wh..opq'

const types = {
  file: 'file',
  directory: 'directory',
  symlink: 'symlink',
  hardlink: 'link',
  'character-device': 'character-device',
  'block-device': 'block-device',
  fifo: 'fifo',
  whiteout: 'file',
  opaque: 'file',
} as const

const octal6 = 0o777777
const maxSize = 0o77777777777 // bytes; what 11 octal digits hold
const maxTime = 2 ** 31 - 1 // the codec counts seconds in 32 bits
const notAscii = /[^\x01-\x7f]/

/**
 * The header blocks of an entry: one ustar block, with a PAX header before it only where ustar cannot say it.
 * Nothing in them but what the entry says: no user names, no times of access.
 *
 * @throws LAYER_INVALID when a name would be taken for a whiteout, or has a NUL
 */
export function encodeEntry(codec: Codec, entry: PackEntry): readonly Uint8Array[] {
  const pax = new Map<string, Uint8Array>()
  const { uid, gid, mtime } = entry
  const link = entry.type === 'symlink' || entry.type === 'hardlink' ? (entry.link ?? '') : undefined
  const size = entry.type === 'file' ? entry.size : 0
  const device = entry.type.endsWith('-device') ? entry.device : undefined
  const header: Header = {
    name: text(tarName(entry), 'path', pax),
    mode: entry.mode,
    uid: small(uid, octal6, 'uid', pax),
    gid: small(gid, octal6, 'gid', pax),
    size,
    mtime: new Date(1000 * small(mtime, maxTime, 'mtime', pax)),
    type: types[entry.type],
    linkname: link === undefined ? null : text(link, 'linkpath', pax),
    devmajor: small(device?.major ?? 0, octal6, 'SCHILY.devmajor', pax),
    devminor: small(device?.minor ?? 0, octal6, 'SCHILY.devminor', pax),
  }
  if (size > maxSize) pax.set('size', Buffer.from(String(size)))
  for (const [name, value] of Object.entries(entry.xattrs ?? {})) pax.set(`SCHILY.xattr.${name}`, value)
  const block = pax.has('path') || pax.has('linkpath') ? null : codec.encode(header)
  if (block !== null && pax.size === 0) return [block]
  return extended(codec, entry, header, pax, block)
}

/**
 * The one block of a file or directory that ustar can say whole, made faster; undefined where `encodeEntry` has to. Good until the next call.
 *
 * @throws LAYER_INVALID when a name would be taken for a whiteout, or has a NUL
 */
export function encodePlain(blocks: PlainBlocks, entry: PackEntry): Uint8Array | undefined {
  const { type, mtime, uid, gid } = entry
  if ((type !== 'file' && type !== 'directory') || entry.xattrs) return undefined
  const size = type === 'file' ? entry.size : 0
  if (!fits(uid, octal6) || !fits(gid, octal6) || !fits(mtime, maxTime) || !fits(size, maxSize)) return undefined
  return blocks.encode(tarName(entry), type === 'file' ? (entry as Plain) : directory(entry))
}

function directory({ mode, uid, gid, mtime }: PackEntry): Plain {
  return { type: 'directory', mode, uid, gid, mtime, size: 0 }
}

function fits(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max
}

/** The blocks of an entry that needs a PAX header. */
function extended(
  codec: Codec,
  entry: PackEntry,
  header: Header,
  pax: Map<string, Uint8Array>,
  block: Uint8Array | null,
) {
  let final = block
  if (final === null) {
    // either a name that is not ASCII, or one too long for ustar
    if (!pax.has('path')) pax.set('path', encodeName(tarName(entry)))
    if (header.linkname && !pax.has('linkpath')) pax.set('linkpath', encodeName(entry.link ?? ''))
    const directory = entry.type === 'directory' ? '/' : ''
    final = codec.encode({ ...header, name: `PaxHeader${directory}`, linkname: header.linkname ? 'PaxHeader' : null })!
  }
  const body = encodePax(pax)
  const { mode, uid, gid, mtime } = header
  const first = codec.encode({ name: 'PaxHeader', mode, uid, gid, size: body.length, mtime, type: 'pax-header' })!
  return [first, body, padding(body.length), final]
}

const zeros = new Uint8Array(512)

/** What fills the last block after so many bytes. */
export function padding(size: number): Uint8Array {
  return zeros.subarray(0, (512 - (size % 512)) % 512)
}

/** The name as the archive has it: a slash after a directory, whiteouts by their marks. */
function tarName({ path, type }: PackEntry): string {
  const slash = path.lastIndexOf('/')
  const name = path.slice(slash + 1)
  if (path.includes('\0')) throw new ImgError('LAYER_INVALID', `a path has a NUL byte: ${JSON.stringify(path)}`)
  if (type === 'opaque') return path === '' ? opaqueName : `${path}/${opaqueName}`
  if (type === 'whiteout') return path.slice(0, slash + 1) + whiteoutPrefix + name
  if (name.startsWith(whiteoutPrefix)) {
    throw new ImgError(
      'LAYER_INVALID',
      `"${path}" cannot be in a layer: names that start with ".wh." mark removed files`,
      {
        hint: 'rename the file, or leave it out',
      },
    )
  }
  if (type === 'directory') return path === '' ? './' : `${path}/`
  return path
}

function text(value: string, key: string, pax: Map<string, Uint8Array>): string {
  if (notAscii.test(value)) pax.set(key, encodeName(value))
  return value
}

/** The number where the field holds it, else 0 and a record. */
function small(value: number, max: number, key: string, pax: Map<string, Uint8Array>): number {
  if (!Number.isSafeInteger(value)) throw new ImgError('LAYER_INVALID', `${key} is ${value}; expected a whole number`)
  if (value >= 0 && value <= max) return value
  pax.set(key, Buffer.from(String(value)))
  return 0
}
