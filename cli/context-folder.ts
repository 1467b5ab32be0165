/** The folder of a build context, or why it is none. */
import { readdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ImgError } from '../sdk/error.ts'
import { nearHint } from './missing.ts'

/**
 * The absolute path of a folder that is there.
 * @throws USAGE
 */
export function contextOf(given: string): string {
  refuseRemote(given)
  const folder = resolve(given)
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found?.isDirectory()) return folder
  if (found) {
    throw new ImgError('USAGE', `the build context "${given}" is a file; expected a folder`, {
      hint: `the context is the folder it is in, ${dirname(given)}; an image file is named by the argument, or by -f`,
    })
  }
  throw new ImgError('USAGE', `the build context "${given}" is not there`, {
    hint: nearHint(given, foldersIn(dirname(folder))) ?? `looked for ${folder}`,
  })
}

/**
 * Docker takes a repository or an archive by its address; imgsdk does not.
 * @throws UNSUPPORTED
 */
export function refuseRemote(given: string): void {
  if (!/^(?:https?|git|ssh):\/\/|^git@|^github\.com\//.test(given)) return
  throw new ImgError('UNSUPPORTED', `"${given}": a build context is a folder of this machine`, {
    hint: 'git clone it, and build the folder; ADD takes repositories and archives by their addresses',
  })
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  } catch {
    return []
  }
}
