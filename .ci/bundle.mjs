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
const main = join(dist, 'cli/main.js')
const doors = ['sdk/index.js', ...['dockerfile', 'engine', 'oci', 'testing'].map((door) => `sdk/${door}/index.js`)]
/** What nearly every verb needs. esbuild makes a chunk for each set of entries that share code; as all entries import these, they become one. */
const core = ['cli/run.js', 'cli/image.js', 'cli/render/units.js', 'cli/render/table.js', 'sdk/json/encode.js']
const urls = /new URL\(['"](\.{1,2}\/[^'"]+\.js)['"], import\.meta\.url\)/g

/** Not names of variables. */
const reserved = new Set(['default', 'module', 'import', 'export', 'delete', 'class', 'function'])

/** Files that are loaded by themselves: doors, what `import()` names, and workers, which a URL names. */
const entries = new Set([main, ...doors.map((path) => join(dist, path))])
const workers = new Set()

rmSync(out, { recursive: true, force: true })
// A pass finds what is loaded lazily and by URL; they become entries of the next.
for (let known = 0; known !== entries.size; ) {
  known = entries.size
  await bundle()
}

async function bundle() {
  rmSync(out, { recursive: true, force: true })
  const { metafile } = await build({
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
    plugins: [{ name: 'imgsdk', setup }],
  })
  for (const { imports } of Object.values(metafile.inputs)) {
    for (const { kind, path, external } of imports)
      if (kind === 'dynamic-import' && !external) entries.add(resolve(path))
  }
  const files = Object.keys(metafile.outputs)
  const bytes = files.reduce((sum, path) => sum + statSync(resolve(path)).size, 0)
  writeFileSync(join(out, 'package.json'), '{"type":"module"}\n')
  if (process.argv.includes('--verbose')) console.log(`${relative(root, out)}: ${files.length} files, ${bytes} bytes`)
}

function setup(esbuild) {
  esbuild.onLoad({ filter: /\.js$/ }, load)
  esbuild.onResolve({ filter: /^node:(fs|path|process|url|os|module|crypto)$/ }, ({ path, kind }) =>
    kind === 'import-statement' ? { path, namespace: 'builtin' } : undefined,
  )
  esbuild.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({ contents: builtin(path) }))
}

/**
 * One of Node's modules, without the ES module that Node makes of it: that one reads every getter, and so opens the standard
 * input for `node:process` (6 ms) and loads half of `node:fs/promises` for `node:fs` (2 ms).
 */
function builtin(name) {
  const names = Object.entries(Object.getOwnPropertyDescriptors(process.getBuiltinModule(name)))
    .filter(([key, { get }]) => !get && /^[a-z_$][\w$]*$/i.test(key) && !reserved.has(key))
    .map(([key]) => key)
  // Each by itself, so that those that nobody uses go: a newer Node warns of members that it is about to give up.
  const members = names.map((key) => `export const ${key} = /* @__PURE__ */ (() => module.${key})()\n`)
  return `const module = process.getBuiltinModule('${name}')\nexport default module\n${members.join('')}`
}

function load({ path }) {
  // All outputs lie in one folder, so a URL relative to a source file becomes one relative to that folder.
  const text = readFileSync(path, 'utf8').replace(urls, (whole, target) => {
    const file = resolve(path, '..', target)
    if (!existsSync(file)) return whole
    if (!doors.includes(relative(dist, file))) workers.add(file)
    entries.add(file)
    return `new URL('./${nameOf(file)}.js', import.meta.url)`
  })
  const wantsCore = entries.has(path) && path !== main && !workers.has(path)
  return { contents: wantsCore ? `${core.map(importOf).join('')}${text}` : text, loader: 'js' }
}

function importOf(path) {
  return `import ${JSON.stringify(join(dist, path))};`
}

/** `cli/main.js` → `cli-main`. */
function nameOf(path) {
  return relative(dist, path).replace(/\.js$/, '').replaceAll(/[\\/]/g, '-')
}
