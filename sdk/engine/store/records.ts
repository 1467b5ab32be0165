/** Small facts, one file each: a fact is there whole, or it is not there. */
import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import type { Records } from '../ports.ts'
import { replaceFile } from './disk.ts'

/**
 * Records below a folder: `<kind>/<hh>/<name>`, the name being a hash of the key. They are not flushed to the disk: a record that a power cut
 * tore fails its checksum and counts as missing.
 */
export function openRecords(folder: string, temporary: () => string): Records {
  return {
    async get<T>(kind: string, key: string): Promise<T | undefined> {
      const text = read(pathOf(folder, kind, key))
      return text === undefined ? undefined : (decode(text, key) as T | undefined)
    },
    async put(kind, key, value) {
      replaceFile(pathOf(folder, kind, key), encode(key, value), temporary())
    },
    async delete(kind, key) {
      rmSync(pathOf(folder, kind, key), { force: true })
    },
  }
}

function pathOf(folder: string, kind: string, key: string): string {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(kind)) throw new ImgError('INTERNAL', `"${kind}" is not a kind of record`)
  const name = createHash('sha256').update(key).digest('hex').slice(0, 40)
  return join(folder, kind, name.slice(0, 2), name.slice(2))
}

function encode(key: string, value: unknown): string {
  const body = JSON.stringify([key, value])
  return `${checksum(body)} ${body}\n`
}

/** The value, when the record is whole and of this key. */
function decode(text: string, key: string): unknown {
  const body = text.slice(17, -1)
  if (text !== `${checksum(body)} ${body}\n`) return undefined
  const [name, value] = JSON.parse(body) as [string, unknown]
  return name === key ? value : undefined
}

function checksum(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16)
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}
