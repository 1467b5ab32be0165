/** What a second build finds again, and what it does not. No root, no network, no daemon. */
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
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

function builder(folder: string, store = join(temporaryFolder(), 'store')) {
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

cache('a file that changed among many gives the layers that a new store gives', async () => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`src/d${n % 7}/f${n}`, `file ${n}`]))
  const folder = await context({ ...files, 'b.txt': 'b' })
  const run = builder(folder)
  for (const text of ['changed', 'changed again', 'and again']) {
    await run(image())
    writeFileSync(join(folder, 'src/d3/f17'), text)
    await sleep(60)
    const epoch = { sourceDateEpoch: 1_700_000_000 }
    assert.equal((await run(image(), epoch)).layers, (await builder(folder)(image(), epoch)).layers, text)
  }
})

cache('A32 a damaged content in the store is noticed when it would be used, and --no-cache mends it', async () => {
  const folder = await context({ 'src/a.txt': 'precious', 'src/z.txt': 'z', 'b.txt': 'b' })
  const store = join(temporaryFolder(), 'store')
  const run = builder(folder, store)
  const first = await run(image())
  for (const name of readdirSync(join(store, 'blobs/sha256'))) {
    const path = join(store, 'blobs/sha256', name)
    const bytes = readFileSync(path)
    const at = bytes.indexOf('precious')
    if (at < 0) continue
    bytes[at]! ^= 1
    writeFileSync(path, bytes)
  }
  writeFileSync(join(folder, 'src/z.txt'), 'changed')
  await sleep(60)
  const error = await run(image()).then(
    () => undefined,
    (error) => error,
  )
  assert.is(error?.code, 'STORE_DAMAGED')
  assert.match(error.message, /src\/a\.txt/)
  writeFileSync(join(folder, 'src/z.txt'), 'z')
  assert.equal((await run(image(), { noCache: true, sourceDateEpoch: 5 })).layers.length, first.layers.length)
  const whole = await run(image(), { noCache: true })
  for (const digest of whole.layers) {
    const hash = createHash('sha256')
      .update(readFileSync(join(store, 'blobs/sha256', digest.slice(7))))
      .digest('hex')
    assert.is(`sha256:${hash}`, digest)
  }
})

cache('A33 eight builds at once on one store all succeed, with one digest', async () => {
  const run = builder(await context({ 'src/a.txt': 'a', 'b.txt': 'b' }))
  const all = await Promise.all(Array.from({ length: 8 }, () => run(image())))
  assert.is(new Set(all.map(({ layers }) => layers.join())).size, 1)
})

cache.run()
