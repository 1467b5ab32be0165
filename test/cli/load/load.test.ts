import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderOf, imgsdk } from '../../helpers/cli.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'

const load = suite('cli/load')

/** A call with a cache of its own, and what it printed as a Dockerfile. */
async function dockerfile(folder: string, cache: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const call = { env: { XDG_CACHE_HOME: cache, ...env } }
  const { status, stdout, stderr } = await imgsdk(['synth', '--format', 'dockerfile', folder], call)
  assert.is(status, 0, stderr)
  return stdout
}

const compiled = (cache: string) => readdirSync(join(cache, 'imgsdk', 'load')).filter((name) => name.endsWith('.mjs'))

load('a file that was evaluated before is not compiled again', async () => {
  const folder = folderOf({ 'image.ts': "import { from } from 'imgsdk'\nexport default from('a')\n" })
  const cache = temporaryFolder()
  await dockerfile(folder, cache)
  // Whoever compiled now would get no answer.
  const noEsbuild = { ESBUILD_BINARY_PATH: '/bin/false' }
  assert.match(await dockerfile(folder, cache, noEsbuild), 'FROM a')
  writeFileSync(join(folder, 'image.ts'), "import { from } from 'imgsdk'\nexport default from('b')\n")
  const { status } = await imgsdk(['synth', folder], { env: { XDG_CACHE_HOME: cache, ...noEsbuild } })
  assert.is.not(status, 0)
  assert.match(await dockerfile(folder, cache), 'FROM b')
})

load('a file that failed is evaluated anew each time', async () => {
  const text =
    "import { from } from 'imgsdk'\nif (process.env['FAIL']) throw new Error('asked to')\nexport default from('a')\n"
  const folder = folderOf({ 'image.ts': text })
  const cache = temporaryFolder()
  const { status, stderr } = await imgsdk(['synth', folder], { env: { XDG_CACHE_HOME: cache, FAIL: '1' } })
  assert.is(status, 1)
  assert.match(stderr, /image\.ts:2:\d+\n {2}asked to/)
  assert.match(await dockerfile(folder, cache), 'FROM a')
})

load('files, packages, JSON and import.meta mean what they mean to Node', async () => {
  const folder = folderOf({
    'image.ts': `import { readFileSync } from 'node:fs'
import { from } from 'imgsdk'
import { base } from './lib/base.ts'
import facts from './facts.json'
import plain, { named } from 'plain'
import { esm } from 'modern'
const text = readFileSync(new URL('note.txt', import.meta.url), 'utf8')
export default base().label({ text, facts: facts.version, plain: plain.name, named, esm, here: String(import.meta.dirname === process.env['HERE']), beside: String(import.meta.resolve('./note.txt') === new URL('note.txt', import.meta.url).href), main: import.meta.resolve('plain').split('/').at(-1), fs: import.meta.resolve('fs') })
`,
    'note.txt': 'noted',
    'facts.json': '{ "version": "7" }',
    'lib/base.ts': "import { from, type State } from 'imgsdk'\nexport const base = (): State => from('base')\n",
    'node_modules/plain/package.json': '{ "name": "plain", "main": "main.js" }',
    'node_modules/plain/main.js':
      "module.exports = { name: 'cjs', named: 'n' }\nexports.other = 1\nmodule.exports.named = 'n'\n",
    'node_modules/modern/package.json': '{ "name": "modern", "type": "module", "exports": { "import": "./m.js" } }',
    'node_modules/modern/m.js': "export const esm = 'modern'\n",
  })
  const text = await dockerfile(folder, temporaryFolder(), { HERE: folder })
  for (const part of [
    'FROM base',
    'text=noted',
    'facts=7',
    'plain=cjs',
    'named=n',
    'esm=modern',
    'here=true',
    'beside=true',
    'main=main.js',
    'fs=node:fs',
  ]) {
    assert.match(text, part)
  }
})

load('an error in a file that it imports is told there', async () => {
  const folder = folderOf({
    'image.ts': "import { image } from './lib.ts'\nexport default image()\n",
    'lib.ts':
      "import { from } from 'imgsdk'\n\nexport function image() {\n  return from('a').user(7 as never).run()\n}\n",
  })
  const { status, stderr } = await imgsdk(['synth', folder], { env: { XDG_CACHE_HOME: temporaryFolder() } })
  assert.is(status, 1)
  assert.match(stderr, /lib\.ts:4:\d+/)
})

load('a cache folder that others may write to is not trusted', async () => {
  const folder = folderOf({ 'image.ts': "import { from } from 'imgsdk'\nexport default from('a')\n" })
  const cache = temporaryFolder()
  mkdirSync(join(cache, 'imgsdk', 'load'), { recursive: true })
  chmodSync(join(cache, 'imgsdk', 'load'), 0o777)
  assert.match(await dockerfile(folder, cache), 'FROM a')
  assert.equal(compiled(cache), [])
})

load('the cache folder is made for its user alone, and a home that cannot be written to does no harm', async () => {
  const folder = folderOf({ 'image.ts': "import { from } from 'imgsdk'\nexport default from('a')\n" })
  const cache = temporaryFolder()
  await dockerfile(folder, cache)
  assert.is(statSync(join(cache, 'imgsdk', 'load')).mode & 0o077, 0)
  assert.match(await dockerfile(folder, '/dev/null'), 'FROM a')
})

load('eight processes at once compile into one cache', async () => {
  const folder = folderOf({
    'image.ts': "import { base } from './lib.ts'\nexport default base\n",
    'lib.ts': "import { from } from 'imgsdk'\nexport const base = from('a')\n",
  })
  const cache = temporaryFolder()
  const texts = await Promise.all(Array.from({ length: 8 }, () => dockerfile(folder, cache)))
  assert.is(new Set(texts).size, 1)
  assert.is(compiled(cache).length, 2)
  for (const name of compiled(cache))
    assert.match(readFileSync(join(cache, 'imgsdk', 'load', name), 'utf8'), /^\/\/imgsdk inputs /)
})

load.run()
