import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { compressLayer } from '../../../sdk/engine/layer/compress.ts'
import { pieces } from '../../../sdk/engine/layer/gzip.ts'
import { digestOf } from '../../../sdk/oci/digest.ts'
import { mediaTypes } from '../../../sdk/oci/types.ts'
import { imageOf, layerOf, noise, testIo } from '../../helpers/image.ts'
import { must } from '../../helpers/program.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { entries, failure, raw, withStore } from './lab.ts'

const compress = suite('engine/layer/compress')

const bytesOf = async (stream: Readable) => {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** Half of it compresses. */
const mixed = (size: number) => Buffer.concat([noise('a', size / 2), Buffer.alloc(size / 2, 'the same words again ')])

compress.needs(['gzip'], 'one gzip stream that gzip itself takes', async () => {
  await withStore(async (store) => {
    const layer = await store.layers.pack(entries({ a: { content: mixed(5_000_000) }, b: 'small' }))
    const { descriptor, diffId, open } = await compressLayer(store, layer, { type: 'gzip' }, testIo())
    const blob = await bytesOf(await open())
    assert.equal(
      [digestOf(blob), blob.length, descriptor.mediaType],
      [descriptor.digest, descriptor.size, mediaTypes.ociLayerGzip],
    )
    assert.is(digestOf(gunzipSync(blob)), diffId)
    const path = join(temporaryFolder(), 'layer.gz')
    writeFileSync(path, blob)
    await must('gzip', ['-t', path])
    assert.ok(descriptor.size < 2_700_000)
  })
})

compress('D8 the bytes do not depend on how many workers there are', async () => {
  const content = mixed(4 << 20)
  const read = (offset: number, length: number) => Buffer.from(content.subarray(offset, offset + length))
  const all = async (workers: number) => {
    const parts: Buffer[] = []
    for await (const { bytes } of pieces(content.length, 6, read, testIo(), workers)) parts.push(Buffer.from(bytes))
    return digestOf(Buffer.concat(parts))
  }
  const one = await all(0)
  assert.equal([await all(1), await all(2), await all(5)], [one, one, one])
})

compress('it is done once in the life of a store, for each level', async () => {
  await withStore(async (store) => {
    const layer = await store.layers.pack(entries({ a: { content: mixed(300_000) } }))
    const events = testIo()
    const at = async (level: number) =>
      (await compressLayer(store, layer, { type: 'gzip', level }, events)).descriptor.size
    const [fast, small] = await Promise.all([at(1), at(9), at(1)])
    const done = events.events.length
    assert.ok(fast > small)
    assert.equal([await at(1), await at(9)], [fast, small])
    assert.is(events.events.length, done, 'nothing was compressed again')
    const [blob] = store.blobs.list().filter((digest) => store.blobs.size(digest) === fast)
    store.blobs.remove(blob!)
    assert.is(await at(1), fast)
  })
})

compress('a layer of a base keeps its blob, and is not fetched for that', async () => {
  await withStore(async (store) => {
    const base = layerOf(raw({ name: 'a', text: 'x' }))
    let opened = 0
    const counted = () => {
      opened++
      return base.open()
    }
    const layer = await store.layers.base({ ...base, open: counted })
    const { descriptor, open } = await compressLayer(store, layer, { type: 'gzip' }, testIo())
    assert.equal([descriptor, opened], [base.descriptor, 0])
    assert.is(digestOf(await bytesOf(await open())), base.descriptor.digest)
    const { descriptor: forced } = await compressLayer(store, layer, { type: 'gzip', level: 9, force: true }, testIo())
    assert.is.not(forced.digest, base.descriptor.digest)
  })
})

compress('A32 a tar with a flipped bit gets no new digest', async () => {
  await withStore(async (store) => {
    const layer = await store.layers.pack(entries({ a: { content: mixed(100_000) } }))
    const { path } = await layer.tar()
    const bytes = readFileSync(path)
    bytes[50_000]! ^= 4
    writeFileSync(path, bytes)
    for (const type of ['gzip', 'none'] as const) {
      const work = compressLayer(store, layer, { type }, testIo()).then(async ({ open }) => bytesOf(await open()))
      assert.is((await failure(work)).code, 'STORE_DAMAGED', type)
      writeFileSync(path, bytes)
    }
  })
})

compress.needs(
  ['umoci', 'root', 'linux'],
  'umoci unpacks an image of our layers, PAX headers, links and whiteouts included',
  async () => {
    await withStore(async (store) => {
      const io = testIo()
      const deep = `${'d'.repeat(60)}/${'e'.repeat(60)}`
      const lower = entries({
        [`${'d'.repeat(60)}/`]: {},
        [`${deep}/`]: {},
        [`${deep}/${'f'.repeat(60)}`]: 'deep',
        gone: 'x',
        grün: 'ü',
      })
      const upper = entries({
        gone: { type: 'whiteout', mode: 0 },
        owned: { content: 'o', uid: 300_000, gid: 4 },
        twin: { type: 'hardlink', link: 'owned' },
      })
      const layers = []
      for (const what of [lower, upper])
        layers.push(await compressLayer(store, await store.layers.pack(what), { type: 'gzip' }, io))
      const { manifest, config } = imageOf({ layers }).platforms[0]!
      for (const { bytes, descriptor } of [manifest, config]) await store.blobs.put(Buffer.from(bytes), descriptor)
      await store.images.set('app', manifest.descriptor)
      const bundle = join(temporaryFolder(), 'bundle')
      await must('umoci', ['unpack', '--image', `${store.folder}:app`, bundle])
      const rootfs = join(bundle, 'rootfs')
      assert.equal(readdirSync(rootfs).sort(), ['d'.repeat(60), 'grün', 'owned', 'twin'])
      assert.is(readFileSync(join(rootfs, deep, 'f'.repeat(60)), 'utf8'), 'deep')
      const [owned, twin] = [statSync(join(rootfs, 'owned')), statSync(join(rootfs, 'twin'))]
      assert.equal([owned.uid, owned.gid, owned.ino], [300_000, 4, twin.ino])
    })
  },
)

compress('zstd is written where Node has it, else refused', async () => {
  await withStore(async (store) => {
    const layer = await store.layers.pack(entries({ a: 'x' }))
    const work = compressLayer(store, layer, { type: 'zstd' }, testIo())
    if ('createZstdCompress' in (await import('node:zlib')))
      assert.is((await work).descriptor.mediaType, mediaTypes.ociLayerZstd)
    else assert.is((await failure(work)).code, 'UNSUPPORTED')
  })
})

compress('an interrupted compression stops, and leaves nothing', async () => {
  await withStore(async (store) => {
    const layer = await store.layers.pack(entries({ a: { content: mixed(8_000_000) } }))
    const io = testIo()
    const before = store.blobs.list()
    const work = compressLayer(store, layer, { type: 'gzip', level: 9 }, io)
    setTimeout(io.cancel, 20)
    assert.is((await failure(work)).code, 'BUILD_CANCELLED')
    assert.equal(store.blobs.list(), before)
  })
})

compress.run()
