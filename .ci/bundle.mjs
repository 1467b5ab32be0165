/**
 * Bundles what tsc made of the product into `dist/bundle/`, which is what the package ships: Node spends about a
 * millisecond on each module file, and `imgsdk synth` needs more than a hundred (docs/decisions/0003).
 * All doors are bundled together, so that they share one copy of every module.
 */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, process.argv[2] ?? 'dist')
const out = join(dist, 'bundle')
const entries = new Set(
  [
    'cli/main.js',
    'sdk/index.js',
    'sdk/dockerfile/index.js',
    'sdk/engine/index.js',
    'sdk/oci/index.js',
    'sdk/testing/index.js',
  ]
    .map((path) => join(dist, path))
    .filter((path) => existsSync(path)),
)
const urls = /new URL\(['"](\.{1,2}\/[^'"]+\.js)['"], import\.meta\.url\)/g

rmSync(out, { recursive: true, force: true })
// A pass finds the files that are only named by URL (workers); they become entries of the next.
for (let known = 0; known !== entries.size; ) {
  known = entries.size
  await bundle()
}

async function bundle() {
  const result = await build({
    entryPoints: Object.fromEntries([...entries].map((path) => [nameOf(path), path])),
    outdir: out,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    chunkNames: 'chunk-[hash]',
    legalComments: 'none',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
    metafile: true,
    plugins: [{ name: 'urls', setup: (esbuild) => esbuild.onLoad({ filter: /\.js$/ }, rewrite) }],
  })
  if (result.errors.length > 0) process.exit(1)
  const bytes = Object.keys(result.metafile.outputs).reduce((sum, path) => sum + statSync(resolve(path)).size, 0)
  writeFileSync(join(out, 'package.json'), '{"type":"module"}\n')
  if (process.argv.includes('--verbose'))
    console.log(`${relative(root, out)}: ${Object.keys(result.metafile.outputs).length} files, ${bytes} bytes`)
}

/** All outputs lie in one folder, so a URL relative to a source file becomes one relative to that folder. */
function rewrite({ path }) {
  const contents = readFileSync(path, 'utf8').replace(urls, (text, target) => {
    const file = resolve(path, '..', target)
    if (!existsSync(file)) return text
    entries.add(file)
    return `new URL('./${nameOf(file)}.js', import.meta.url)`
  })
  return { contents, loader: 'js' }
}

/** `cli/main.js` → `cli-main`. */
function nameOf(path) {
  return relative(dist, path).replace(/\.js$/, '').replaceAll(/[\\/]/g, '-')
}
