/** Loads an `image.ts`: compiles it and the local files it imports with esbuild, once per content, and evaluates it. */
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, extname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Loader, Message, OnResolveArgs, Plugin, PluginBuild } from 'esbuild'
import { ImgError } from '../sdk/error.ts'
import { addSourceMapper } from '../sdk/index.ts'
import { type CompiledFile, type Input, inputOf, openLoadCache } from './load/cache.ts'
import { failure } from './load/failure.ts'
import { generatedMapper } from './load/locate.ts'
import { watchMainThread } from './load/watchdog.ts'

/** What an `image.ts` exports, by name. */
export type Exports = Readonly<Record<string, unknown>>

/** The doors of the SDK; an `image.ts` gets those of the SDK that runs it, whatever its folder has installed. */
const doors: Readonly<Record<string, URL>> = {
  imgsdk: new URL('../sdk/index.js', import.meta.url),
  'imgsdk/dockerfile': new URL('../sdk/dockerfile/index.js', import.meta.url),
  'imgsdk/engine': new URL('../sdk/engine/index.js', import.meta.url),
  'imgsdk/oci': new URL('../sdk/oci/index.js', import.meta.url),
  'imgsdk/testing': new URL('../sdk/testing/index.js', import.meta.url),
}

const loaders: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.jsx': 'jsx',
  '.json': 'json',
}

/**
 * The module's exports. Code that was evaluated to the end once is taken from the user's cache folder, without esbuild.
 *
 * @param seconds  how long it may take before it counts as endless
 * @throws IMAGE_FILE_FAILED located in the user's own source
 */
export async function loadModule(file: string, seconds: number): Promise<Exports> {
  const cache = openLoadCache(doors['imgsdk']!.href)
  addSourceMapper(generatedMapper(cache.folder))
  // What an image.ts prints is not the output of the verb.
  console.log = console.info = console.debug = console.error
  const path = realpathSync(file)
  const entry = inputOf(path, readFileSync(path))
  const ready = cache.find(entry)
  try {
    if (ready !== undefined) return await finishes(import(ready), file, seconds)
    const compiled = await compile(entry, cache.urlOf)
    const url = cache.write(compiled.files, compiled.lasting)
    const watch = watchMainThread(file, seconds, () => cache.forget(entry))
    try {
      const exports = (await finishes(import(url), file, seconds)) as Exports
      if (compiled.lasting) cache.approve(entry)
      return exports
    } finally {
      watch.stop()
    }
  } catch (error) {
    throw await failure(error, path, doors)
  }
}

/** An `await` at the top that never comes back is as endless as a loop. */
async function finishes<T>(loading: Promise<T>, file: string, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(endless(file, seconds)), seconds * 1000)
  })
  try {
    return await Promise.race([loading, late])
  } finally {
    clearTimeout(timer)
  }
}

function endless(file: string, seconds: number): ImgError {
  return new ImgError('IMAGE_FILE_FAILED', `it was still waiting after ${seconds} s, at an await that does not end`, {
    at: { file, line: 1 },
    hint: 'set IMGSDK_LOAD_TIMEOUT to a number of seconds to allow it more',
  })
}

interface Compiled {
  /** The entry first. */
  readonly files: readonly CompiledFile[]
  /** Whether the same inputs always give the same code: no package had to be found, every import named its file exactly. */
  readonly lasting: boolean
}

