/** Finds the file that describes an image, and tells what it is written in. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { ImgError } from '../sdk/error.ts'
import { nearest, typed } from '../sdk/instruction/shape/nearest.ts'
import { noSuchFile } from './missing.ts'

/** What a file is written in. */
export type Spelling = 'typescript' | 'dockerfile' | 'json' | 'yaml'

/** A file that describes an image; `file` is an absolute path, or `-` for standard input. */
export interface Found {
  readonly file: string
  readonly spelling: Spelling
  /** The text, where it had to be read to know the spelling. */
  readonly text?: string
  /** The folder that the file is in: the build context, unless another is named. */
  readonly folder: string
  /** Of a Dockerfile: its path as it was looked for. `Dockerfile`, where the file `dockerfile` was taken for want of it. */
  readonly dockerfile?: string
}

/** What is looked for in a folder, in this order. */
export const defaultNames = [
  'image.ts',
  'image.mts',
  'image.js',
  'image.mjs',
  'Dockerfile',
  'dockerfile',
  'Containerfile',
] as const

/**
 * The file named, or the first of `defaultNames` in the folder named, or in the working directory.
 * @throws IMAGE_FILE_MISSING
 */
export function findImageFile(given: string | undefined): Found {
  if (given === '-') {
    const text = readFileSync(0, 'utf8')
    return { file: '-', spelling: spellingOfText(text), text, folder: resolve('.') }
  }
  const asked = resolve(given ?? '.')
  const path = existing(asked)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) {
    throw noSuchFile(given ?? '.')
  }
  if (!stat.isDirectory()) return describe(path, asked)
  const name = defaultNames.find((name) => statSync(join(path, name), { throwIfNoEntry: false })?.isFile())
  if (name !== undefined) return describe(join(path, name), join(path, name === 'dockerfile' ? 'Dockerfile' : name))
  const near = readdirSync(path).find((other) => nearest(other, defaultNames, typed) !== undefined)
  throw new ImgError('IMAGE_FILE_MISSING', `${path} holds no image.ts and no Dockerfile`, {
    hint:
      near === undefined
        ? `looked for ${defaultNames.join(', ')}; name another file as the first argument`
        : `did you mean ${near}? name it as the first argument`,
  })
}

/** Where there is no `Dockerfile`, `dockerfile` will do. Source: conformance D7.13. */
function existing(path: string): string {
  if (basename(path) !== 'Dockerfile' || statSync(path, { throwIfNoEntry: false })) return path
  const lower = join(dirname(path), 'dockerfile')
  return statSync(lower, { throwIfNoEntry: false }) ? lower : path
}

function describe(file: string, asked: string): Found {
  const folder = dirname(file)
  const name = basename(file)
  if (/^(?:[Dd]ockerfile|Containerfile)(?:$|\.)|\.[Dd]ockerfile$/.test(name))
    return { file, spelling: 'dockerfile', folder, dockerfile: asked }
  if (/\.[cm]?[jt]sx?$/.test(name)) return { file, spelling: 'typescript', folder }
  if (name.endsWith('.json')) return { file, spelling: 'json', folder }
  if (/\.ya?ml$/.test(name)) return { file, spelling: 'yaml', folder }
  const text = readFileSync(file, 'utf8')
  const spelling = spellingOfText(text)
  return { file, spelling, text, folder, ...(spelling === 'dockerfile' ? { dockerfile: asked } : {}) }
}

/** A Dockerfile starts with a comment or a keyword, a graph in JSON with a brace. */
function spellingOfText(text: string): Spelling {
  return /^\s*\{/.test(text) ? 'json' : 'dockerfile'
}
