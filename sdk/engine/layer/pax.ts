/** PAX extended headers: records of a keyword and a value, which may be any bytes. */
import { ImgError } from '../../error.ts'

/** Keyword → value. */
export type PaxRecords = Map<string, Buffer>

/** The body of an extended header: `<length> <keyword>=<value>\n` each, sorted by keyword. Source: POSIX pax, Extended Header. */
export function encodePax(records: ReadonlyMap<string, Uint8Array>): Buffer {
  const parts: Uint8Array[] = []
  for (const key of [...records.keys()].sort()) {
    const value = records.get(key)!
    const rest = Buffer.byteLength(key) + value.length + 3 // the blank, the equals sign, the newline
    let length = rest + String(rest).length
    if (String(length).length !== String(rest).length) length = rest + String(length).length
    parts.push(Buffer.from(`${length} ${key}=`), value, newline)
  }
  return Buffer.concat(parts)
}

const newline = Buffer.from('\n')

/**
 * The records of an extended header.
 * @throws LAYER_INVALID when one is malformed
 */
export function decodePax(body: Buffer): PaxRecords {
  const records: PaxRecords = new Map()
  for (let at = 0; at < body.length; ) {
    const blank = body.indexOf(0x20, at)
    const digits = blank === -1 || blank - at > 10 ? '' : body.toString('latin1', at, blank)
    const end = /^\d+$/.test(digits) ? at + Number(digits) : 0
    const equals = body.indexOf(0x3d, blank + 1)
    if (end <= blank + 1 || end > body.length || body[end - 1] !== 0x0a || equals === -1 || equals >= end) {
      throw new ImgError('LAYER_INVALID', `an extended header (PAX) is malformed at byte ${at} of ${body.length}`)
    }
    records.set(body.toString('utf8', blank + 1, equals), Buffer.from(body.subarray(equals + 1, end - 1)))
    at = end
  }
  return records
}
