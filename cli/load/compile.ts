/** Compiles an `image.ts` and the local files that it imports, with esbuild. */
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { builtinModules, createRequire } from 'node:module'
import { dirname, extname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Loader, Message, OnResolveArgs, Plugin, PluginBuild } from 'esbuild'
import { ImgError } from '../../sdk/error.ts'
import { type CompiledFile, type Input, inputOf } from './cache.ts'
import { doors } from './doors.ts'

/** The files of an image, compiled. */
export interface Compiled {
  /** The entry first. */
  readonly files: readonly CompiledFile[]
  /** Whether the same inputs always give the same code: no package had to be found, every import named its file exactly. */
  readonly lasting: boolean
}

/** The entry and the local files that it reaches, each compiled by itself, with imports rewritten to where they will be. */
export async function compile(entry: Input, urlOf: (input: Input) => string): Promise<Compiled> {
  const esbuild = loadEsbuild()
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

/** By `require`: for `import` Node would read all of it twice, to find out what it exports. */
function loadEsbuild(): typeof import('esbuild') {
  return createRequire(import.meta.url)('esbuild')
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
