/** Finding programs of the machine, `sbin` folders included, by absolute path so that nobody searches twice. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const found = new Map<string, string | undefined>()

/** The absolute path of a program, or undefined. Remembered while PATH stays the same. */
export function program(name: string): string | undefined {
  const path = process.env['PATH'] ?? ''
  const key = `${name}\0${path}`
  if (!found.has(key)) found.set(key, search(name, path))
  return found.get(key)
}

function search(name: string, path: string): string | undefined {
  const folders = [
    ...path.split(delimiter),
    '/usr/local/sbin',
    '/usr/local/bin',
    '/usr/sbin',
    '/usr/bin',
    '/sbin',
    '/bin',
  ]
  return folders
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, name))
    .find(executable)
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
