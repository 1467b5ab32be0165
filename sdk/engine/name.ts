/** File names as text: any bytes go in, and come out the same. */

const valid = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const bytewise = /[\udc80-\udcff]/

/**
 * The text of a name. Bytes that are not UTF-8 become U+DC80 to U+DCFF, one each, which UTF-8 text cannot hold.
 * @source PEP 383 has the same idea: surrogateescape
 */
export function decodeName(bytes: Uint8Array): string {
  let ascii = true
  for (let at = 0; at < bytes.length && ascii; at++) ascii = bytes[at]! < 0x80
  if (ascii) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  try {
    return valid.decode(bytes)
  } catch {
    return escape(bytes)
  }
}

/** The bytes of a name. */
export function encodeName(name: string): Buffer {
  if (!bytewise.test(name)) return Buffer.from(name)
  const parts: Buffer[] = []
  for (const [text] of name.matchAll(/[\ud800-\udbff][\udc00-\udfff]|[\udc80-\udcff]|[\s\S]/g)) {
    const code = text.charCodeAt(0)
    parts.push(text.length === 1 && code >= 0xdc80 && code <= 0xdcff ? Buffer.of(code - 0xdc00) : Buffer.from(text))
  }
  return Buffer.concat(parts)
}

/** A name as Node's file functions take it: text, or bytes where text cannot say it. */
export function fileName(name: string): string | Buffer {
  return bytewise.test(name) ? encodeName(name) : name
}

/** Whether text that was read as UTF-8 stands for bytes that may not have been. */
export function isDoubtful(text: string): boolean {
  return text.includes('\ufffd')
}

/** A path below a directory, as bytes where text cannot say it. */
export function fileIn(directory: string, path: string): string | Buffer {
  const name = fileName(path)
  return typeof name === 'string' ? `${directory}/${name}` : Buffer.concat([Buffer.from(`${directory}/`), name])
}

/** Sorts by byte value, in place. */
export function sortNames(names: string[]): string[] {
  // UTF-16 order is UTF-8 order as long as there are no surrogates
  if (!names.some((name) => /[\ud800-\udfff]/.test(name))) return names.sort()
  return names.sort((a, b) => Buffer.compare(encodeName(a), encodeName(b)))
}

/** Keeps the runs that are UTF-8 and escapes the rest byte by byte. */
function escape(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at)
    text +=
      length > 0 ? valid.decode(bytes.subarray(at, at + length)) : String.fromCharCode(0xdc00 + (bytes[at] as number))
    at += length || 1
  }
  return text
}

/** The length of the UTF-8 sequence that starts here, or 0. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  try {
    if (at + length <= bytes.length) valid.decode(bytes.subarray(at, at + length))
    return at + length <= bytes.length ? length : 0
  } catch {
    return 0
  }
}
