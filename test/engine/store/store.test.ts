import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '../../../sdk/engine/open.ts'
import type { Store } from '../../../sdk/engine/store/store.ts'
import { type Descriptor, mediaTypes } from '../../../sdk/oci/types.ts'
import { blobStoreContract } from '../../contract/store.ts'
import { imageOf, noise, randomLayer, testIo } from '../../helpers/image.ts'
import { must } from '../../helpers/program.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'

const store = suite('engine/store')

const withStore = async <T>(body: (store: Store) => Promise<T>): Promise<T> => {
  const opened = await openStore(join(temporaryFolder(), 'store'))
  return body(opened).finally(() => opened.close())
}

const failure = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error) => error)
const descriptor = (seed: string): Descriptor => ({
  mediaType: mediaTypes.ociManifest,
  digest: `sha256:${noise(seed, 32).toString('hex')}`,
  size: 7,
})

blobStoreContract(store, (body) => withStore((opened) => body(opened.blobs)))

store.needs(['skopeo'], 'its folder is an OCI image layout that others read', async () => {
  await withStore(async ({ folder, blobs, images }) => {
    const image = imageOf({ layers: [await randomLayer('one', 5000)] })
    const { manifest, config, layers } = image.platforms[0]!
    await blobs.put(Buffer.from(manifest.bytes), manifest.descriptor)
    await blobs.put(Buffer.from(config.bytes), config.descriptor)
    for (const layer of layers) await blobs.put(await layer.open(testIo()), layer.descriptor)
    await images.set('example.org/app:1', manifest.descriptor)
    const seen = JSON.parse(await must('skopeo', ['inspect', '--raw', `oci:${folder}:example.org/app:1`]))
    assert.is(seen.config.digest, config.descriptor.digest)
    const copy = temporaryFolder()
    await must('skopeo', ['copy', '--quiet', '--insecure-policy', `oci:${folder}:example.org/app:1`, `dir:${copy}`])
  })
})

store.needs(['linux'], 'nobody else may look in', async () => {
  await withStore(async ({ folder }) => {
    for (const name of ['', 'layers', 'tmp', 'mounts']) assert.is(statSync(join(folder, name)).mode & 0o77, 0, name)
  })
})

store('a folder that cannot be made is named', async () => {
  const error = await failure(openStore('/dev/null/store'))
  assert.is(error.code, 'CONTEXT_INVALID')
  assert.match(error.message, /"\/dev\/null\/store"/)
})

store('images are named, renamed, listed and removed', async () => {
  await withStore(async ({ folder, images }) => {
    await images.set('b', descriptor('one'))
    await images.set('a', { ...descriptor('two'), annotations: { 'org.example.kept': 'yes' } })
    await images.set('b', descriptor('three'))
    assert.equal(await images.list(), [
      { name: 'a', descriptor: { ...descriptor('two'), annotations: { 'org.example.kept': 'yes' } } },
      { name: 'b', descriptor: descriptor('three') },
    ])
    assert.equal(await images.get('b'), descriptor('three'))
    assert.equal([await images.remove('b'), await images.remove('b'), await images.get('b')], [true, false, undefined])
    const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'))
    assert.equal(index.manifests[0].annotations, {
      'org.example.kept': 'yes',
      'org.opencontainers.image.ref.name': 'a',
    })
  })
})

store('an image that somebody else put there without a name stays', async () => {
  await withStore(async ({ folder, images }) => {
    writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [descriptor('theirs')] }))
    await images.set('mine', descriptor('mine'))
    assert.equal(JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')).manifests.length, 2)
    assert.equal(
      (await images.list()).map(({ name }) => name),
      ['mine'],
    )
  })
})

store('names that are set at once are all kept', async () => {
  await withStore(async ({ folder, images }) => {
    const other = await openStore(folder)
    const names = [...Array(20).keys()].map((at) => `n${String(at).padStart(2, '0')}`)
    await Promise.all(names.map((name, at) => (at % 2 ? images : other.images).set(name, descriptor(name))))
    assert.equal(
      (await images.list()).map(({ name }) => name),
      names,
    )
  })
})

store('an index.json that is damaged is told, and the rest still works', async () => {
  await withStore(async ({ folder, images, blobs, verify }) => {
    writeFileSync(join(folder, 'index.json'), '{"manifests": [')
    const error = await failure(images.list())
    assert.is(error.code, 'STORE_DAMAGED')
    assert.match(error.message, /index\.json/)
    assert.is((await failure(images.set('a', descriptor('a')))).code, 'STORE_DAMAGED')
    await blobs.put(Buffer.from('fine'))
    assert.equal(
      (await verify()).map(({ path }) => path),
      [join(folder, 'index.json')],
    )
  })
})

