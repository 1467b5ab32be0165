import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compressLayer } from '../../../sdk/engine/layer/compress.ts'
import { openStore } from '../../../sdk/engine/open.ts'
import { ImgError } from '../../../sdk/error.ts'
import { digestOf } from '../../../sdk/oci/digest.ts'
import { layerOf, noise, testIo } from '../../helpers/image.ts'
import { must } from '../../helpers/program.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { entries, raw } from '../layer/lab.ts'
import { breakingTests, fetched, finish, sound, undisturbed } from './breaking.ts'

const faults = suite('engine/store/faults')

breakingTests(faults, 24)

faults.needs(
  ['root', 'linux', 'mount'],
  'A32 on a file system of a few megabytes: an error, no leftovers, and it goes on',
  async () => {
    const mount = temporaryFolder()
    await must('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', mount])
    try {
      const store = await openStore(join(mount, 'store'))
      const io = testIo()
      const big = entries({ big: { content: noise('big', 6 << 20) } })
      const works = [store.layers.pack(big, io), store.blobs.put(noise('blob', 5 << 20))]
      for (const error of await Promise.all(works.map((work) => work.catch((thrown) => thrown)))) {
        assert.is(error.code, 'DISK_FULL')
        assert.match(error.detail.path, mount)
      }
      assert.equal(store.blobs.list(), [])
      const layer = await store.layers.pack(entries({ small: { content: noise('s', 1 << 20) } }), io)
      const hoard = join(mount, 'hoard')
      writeFileSync(hoard, noise('h', 1 << 20))
      await assertFull(compressLayer(store, layer, { type: 'gzip' }, io).then(() => layer.directory()))
      rmSync(hoard)
      await layer.directory()
      await compressLayer(store, layer, { type: 'gzip' }, io)
      assert.equal(await store.verify(), [])
      await store.close()
    } finally {
      // a tar that was read stays open for a moment
      await must('umount', ['--lazy', mount])
    }
  },
)

const assertFull = async (work: Promise<unknown>) =>
  assert.is(
    await work.then(
      () => 'done',
      (error) => error.code,
    ),
    'DISK_FULL',
  )

faults('A32 a bit flipped in any blob of a base layer is found, and the next build fetches it again', async () => {
  const blob = fetched()
  const folder = join(temporaryFolder(), 'store')
  const expected = await finish({ folder, blob })
  const names = readdirSync(join(folder, 'blobs/sha256'))
  for (const name of names) {
    const copy = join(temporaryFolder(), 'store')
    cpSync(folder, copy, { recursive: true, preserveTimestamps: true })
    const path = join(copy, 'blobs/sha256', name)
    const bytes = readFileSync(path)
    bytes[bytes.length >> 1]! ^= 8
    writeFileSync(path, bytes)
    const store = await openStore(copy)
    assert.equal(
      (await store.verify({ repair: true })).map(({ digest }) => digest),
      [`sha256:${name}`],
    )
    await store.close()
    await sound({ folder: copy, blob }, expected, `a bit of ${name}`)
  }
})

faults('A33 the same build from 8 processes at once', async () => {
  const { blob, expected } = await undisturbed()
  const folder = join(temporaryFolder(), 'store')
  const all = await Promise.all([...Array(8).keys()].map(() => finish({ folder, blob })))
  for (const { base, packed, upper, compressed } of all) {
    assert.equal(
      [base, packed, upper, compressed],
      [expected.base, expected.packed, expected.upper, expected.compressed],
    )
  }
  await sound({ folder, blob }, expected, 'after all')
})

faults('A33 a blob is fetched once, whoever asks in this process', async () => {
  const store = await openStore(join(temporaryFolder(), 'store'))
  const base = layerOf(raw({ name: 'a', text: 'x' }))
  let opened = 0
  const counted = {
    ...base,
    open: async () => {
      opened++
      return base.open()
    },
  }
  const layers = await Promise.all([1, 2, 3].map(() => store.layers.base(counted)))
  await Promise.all(layers.flatMap((layer) => [layer.tar(), layer.index(), layer.directory()]))
  assert.is(opened, 1)
  await store.close()
})

faults('one caller that gives up does not fail the others', async () => {
  const store = await openStore(join(temporaryFolder(), 'store'))
  const base = layerOf(raw({ name: 'a', text: noise('a', 200_000) }))
  const slow = {
    ...base,
    open: async (io?: { signal: AbortSignal }) => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      if (io?.signal.aborted) throw new ImgError('BUILD_CANCELLED', 'cancelled')
      return base.open()
    },
  }
  const layer = await store.layers.base(slow)
  const [first, second] = [testIo(), testIo()]
  const results = [layer.tar(first), layer.tar(second)].map((work) =>
    work.then(
      () => 'done',
      (error) => error.code,
    ),
  )
  first.cancel()
  assert.equal(await Promise.all(results), ['BUILD_CANCELLED', 'done'])
  await store.close()
})

faults('a base layer that is not what was promised is refused, and nothing of it is kept', async () => {
  const store = await openStore(join(temporaryFolder(), 'store'))
  const base = layerOf(raw({ name: 'a', text: 'x' }))
  const wrong = [
    { ...base, diffId: digestOf('another') },
    { ...base, open: layerOf(raw({ name: 'b' })).open },
    { ...base, descriptor: { ...base.descriptor, size: 5 } },
  ]
  for (const lie of wrong) {
    const error = await (await store.layers.base(lie)).tar().catch((thrown) => thrown)
    assert.is(error.code, 'DIGEST_MISMATCH')
    assert.equal(store.blobs.list(), [])
  }
  mkdirSync(join(store.folder, 'layers'), { recursive: true })
  assert.equal(readdirSync(join(store.folder, 'layers')), [])
  await store.close()
})

faults.run()
