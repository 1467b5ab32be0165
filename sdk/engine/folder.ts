/** Making folders that a user named. */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it that are missing. Node's own way (20) never ends where a file system says "no such file" of what
 * it cannot hold, as /proc does.
 *
 * @returns the topmost that was missing; undefined where none was
 * @throws  what `node:fs` throws
 */
export function makeFolder(path: string, mode?: number): string | undefined {
  try {
    mkdirSync(path, { mode })
    return path
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return undefined
    const above = dirname(path)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || existsSync(above)) throw error
    const first = makeFolder(above, mode)
    return makeFolder(path, mode) === undefined ? first : (first ?? path)
  }
}