store('records hold any key and value', async () => {
  await withStore(async ({ records }) => {
    for (const key of ['', 'a/../../b', 'ü\0\n', 'k'.repeat(100_000)]) {
      assert.is(await records.get('kind', key), undefined)
      await records.put('kind', key, { key: key.length, list: [1, null, 'x'] })
      assert.equal(await records.get('kind', key), { key: key.length, list: [1, null, 'x'] })
    }
    await records.put('kind', '', 'second')
    await records.delete('kind', 'ü\0\n')
    await records.delete('kind', 'never there')
    assert.equal(
      [await records.get('kind', ''), await records.get('kind', 'ü\0\n'), await records.get('other', '')],
      ['second', undefined, undefined],
    )
    assert.is((await failure(records.put('../out', 'k', 1))).code, 'INTERNAL')
  })
})

store('A32 a record that is torn, flipped or of another key counts as missing', async () => {
  await withStore(async ({ folder, records }) => {
    await records.put('kind', 'key', { value: 1 })
    const [hh] = readdirSync(join(folder, 'records/kind'))
    const path = join(folder, 'records/kind', hh!, readdirSync(join(folder, 'records/kind', hh!))[0]!)
    const good = readFileSync(path)
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good)
      bad[at]! ^= 1
      writeFileSync(path, bad)
      assert.is(await records.get('kind', 'key'), undefined, `byte ${at}`)
      writeFileSync(path, good.subarray(0, at))
      assert.is(await records.get('kind', 'key'), undefined, `${at} bytes`)
    }
    await records.put('kind', 'other', { value: 2 })
    const [otherPath] = readdirSync(join(folder, 'records/kind'))
      .flatMap((name) =>
        readdirSync(join(folder, 'records/kind', name)).map((file) => join(folder, 'records/kind', name, file)),
      )
      .filter((name) => name !== path)
    writeFileSync(path, readFileSync(otherPath!))
    assert.is(await records.get('kind', 'key'), undefined)
  })
})

store('what a dead process left is swept, what a living one has stays', async () => {
  await withStore(async ({ folder, temporary }) => {
    const mine = await temporary()
    writeFileSync(join(mine.path, 'work'), '')
    const [name] = readdirSync(join(folder, 'tmp'))
    const [machine, pid, start] = name!.split('-')
    const dead = [`${machine}-${pid}-${Number(start) - 1}-1`, `${machine}-4194305-5-1`]
    const others = [`ffffffff-${pid}-${start}-1`]
    for (const folderName of [...dead, ...others])
      mkdirSync(join(folder, 'tmp', folderName, 'deep'), { recursive: true })
    await (await openStore(folder)).close()
    const left = readdirSync(join(folder, 'tmp'))
    assert.equal(
      [dead, others, [name]].map((names) => names.map((each) => left.includes(each!))),
      [[false, false], [true], [true]],
    )
    await mine.remove()
    assert.not.ok(existsSync(mine.path))
  })
})

store.needs(
  ['root', 'linux', 'mount'],
  'a dead process may have left a mount: what lies in it is nobody’s to remove',
  async () => {
    await withStore(async ({ folder }) => {
      const theirs = temporaryFolder()
      writeFileSync(join(theirs, 'precious'), '')
      const left = join(folder, 'tmp', `${'0'.repeat(8)}-1-1-1`.replace('00000000', 'deadbeef'))
      mkdirSync(join(left, 'mnt'), { recursive: true })
      const { utimesSync } = await import('node:fs')
      utimesSync(left, 1, 1)
      await must('mount', ['--bind', theirs, join(left, 'mnt')])
      try {
        await (await openStore(folder)).close()
        assert.ok(existsSync(join(theirs, 'precious')))
      } finally {
        await must('umount', [join(left, 'mnt')])
      }
      utimesSync(left, 1, 1)
      await (await openStore(folder)).close()
      assert.not.ok(existsSync(left))
    })
  },
)

store('A32 verify finds every blob that is damaged, and repairs by removing it', async () => {
  await withStore(async ({ folder, blobs, verify }) => {
    for (const seed of ['a', 'b', 'c']) await blobs.put(noise(seed, 5000))
    assert.equal(await verify(), [])
    for (const digest of blobs.list()) {
      const path = blobs.path(digest)
      const bytes = readFileSync(path)
      bytes[noise(digest, 2).readUInt16LE() % bytes.length]! ^= 1
      writeFileSync(path, bytes)
      assert.equal(
        (await verify()).map((damage) => damage.digest),
        [digest],
      )
      const reading = (async () => {
        for await (const _ of await blobs.get(digest)) _.length
      })()
      assert.is((await failure(reading)).code, 'STORE_DAMAGED')
      assert.is(await blobs.has(digest), false, 'reading removed it')
      await blobs.put(noise('x', 10))
    }
    assert.equal(await verify({ repair: true }), [])
    writeFileSync(blobs.path(blobs.list()[0]!), 'nonsense')
    assert.is((await verify({ repair: true })).length, 1)
    assert.equal([await verify(), blobs.list()], [[], []])
    assert.ok(existsSync(join(folder, 'oci-layout')))
  })
})

store.run()
