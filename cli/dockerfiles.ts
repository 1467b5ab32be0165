/** Dockerfiles that a verb for many of them works on: those in folders, and their text. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../sdk/error.ts'
import { noSuchFile } from './missing.ts'

/**
 * A file is taken as it is; a folder is searched, folders that are not source apart. Links are not followed there.
 * @throws IMAGE_FILE_MISSING
 */
export function dockerfilesIn(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw noSuchFile(path)
  if (!stat.isDirectory()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory())
        return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : dockerfilesIn(join(path, entry.name))
      const named = /^(?:dockerfile|containerfile)(?:\..+)?$|\.(?:dockerfile|containerfile)$/i.test(entry.name)
      return entry.isFile() && named && !entry.name.endsWith('.dockerignore') ? [join(path, entry.name)] : []
    })
}

/**
 * The text of a file that is written again from it; `-` is standard input. A byte order mark stays.
 * @throws DOCKERFILE_SYNTAX, located, where it is not UTF-8: what cannot be read could not be written either
 */
export function readText(path: string): string {
  const bytes = readFileSync(path === '-' ? 0 : path)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw notUtf8(path, bytes)
  }
}

function notUtf8(path: string, bytes: Buffer): ImgError {
  const text = bytes.toString('utf8')
  const again = Buffer.from(text)
  // decoding put a mark of three bytes where one is wrong, and the wrong one may be the first of those
  let at = again.findIndex((byte, index) => byte !== bytes[index])
  while (((again[at] ?? 0) & 0xc0) === 0x80) at -= 1
  const before = again.subarray(0, at).toString('utf8')
  const byte = bytes[at] ?? 0
  const line = before.split('\n').length
  const message = `line ${line} holds the byte 0x${byte.toString(16).padStart(2, '0')}, which is not UTF-8 there`
  return new ImgError('DOCKERFILE_SYNTAX', message, {
    at: { file: path, line, column: before.length - before.lastIndexOf('\n') },
    source: text,
    hint: 'store the file as UTF-8, for example with iconv -f latin1 -t utf8',
  })
}
