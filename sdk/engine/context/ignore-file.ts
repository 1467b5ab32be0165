/** Which ignore file a build context has. */
import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** More than this is no ignore file. */
const maxBytes = 16 * 2 ** 20

/** An ignore file as it was found. */
export interface IgnoreFile {
  readonly path: string
  readonly text: string
}

/**
 * The ignore file of a context: the one named after the Dockerfile, beside it, or else `.dockerignore` in the folder. They are
 * never merged. A file that cannot be read does not count.
 *
 * @param folder      the build context
 * @param dockerfile  the path of the Dockerfile as it was looked for: `Dockerfile`, also where `dockerfile` was taken for want of it;
 *                    left out for a named context
 * @source            Dockerfile reference, .dockerignore file
 */
export function findIgnoreFile(folder: string, dockerfile?: string): IgnoreFile | undefined {
  const own =
    dockerfile === undefined ? [] : [dockerfile, ...fallback(dockerfile)].map((path) => `${path}.dockerignore`)
  for (const path of [...own, join(folder, '.dockerignore')]) {
    const text = readText(path)
    if (text !== undefined) return { path, text }
  }
  return undefined
}

/** `dockerfile` where there is no `Dockerfile`. BuildKit keeps to the name it was given, docker's client hands it the one it found. */
function fallback(dockerfile: string): string[] {
  return basename(dockerfile) === 'Dockerfile' && !existsSync(dockerfile)
    ? [join(dirname(dockerfile), 'dockerfile')]
    : []
}

function readText(path: string): string | undefined {
  let file: number
  try {
    // A FIFO must not make us wait.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch {
    return undefined
  }
  try {
    const { size } = fstatSync(file)
    return fstatSync(file).isFile() && size <= maxBytes ? readFileSync(file, 'utf8') : undefined
  } finally {
    closeSync(file)
  }
}
