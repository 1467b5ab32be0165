/** What a second build finds again, and what it does not. No root, no network, no daemon. */
import { chmodSync, mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from '../../sdk/engine/index.ts'
import { type State, scratch } from '../../sdk/index.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const cache = suite('verb/cache')

/** A folder that was written long enough ago for its times to prove something. */
async function context(files: Record<string, string>): Promise<string> {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  await sleep(60)
  return folder
}

function builder(folder: string) {
  const store = join(temporaryFolder(), 'store')
  return async (state: State, options: object = {}) => {
    const ran: string[] = []
    const result = await build(state, {
      store,
      context: folder,
      ...options,
      onEvent: (event) => {
        if (event.type === 'cached') ran.push(`cached ${event.name}`)
      },
    })
    return { digest: result.manifest!.digest, layers: result.layers.map(({ diffId }) => diffId), cached: ran.length }
  }
}

const image = () => scratch().copy('src', '/src').workdir('/w').copy('b.txt', '.')

cache('the same again does nothing', async () => {
  const run = builder(await context({ 'src/a.txt': 'a', 'b.txt': 'b' }))
  const first = await run(image())
  const second = await run(image())
  assert.is(first.cached, 0)
  assert.is(second.cached, 3)
  assert.is(second.digest, first.digest)
})

cache('D6.90 times alone change nothing: the older layer stands, and what follows is found', async () => {
  const folder = await context({ 'src/a.txt': 'a', 'b.txt': 'b' })
  const run = builder(folder)
  const first = await run(image())
  utimesSync(join(folder, 'src/a.txt'), 1_000_000_000, 1_000_000_000)
  await sleep(60)
  const second = await run(image())
  assert.equal(second.layers, first.layers)
  assert.is(second.cached, 3)
})

cache('A31 content, mode and name each change the layer; a file that is not copied does not', async () => {
  const folder = await context({ 'src/a.txt': 'a', 'b.txt': 'b', 'other.txt': 'x' })
  const run = builder(folder)
  const first = await run(image())
  writeFileSync(join(folder, 'other.txt'), 'y')
  assert.is((await run(image())).digest, first.digest)
  const seen = new Set([first.digest])
  for (const change of [
    () => writeFileSync(join(folder, 'src/a.txt'), 'A'),
    () => chmodSync(join(folder, 'src/a.txt'), 0o600),
    () => chmodSync(join(folder, 'src'), 0o700),
    () => renameSync(join(folder, 'src/a.txt'), join(folder, 'src/c.txt')),
  ]) {
    change()
    await sleep(60)
    const { digest } = await run(image())
    seen.add(digest)
  }
  // The mode of the copied directory itself is not part of what COPY brings (conformance D6.26).
  assert.is(seen.size, 4)
})

cache('an instruction that only changes the config packs nothing anew', async () => {
  const run = builder(await context({ 'src/a.txt': 'a', 'b.txt': 'b' }))
  const first = await run(image())
  const second = await run(image().label({ version: '2' }))
  assert.is(second.cached, 3)
  assert.equal(second.layers, first.layers)
  assert.is.not(second.digest, first.digest)
})

cache('--no-cache runs every step, and a later build finds what it made', async () => {
  const run = builder(await context({ 'src/a.txt': 'a', 'b.txt': 'b' }))
  await run(image())
  assert.is((await run(image(), { noCache: true })).cached, 0)
  assert.is((await run(image())).cached, 3)
})

cache('A33 eight builds at once on one store all succeed, with one digest', async () => {
  const run = builder(await context({ 'src/a.txt': 'a', 'b.txt': 'b' }))
  const all = await Promise.all(Array.from({ length: 8 }, () => run(image())))
  assert.is(new Set(all.map(({ layers }) => layers.join())).size, 1)
})

cache.run()