/** The entry and the local files that it reaches, each compiled by itself, with imports rewritten to where they will be. */
async function compile(entry: Input, urlOf: (input: Input) => string): Promise<Compiled> {
  const esbuild = await import('esbuild')
  const queue = [entry]
  const files: CompiledFile[] = []
  let lasting = true
  const local = (path: string): string => {
    const known = queue.find((input) => input.path === path)
    const input = known ?? inputOf(path, readFileSync(path))
    if (known === undefined) queue.push(input)
    return urlOf(input)
  }
  try {
    for (const input of queue) {
      const rewrite = imports({ local, unstable: () => (lasting = false) })
      const result = await esbuild.build({
        stdin: {
          contents: input.text,
          sourcefile: input.path,
          resolveDir: dirname(input.path),
          loader: loaderOf(input.path),
        },
        bundle: true,
        write: false,
        outfile: '/generated.js',
        format: 'esm',
        platform: 'node',
        target: 'node20',
        conditions: [],
        sourcemap: 'external',
        sourcesContent: false,
        tsconfigRaw: {},
        logLevel: 'silent',
        define: importMeta(input.path),
        plugins: [rewrite],
      })
      const [map, code] = ['.map', '.js'].map((end) => result.outputFiles.find(({ path }) => path.endsWith(end))!.text)
      files.push({ input, code: code!, map: map! })
    }
  } catch (error) {
    throw compileError(error, entry.path)
  } finally {
    await esbuild.stop()
  }
  return { files, lasting }
}

/** The plugin that sends every import to a URL: a door of the SDK, a compiled local file, or a package's own file. */
function imports({ local, unstable }: { local(path: string): string; unstable(): void }): Plugin {
  const external = (path: string) => ({ path, external: true })
  const resolve = async (build: PluginBuild, args: OnResolveArgs) => {
    if (args.kind === 'entry-point' || args.pluginData === 'asking') return undefined
    const door = doors[args.path]
    if (door) return external(door.href)
    if (args.path.startsWith('node:') || builtinModules.includes(args.path)) return external(args.path)
    const { resolveDir, kind } = args
    const found = await build.resolve(args.path, { resolveDir, kind, pluginData: 'asking' })
    if (found.errors.length > 0) return { errors: found.errors }
    if (/^[./]/.test(args.path)) {
      const exact = fileURLToPath(new URL(args.path, pathToFileURL(`${resolveDir}/`)))
      if (exact !== found.path) unstable()
    } else {
      unstable()
    }
    return external(isOurs(found.path) ? local(found.path) : pathToFileURL(found.path).href)
  }
  return { name: 'imgsdk', setup: (build) => build.onResolve({ filter: /.*/ }, (args) => resolve(build, args)) }
}

/** Whether a file is the user's own source, to be compiled, and not a package's, which Node loads as it is. */
function isOurs(path: string): boolean {
  const end = extname(path)
  if (path.includes('/node_modules/') || loaders[end] === undefined) return false
  return !['.js', '.mjs'].includes(end) || /^\s*(?:import|export)\b/m.test(readFileSync(path, 'utf8'))
}

function loaderOf(path: string): Loader {
  return loaders[extname(path)] ?? 'ts'
}

function importMeta(path: string): Record<string, string> {
  return {
    'import.meta.url': JSON.stringify(pathToFileURL(path).href),
    'import.meta.filename': JSON.stringify(path),
    'import.meta.dirname': JSON.stringify(dirname(path)),
  }
}

function compileError(error: unknown, entry: string): unknown {
  const messages = (error as { errors?: Message[] }).errors
  if (!Array.isArray(messages) || messages.length === 0) return error
  const all = messages.map((message) => messageError(message, entry))
  if (all.length === 1) return all[0]
  return new ImgError('IMAGE_FILE_FAILED', `${all.length} errors`, { at: all[0]!.at, errors: all })
}

function messageError({ text, location }: Message, entry: string): ImgError {
  const missing = /^Could not resolve "([^"]+)"/.exec(text)?.[1]
  const at = location
    ? {
        file: existsSync(location.file) ? realpathSync(location.file) : entry,
        line: location.line,
        column: location.column + 1,
        endColumn: location.column + 1 + Math.max(1, location.length),
      }
    : { file: entry, line: 1 }
  if (missing === undefined) return new ImgError('IMAGE_FILE_FAILED', text, { at })
  const isPath = /^[./]/.test(missing)
  const message = isPath ? `there is no file "${missing}"` : `there is no package "${missing}"`
  const name = missing.startsWith('@') ? missing.split('/').slice(0, 2).join('/') : missing.split('/')[0]
  return new ImgError('IMAGE_FILE_FAILED', message, {
    at,
    hint: isPath
      ? `the path starts at ${dirname(entry)}, the folder of the file that imports it`
      : `npm install ${name}`,
  })
}
