import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { SourcedIndex } from '../../sdk/engine/layer/tree.ts'
import { openStore } from '../../sdk/engine/open.ts'
import type { PackEntry } from '../../sdk/engine/ports.ts'
import type { Store } from '../../sdk/engine/store/store.ts'
import { indexAnnotations, manifestAnnotations } from '../../sdk/export/annotations.ts'
import { clampTimes } from '../../sdk/export/clamp.ts'
import { digestOf } from '../../sdk/oci/digest.ts'
import { testIo } from '../helpers/image.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const test = suite('export/clamp')

const withStore = async (body: (store: Store) => Promise<void>): Promise<void> => {
  const store = await openStore(join(temporaryFolder(), 'store'))
  await body(store).finally(() => store.close())
}

const entry = (path: string, more: Partial<PackEntry> = {}): PackEntry => {
  const base = { path, type: 'file' as const, mode: 0o644, uid: 1, gid: 2, mtime: 2000, size: 0 }
  return { ...base, ...more }
}

const rich = (): PackEntry[] => [
  entry('a', { type: 'opaque', mode: 0, uid: 0, gid: 0, mtime: 0 }),
  entry('a/b', { size: 3, content: () => [Buffer.from('abc')], mtime: 500 }),
  entry('a/c', { type: 'hardlink', link: 'a/b', mtime: 500 }),
  entry('d', { type: 'symlink', link: 'a/b', mode: 0o777 }),
  entry('gone', { type: 'whiteout', mode: 0, uid: 0, gid: 0, mtime: 0 }),
  entry('new', { xattrs: { 'user.x': Buffer.from('y') }, mode: 0o4755 }),
]

test('D11.8 clamps later times and keeps everything else, whiteouts and hard links too', async () => {
  await withStore(async (store) => {
    const layer = await store.layers.pack(rich(), testIo())
    const clamped = await clampTimes(layer, 1000, store, testIo())
    const index = (await clamped.index()) as SourcedIndex
    const times = [...index.entries.values()].map(({ path, mtime }) => [path, mtime])
    assert.equal(times, [
      ['a/b', 500],
      ['a/c', 500],
      ['d', 1000],
      ['new', 1000],
    ])
    assert.equal([...index.whiteouts], ['gone'])
    assert.equal([...index.opaque], ['a'])
    assert.is(index.entries.get('a/b')?.inode, index.entries.get('a/c')?.inode)
    assert.equal(Object.keys(index.entries.get('new')?.xattrs ?? {}), ['user.x'])
    assert.is(index.entries.get('new')?.mode, 0o4755)
    assert.not(index.entries.has('a'), 'no directory that was not there')
  })
})

test('the same again is found, not made; nothing late, nothing changes', async () => {
  await withStore(async (store) => {
    const layer = await store.layers.pack(rich(), testIo())
    const once = await clampTimes(layer, 1000, store, testIo())
    const layers = { ...store.layers, pack: () => Promise.reject(new Error('packed again')) }
    const again = await clampTimes(layer, 1000, { ...store, layers }, testIo())
    assert.is(again.id, once.id)
    const early = await store.layers.pack([entry('a', { mtime: 5 })], testIo())
    assert.is((await clampTimes(early, 1000, { ...store, layers }, testIo())).id, early.id)
  })
})

test("a base's layer is not even fetched", async () => {
  await withStore(async (store) => {
    const open = async (): Promise<Readable> => {
      throw new Error('opened')
    }
    const descriptor = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: digestOf('x'), size: 1 }
    const base = await store.layers.base({ diffId: digestOf('x'), descriptor, open })
    assert.is(await clampTimes(base, 1, store, testIo()), base)
  })
})

test('annotations go to the document that they name, and to the platform', () => {
  const annotations = [
    { on: 'manifest', key: 'a', value: '1' },
    { on: 'manifest', platform: 'linux/arm64', key: 'b', value: '2' },
    { on: 'manifest-descriptor', key: 'c', value: '3' },
    { on: 'index', key: 'd', value: '4' },
  ] as const
  assert.equal(manifestAnnotations(annotations, { os: 'linux', architecture: 'amd64' }), {
    manifest: { a: '1' },
    descriptor: { c: '3' },
  })
  assert.equal(manifestAnnotations(annotations, { os: 'linux', architecture: 'arm64' }).manifest, { a: '1', b: '2' })
  assert.equal(indexAnnotations(annotations), { d: '4' })
  assert.is(indexAnnotations([]), undefined)
})

test.run()
