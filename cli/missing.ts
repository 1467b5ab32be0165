/** Files and folders that are named and not there. */
import { readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Code } from '../sdk/codes.ts'
import { ImgError } from '../sdk/error.ts'
import { nearest, typed } from '../sdk/instruction/shape/nearest.ts'

/** The error for a file or folder that is not there, with the one beside it that was most likely meant. */
export function noSuchFile(given: string, code: Code = 'IMAGE_FILE_MISSING'): ImgError {
  const hint = nearHint(given, namesIn(dirname(resolve(given)))) ?? `looked for ${resolve(given)}`
  return new ImgError(code, `there is no file or folder "${given}"`, { hint })
}

/** `did you mean …?`, as the user would write it; undefined where nothing is near. */
export function nearHint(given: string, names: readonly string[]): string | undefined {
  const near = nearest(basename(resolve(given)), names, typed)
  return near === undefined ? undefined : `did you mean ${join(dirname(given), near)}?`
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
