import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { edgeFault, globalFault, packageDoors, packageFault } from './helpers/floorplan.ts'
import { readSources, type Source } from './helpers/sources.ts'
import { assert, projectRoot, suite } from './helpers/suite.ts'

const floorplan = suite('floorplan')

const all = readSources(['sdk', 'cli', 'examples', 'test'])
const product = all.filter(({ path }) => /^(sdk|cli)\//.test(path) && !path.endsWith('.generated.ts'))

/** Fails with every fault, one per line; where in this file does not matter. */
function none(faults: readonly string[]): void {
  if (faults.length > 0) throw Object.assign(new Error(faults.join('\n    ')), { stack: '' })
}

floorplan('imports only go down the stairs', () => {
  none(
    all.flatMap(({ path, edges }) =>
      edges.flatMap(({ to, local, typeOnly, line }) => {
        const fault = local ? edgeFault(path, to, typeOnly) : packageFault(path, to)
        return fault === undefined ? [] : [`${path}:${line} imports ${to}: ${fault}`]
      }),
    ),
  )
})

floorplan('every import leads to a file that is there', () => {
  const known = new Set(all.map(({ path }) => path))
  none(
    product.flatMap(({ path, edges }) =>
      edges
        .filter(({ to, local }) => local && !known.has(to))
        .map(({ to, line }) => `${path}:${line} imports ${to}, which is not there`),
    ),
  )
})

floorplan('an edge across, up or round is named', () => {
  assert.match(edgeFault('sdk/builder/state.ts', 'sdk/dockerfile/parse.ts') ?? '', 'not dockerfile')
  assert.match(edgeFault('sdk/engine/solve/solve.ts', 'sdk/dockerfile/parse.ts') ?? '', 'not dockerfile')
  assert.match(edgeFault('sdk/engine/solve/solve.ts', 'sdk/engine/registry/pull.ts') ?? '', 'meet only in')
  assert.match(edgeFault('sdk/oci/types.ts', 'sdk/graph/graph.ts') ?? '', 'not graph')
  assert.match(edgeFault('sdk/plan/lower.ts', 'cli/main.ts') ?? '', 'never imports cli')
  assert.match(packageFault('sdk/plan/lower.ts', 'undici') ?? '', 'only through')
  assert.match(packageFault('sdk/plan/lower.ts', 'left-pad') ?? '', 'no file may')
  assert.match(packageFault('sdk/plan/lower.ts', 'node:fs') ?? '', 'outside engine')
  assert.match(globalFault('sdk/graph/graph.ts', 'process') ?? '', 'no process')
  assert.is(edgeFault('sdk/engine/op/file.ts', 'sdk/engine/tree.ts'), undefined)
  assert.is(edgeFault('sdk/export/layout.ts', 'sdk/engine/ports.ts'), undefined)
})

floorplan('the clock, chance, processes and the network stay at the edges', () => {
  none(
    product.flatMap(({ path, globals }) =>
      globals.flatMap(({ name, line }) => {
        const fault = globalFault(path, name)
        return fault === undefined ? [] : [`${path}:${line} uses ${name}: ${fault}`]
      }),
    ),
  )
})

floorplan('loading the front door or the command line loads no package', () => {
  none(['sdk/index.ts', 'cli/main.ts'].flatMap((start) => packagesBehind(start)))
})

floorplan('every file opens with a sentence that says what it owns', () => {
  none(product.filter(({ header }) => header === '').map(({ path }) => `${path}: no /** … */ at the top`))
})

floorplan('files stay short: above 200 lines the header says why, above 300 they are two files', () => {
  none(
    product
      .filter(({ path }) => !/\/(table|codes)\.ts$/.test(path))
      .flatMap(({ path, lines, header }) => {
        if (lines > 300) return [`${path}: ${lines} lines; look for the two files inside it`]
        if (lines > 200 && !/\bbecause\b/.test(header))
          return [`${path}: ${lines} lines; its header must say why, with the word "because"`]
        return []
      }),
  )
})

floorplan('every exported name says what it means', () => {
  none(
    product.flatMap(({ path, header, undocumented }) =>
      // The types of a specification are documented by it, where the header names it.
      undocumented
        .filter(({ type }) => !(type && /\bSources?: /.test(header)))
        // A verb's file holds nothing but the verb, and its header says what that is.
        .filter(({ name }) => !(name === 'default' && path.startsWith('cli/commands/')))
        .map(({ name, line }) => `${path}:${line} exports ${name} without a doc comment`),
    ),
  )
})

floorplan('every test file ends with .run()', () => {
  const tests = all.filter(({ path }) => /^test\/.*\.(test|long)\.ts$/.test(path))
  assert.ok(tests.length > 0)
  none(
    tests
      .filter(({ lastStatement }) => !/^\w+\.run\(\)$/.test(lastStatement))
      .map(({ path }) => `${path}: the last line must be <suite>.run()`),
  )
})

floorplan('the top level is a fixed list', () => {
  const allowed =
    'package.json package-lock.json tsconfig.json biome.json sdk cli schemas examples test docs README.md LICENSE CHANGELOG.md CONTRIBUTING.md'
  const ignored = /^(\..*|node_modules|dist|coverage|imgsdk\.out|.*\.tgz)$/
  const strangers = readdirSync(projectRoot()).filter(
    (name) => !ignored.test(name) && !allowed.split(' ').includes(name),
  )
  assert.equal(strangers, [])
})

floorplan('every dependency has a door, and every door is used', () => {
  const { dependencies } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as {
    dependencies: object
  }
  const imported = new Set(
    product.flatMap(({ path, edges }) => [
      ...edges.filter(({ local }) => !local).map(({ to }) => to.split('/')[0]!),
      // A file that a package does not export is found beside the one that it does.
      ...[...readFileSync(join(projectRoot(), path), 'utf8').matchAll(/require\.resolve\('([^'/]+)'\)/g)].map(
        ([, name]) => name!,
      ),
    ]),
  )
  none(
    Object.keys(dependencies).flatMap((name) =>
      packageDoors[name] ? [] : [`package.json depends on ${name}, which has no door`],
    ),
  )
  none(
    Object.keys(dependencies).flatMap((name) =>
      imported.has(name) ? [] : [`package.json depends on ${name}, which nothing imports`],
    ),
  )
})

floorplan('no file names the machine or the package registry it was made on', () => {
  const host = ['registry', 'npmjs', 'org'].join('.')
  const folders = ['sdk', 'cli', 'docs', 'examples', 'schemas', '.ci']
  const files = folders
    .filter((folder) => existsSync(join(projectRoot(), folder)))
    .flatMap((folder) =>
      readdirSync(join(projectRoot(), folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((path) => /\.(ts|mjs|md|json|sh)$/.test(path))
  none(
    [...files, 'README.md', 'package.json', 'package-lock.json', 'CONTRIBUTING.md', 'CHANGELOG.md']
      .filter((path) => existsSync(join(projectRoot(), path)))
      .filter((path) => {
        const text = readFileSync(join(projectRoot(), path), 'utf8')
        return text.includes(host) || text.includes(projectRoot()) || /(?<![\w.-])\/work\/\w/.test(text)
      })
      .map((path) => `${path} names a folder of one machine, or a registry host`),
  )
})

/** The packages that static imports reach from a file, each with the way to it. */
function packagesBehind(start: string): string[] {
  const files = new Map<string, Source>(product.map((source) => [source.path, source]))
  const cameFrom = new Map<string, string>([[start, '']])
  const faults: string[] = []
  for (const path of cameFrom.keys()) {
    for (const { to, local, typeOnly, lazy } of files.get(path)?.edges ?? []) {
      if (typeOnly || lazy) continue
      if (local && !cameFrom.has(to)) cameFrom.set(to, path)
      if (!local && !to.startsWith('node:')) faults.push(`${trail(path)} → ${to}: import it lazily`)
    }
  }
  return faults

  function trail(path: string): string {
    const before = cameFrom.get(path)
    return before ? `${trail(before)} → ${path}` : path
  }
}

floorplan.run()
