/** `--build-context`: folders, images and layouts that stages can name. */
import { resolve } from 'node:path'
import type { NamedContext } from '../sdk/engine/index.ts'
import { ImgError } from '../sdk/error.ts'
import { contextOf } from './context-folder.ts'
import { readPairs } from './pairs.ts'

/**
 * Named contexts as the engine takes them; `folders` by name.
 * @throws USAGE, UNSUPPORTED
 */
export function readContexts(given: readonly string[]): {
  contexts: Map<string, NamedContext>
  folders: Map<string, string>
} {
  const contexts = new Map<string, NamedContext>()
  const folders = new Map<string, string>()
  for (const [name, value] of Object.entries(readPairs(given, '--build-context'))) {
    if (value === 'docker-image://scratch') contexts.set(name, { kind: 'scratch' })
    else if (value.startsWith('docker-image://'))
      contexts.set(name, { kind: 'image', ref: value.slice('docker-image://'.length) })
    else if (value.startsWith('oci-layout://'))
      contexts.set(name, { kind: 'image', ref: `oci-layout://${resolve(value.slice('oci-layout://'.length))}` })
    else if (/^[a-z+-]+:\/\//.test(value))
      throw new ImgError('UNSUPPORTED', `--build-context ${name}: "${value}" is not supported yet`)
    else {
      contexts.set(name, { kind: 'files', identifier: `local://${name}` })
      folders.set(name, contextOf(value))
    }
  }
  return { contexts, folders }
}
