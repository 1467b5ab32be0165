import { statSync } from 'node:fs'
import { openTree } from '../../../sdk/engine/layer/tree.ts'
import type { Layer, Tree } from '../../../sdk/engine/ports.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { baseOf, entries, raw, withStore } from './lab.ts'

const tree = suite('engine/layer/tree')

const text = (from: Tree, path: string) => Buffer.concat([...from.read(from.entry(path)!)]).toString()

/** All paths, parents first. */
const paths = (from: Tree, at = ''): string[] =>
  from.names(at).flatMap((name) => {
    const path = at === '' ? name : `${at}/${name}`
    return [path, ...paths(from, path)]
  })

const stacked = <T>(layers: Parameters<typeof entries>[0][], look: (tree: Tree, layers: Layer[]) => T | Promise<T>) =>
  withStore(async (store) => {
    const made: Layer[] = []
    for (const what of layers) made.push(await store.layers.pack(entries(what)))
    return look(await openTree(made), made)
  })

tree('upper layers come first, file by file', async () => {
  await stacked(
    [
      { 'd/': {}, 'd/a': 'one', 'd/b': 'one' },
      { 'd/': { mode: 0o700 }, 'd/b': 'two', 'd/c': 'two' },
    ],
    (all) => {
      assert.equal(paths(all), ['d', 'd/a', 'd/b', 'd/c'])
      assert.equal(
        ['a', 'b', 'c'].map((name) => text(all, `d/${name}`)),
        ['one', 'two', 'two'],
      )
      assert.is(all.entry('d')!.mode, 0o700)
    },
  )
})

tree('a file hides a directory and all that is in it, and the other way round', async () => {
  await stacked(
    [
      { 'x/': {}, 'x/deep/': {}, 'x/deep/file': '', y: 'file' },
      { x: 'file now', 'y/': {}, 'y/new': '' },
    ],
    (all) => {
      assert.equal(paths(all), ['x', 'y', 'y/new'])
      assert.is(text(all, 'x'), 'file now')
    },
  )
})

tree('whiteouts remove directories too, opaque ones only what is in them', async () => {
  const mark = { mode: 0 }
  const upper = { 'd/': {}, d: { type: 'opaque', ...mark }, 'd/new': '', 'e/': { type: 'whiteout', ...mark } } as const
  await stacked([{ 'd/': {}, 'd/old/': {}, 'd/old/x': '', 'e/': {}, 'e/x': '' }, upper], (all) => {
    assert.equal(paths(all), ['d', 'd/new'])
  })
})

tree('a directory that nobody describes keeps what a lower layer says of it', async () => {
  await withStore(async (store) => {
    const lower = await store.layers.pack(entries({ 'd/': { mode: 0o711, uid: 5 } }))
    const upper = await baseOf(raw({ name: 'd/file' }, { name: 'e/f/file' }), store)
    const all = await openTree([lower, upper])
    assert.equal([all.entry('d')!.mode, all.entry('d')!.uid], [0o711, 5])
    assert.equal([all.entry('e/f')!.type, all.entry('e')!.mode, all.entry('')!.type], ['directory', 0o755, 'directory'])
  })
})

tree('names are sorted by byte value', async () => {
  const names = ['B', 'a', 'é', '\uffee', '😀', 'Z']
  await stacked([Object.fromEntries(names.map((name) => [name, '']))], (all) => {
    assert.equal(all.names(''), ['B', 'Z', 'a', 'é', '\uffee', '😀'])
    assert.equal(all.names('B'), [])
    assert.equal(all.names('absent'), [])
  })
})

tree('one file with several names is known as one', async () => {
  const lower = { a: 'content', b: { type: 'hardlink', link: 'a' }, c: 'content' } as const
  await stacked([lower, lower], (all, [layer]) => {
    assert.is(all.entry('a')!.inode, all.entry('b')!.inode)
    assert.ok(all.entry('a')!.inode)
    assert.is(all.entry('c')!.inode, undefined)
    assert.is(text(all, 'b'), 'content')
    assert.ok(layer)
  })
})

tree('files of several names in different layers are different files', async () => {
  const lower = { a: 'one', b: { type: 'hardlink', link: 'a' } } as const
  const upper = { c: 'two', d: { type: 'hardlink', link: 'c' } } as const
  await stacked([lower, upper], (all) => {
    assert.is(all.entry('c')!.inode, all.entry('d')!.inode)
    assert.is.not(all.entry('a')!.inode, all.entry('c')!.inode)
  })
})

tree('growing a tree by a layer leaves the one before as it was', async () => {
  await stacked(
    [
      { 'd/': {}, 'd/a': '1' },
      { 'd/': {}, 'd/b': '2' },
      { 'd/': {}, 'd/a': { type: 'whiteout', mode: 0 } },
    ],
    async (all, layers) => {
      const [one, two] = [await openTree(layers.slice(0, 1)), await openTree(layers.slice(0, 2))]
      const again = await openTree(layers)
      assert.equal(
        [one, two, again, all].map((each) => paths(each)),
        [
          ['d', 'd/a'],
          ['d', 'd/a', 'd/b'],
          ['d', 'd/b'],
          ['d', 'd/b'],
        ],
      )
      assert.is(again, all)
    },
  )
})

tree('contents stay as they were read, in any order and for any size', async () => {
  const what = Object.fromEntries(
    [...Array(60).keys()].map((at) => [`f${String(at).padStart(2, '0')}`, `${at}`.repeat(at * at * 9)]),
  )
  await stacked([what], (all) => {
    const order = Object.keys(what).flatMap((name, at) => (at % 7 === 0 ? [name, 'f59', 'f01'] : [name]))
    const kept = order.map((name) => ({ name, pieces: [...all.read(all.entry(name)!)] }))
    for (const { name, pieces } of kept) assert.is(Buffer.concat(pieces).toString(), what[name], name)
  })
})

tree('no layers are an empty root', async () => {
  const empty = await openTree([])
  assert.equal([empty.entry('')!.type, empty.names(''), empty.entry('x')], ['directory', [], undefined])
})

tree('an index that is lost or damaged is made again from the tar', async () => {
  await withStore(async (store) => {
    const { openStore } = await import('../../../sdk/engine/open.ts')
    const { readFileSync, rmSync, writeFileSync } = await import('node:fs')
    const layer = await store.layers.pack(entries({ a: 'x', b: { type: 'hardlink', link: 'a' } }))
    const path = `${store.folder}/layers/${layer.id.replace(':', '-')}/index`
    const good = readFileSync(path)
    for (const damage of [
      () => rmSync(path),
      () => writeFileSync(path, 'imgsdk-index 0 x\n{}'),
      () => flip(path, good),
    ]) {
      damage()
      const again = (await (await openStore(store.folder)).layers.get(layer.id))!
      assert.equal([...(await again.index()).entries.keys()], ['a', 'b'])
      assert.ok(statSync(path).size > 0 && readFileSync(path).equals(good))
    }
    function flip(file: string, bytes: Buffer) {
      const copy = Buffer.from(bytes)
      copy[copy.length - 5]! ^= 1
      writeFileSync(file, copy)
    }
  })
})

tree.run()
