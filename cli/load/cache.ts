/** Compiled `image.ts` files in the user's cache folder, named by content. */
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { makeFolder } from '../../sdk/engine/folder.ts'

/** A source file as it was read. */
export interface Input {
  readonly path: string
  readonly text: string
  /** Of path and text. */
  readonly digest: string
}

/** What esbuild made of one input. */
export interface CompiledFile {
  readonly input: Input
  readonly code: string
  /** The source map, as JSON. */
  readonly map: string
}

/** Where compiled files are kept. */
export interface LoadCache {
  readonly folder: string
  /** Where the code of an input is, or will be. */
  urlOf(input: Input): string
  /** The code of an entry that was evaluated before, if neither it nor what it imports has changed since. */
  find(entry: Input): string | undefined
  /** Writes compiled files, the entry first, and answers the entry's URL. */
  write(files: readonly CompiledFile[]): string
  /** Notes that the entry was evaluated to its end, and that `find` may give it out. */
  approve(entry: Input): void
  forget(entry: Input): void
}

const opening = '//imgsdk inputs '
const approved = '//imgsdk evaluated\n'
/** The comment that a generated file's source map stands in, on a line of its own. */
export const mapMark = '//imgsdk map '
/** Days that a file is kept without having been written again. */
const keepDays = 30

/** A file's text with what names it. */
export function inputOf(path: string, bytes: Uint8Array): Input {
  const text = new TextDecoder().decode(bytes)
  return { path, text, digest: createHash('sha256').update(path).update('\0').update(bytes).digest('hex') }
}

/** The cache. `sdk` is the URL that `imgsdk` means in the code: other SDKs on the machine have files of their own. */
export function openLoadCache(sdk: string): LoadCache {
  const folder = cacheFolder()
  const fileOf = (input: Input) => {
    const name = createHash('sha256').update(`3\0${sdk}\0${input.digest}`).digest('hex').slice(0, 40)
    return join(folder, `${name}.mjs`)
  }
  return {
    folder,
    urlOf: (input) => pathToFileURL(fileOf(input)).href,
    find(entry) {
      const text = readText(fileOf(entry))
      if (text === undefined || !text.startsWith(opening) || !text.endsWith(approved)) return undefined
      const inputs = JSON.parse(text.slice(opening.length, text.indexOf('\n'))) as [path: string, digest: string][]
      const isReady = ([path, digest]: [string, string]) => {
        const input = readInput(path)
        return input?.digest === digest && existsSync(fileOf(input))
      }
      return inputs.every(isReady) ? this.urlOf(entry) : undefined
    },
    write(files) {
      const others = files.slice(1).map(({ input }) => [input.path, input.digest])
      for (const { input, code, map } of files) {
        const path = fileOf(input)
        writeFileSync(
          `${path}.${process.pid}`,
          `${opening}${JSON.stringify(others)}\n${code}\n${mapMark}${map.replaceAll('\n', '')}\n`,
        )
        renameSync(`${path}.${process.pid}`, path)
      }
      removeOld(folder)
      return this.urlOf(files[0]!.input)
    },
    approve: (entry) => appendFileSync(fileOf(entry), approved),
    forget: (entry) => rmSync(fileOf(entry), { force: true }),
  }
}

/**
 * What lies there is run, so it must be a folder that only this user can write to;
 * otherwise a new one serves until the process ends.
 */
function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  const folder = join(base, 'imgsdk', 'load')
  try {
    makeFolder(folder, 0o700)
    const { uid, mode } = lstatSync(folder)
    const own = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
    if (own && lstatSync(folder).isDirectory()) return realpathSync(folder)
  } catch {
    // No home, or not writable.
  }
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'imgsdk-load-')))
  process.once('exit', () => rmSync(temporary, { recursive: true, force: true }))
  return temporary
}

function readInput(path: string): Input | undefined {
  try {
    return inputOf(path, readFileSync(path))
  } catch {
    return undefined
  }
}

function removeOld(folder: string): void {
  const limit = Date.now() - keepDays * 86_400_000
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? limit) < limit) rmSync(path, { force: true })
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
