/** Compiles an `image.ts` and the local files that it imports, with esbuild. */
import { readFileSync } from 'node:fs'
import { builtinModules, createRequire } from 'node:module'
import { dirname, extname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Loader, OnResolveArgs, Plugin, PluginBuild } from 'esbuild'
import { type CompiledFile, type Input, inputOf } from './cache.ts'
import { compileError } from './compile-error.ts'
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
        ...(input.text.includes('import.meta.resolve') ? { banner: { js: resolver(input.path) } } : {}),
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
  const urlOf = (path: string) => (isOurs(path) ? local(path) : pathToFileURL(path).href)
  const resolve = async (build: PluginBuild, args: OnResolveArgs) => {
    if (args.kind === 'entry-point' || args.pluginData === 'asking') return undefined
    const door = doors[args.path]
    if (door) return external(door.href)
    if (/^(?:node|file):/.test(args.path) || builtinModules.includes(args.path)) return external(args.path)
    const { resolveDir, kind } = args
    const found = await build.resolve(args.path, { resolveDir, kind, pluginData: 'asking' })
    if (found.errors.length > 0) {
      const aliased = /^[./]/.test(args.path) ? undefined : await byAlias(build.esbuild, args)
      if (aliased === undefined) return { errors: found.errors }
      found.path = aliased
    }
    if (/^[./]/.test(args.path)) {
      const exact = fileURLToPath(new URL(args.path, pathToFileURL(`${resolveDir}/`)))
      if (exact !== found.path) unstable()
    } else {
      unstable()
    }
    return external(urlOf(found.path))
  }
  // Only what a path with holes in it may mean is loaded: a file that comes and goes, so it is looked for each time.
  const load = (path: string) => {
    unstable()
    const url = JSON.stringify(urlOf(path))
    return {
      contents: `export * from ${url}\nimport * as all from ${url}\nexport default all.default`,
      loader: 'js',
    } as const
  }
  return {
    name: 'imgsdk',
    setup(build) {
      build.onResolve({ filter: /.*/ }, (args) => resolve(build, args))
      build.onLoad({ filter: /.*/ }, ({ path }) => load(path))
    },
  }
}

/**
 * The file that `paths` of the nearest tsconfig.json means. Otherwise the compiler does not see that file: much in it changes what
 * code means, and what was compiled would be as old as it.
 */
async function byAlias(
  { build }: PluginBuild['esbuild'],
  { path, resolveDir, kind }: OnResolveArgs,
): Promise<string | undefined> {
  let found: string | undefined
  const ask = async (build: PluginBuild, args: OnResolveArgs) => {
    if (args.kind === 'entry-point' || args.pluginData === 'asking') return undefined
    const answer = await build.resolve(path, { resolveDir, kind, pluginData: 'asking' })
    if (answer.errors.length === 0) found = answer.path
    return { path, external: true }
  }
  const setup = (build: PluginBuild) => build.onResolve({ filter: /.*/ }, (args) => ask(build, args))
  const stdin = { contents: `import ${JSON.stringify(path)}`, resolveDir }
  const rest = { bundle: true, write: false, platform: 'node', logLevel: 'silent' } as const
  // A tsconfig.json that cannot be read has no alias to offer.
  await build({ stdin, ...rest, plugins: [{ name: 'alias', setup }] }).catch(() => {})
  return found
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
    'import.meta.resolve': resolverName,
  }
}

const resolverName = '__imgsdkResolve'

/** `import.meta.resolve` of a source: Node's own starts where the compiled file lies. */
function resolver(path: string): string {
  const url = JSON.stringify(pathToFileURL(path).href)
  return [
    "import { createRequire as __imgsdkRequire, isBuiltin as __imgsdkIsBuiltin } from 'node:module'",
    "import { pathToFileURL as __imgsdkUrl } from 'node:url'",
    `const ${resolverName} = (path) => __imgsdkIsBuiltin(path) ? path.replace(/^(?:node:)?/, 'node:') :`,
    `  /^(?:\\.{0,2}\\/|\\w+:)/.test(path) ? new URL(path, ${url}).href : __imgsdkUrl(__imgsdkRequire(${url}).resolve(path)).href`,
  ].join('\n')
}
