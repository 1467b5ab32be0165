import { utimesSync, writeFileSync } from 'node:fs'
import { sinkDrain } from '../../../sdk/engine/layer/drain.ts'
import { packTar } from '../../../sdk/engine/layer/pack.ts'
import { prepareFile } from '../../../sdk/engine/op/file.ts'
import type { FileAction } from '../../../sdk/plan/op.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { copy, memory, prepare, type Setup, type Spec, withFolder } from './lab.ts'

const keys = suite('engine/op/keys')

const quick = async (from: Spec | string, more: Setup = {}, action: FileAction['Action'] = copy('/', '/o/')) =>
  (await prepare([action], { from, ...more })).quickKey

keys('A31 whatever the layer would hold changes the key', async () => {
  const spec = { 'd/a': { text: 'x', mode: 0o644 }, l: '-> d' }
  const key = await quick(spec)
  assert.is(await quick(spec), key)
  const others: Spec[] = [
    { ...spec, 'd/a': { text: 'y' } },
    { ...spec, 'd/a': { text: 'x', mode: 0o600 } },
    { ...spec, 'd/a': { text: 'x', uid: 1 } },
    { ...spec, 'd/a': { text: 'x', gid: 1 } },
    { ...spec, 'd/a': { text: 'x', xattrs: { 'user.a': Buffer.from('1') } } },
    { ...spec, 'd/': { mode: 0o700 } },
    { 'd/b': { text: 'x' }, l: '-> d' },
    { ...spec, l: '-> e' },
    { ...spec, 'e/': '' },
    { ...spec, 'd/a': { type: 'fifo' } },
  ]
  const all = await Promise.all(others.map((other) => quick(other)))
  assert.is(new Set([key, ...all]).size, others.length + 1)
})

keys('A31 what a copy does to the files counts, walked or not', async () => {
  await withFolder({ 'd/a': 'x' }, async (folder) => {
    await new Promise((resolve) => setTimeout(resolve, 40))
    for (const from of [folder, { 'd/a': 'x' }]) {
      const changes = [
        {},
        { mode: 0o644 },
        { mode: 0o600 },
        { modeStr: 'u=r', mode: 0 },
        { modeStr: 'go=', mode: 0 },
        { owner: { user: { User: { byId: 5 } } } },
        { timestamp: 1e9 },
      ]
      const all = await Promise.all(changes.map((more) => quick(from, {}, copy('/', '/o/', more))))
      assert.is(new Set(all).size, changes.length)
      assert.is(await quick(from), all[0])
    }
  })
})

keys('A31 parts do not run into each other', async () => {
  const pairs: [Spec, Spec][] = [
    [{ ab: '-> c' }, { a: '-> bc' }],
    [
      { 'a/b': '', c: '' },
      { a: '', 'b/c': '' },
    ],
    [
      { a: { xattrs: { 'user.a': Buffer.from([0xab]) } } },
      { a: { xattrs: { 'user.a': Buffer.from([0xa]), 'user.b': Buffer.from([0xb]) } } },
    ],
  ]
  for (const [one, other] of pairs) assert.is.not(await quick(one), await quick(other))
})

keys('A31 hard links and equal files are not the same', async () => {
  const linked = { a: { text: 'x', inode: '1' }, b: { text: 'x', inode: '1' } }
  assert.is.not(await quick(linked), await quick({ a: 'x', b: 'x' }))
  assert.is.not(await quick({ ...linked, c: 'x' }), await quick({ ...linked, c: { text: 'x', inode: '1' } }))
})

keys('D6.90 times and the name of the source directory are no part of it', async () => {
  assert.is(await quick({ a: { text: 'x', mtime: 5 } }), await quick({ a: { text: 'x', mtime: 6 } }))
  assert.is(
    await quick({ 'one/a': 'x' }, {}, copy('/one', '/o')),
    await quick({ 'two/a': 'x' }, {}, copy('/two', '/o')),
  )
})

keys('with a fixed epoch the times are part of it', async () => {
  const at = (mtime: number, sourceDateEpoch: number) => quick({ a: { text: 'x', mtime } }, { sourceDateEpoch })
  assert.is.not(await at(5, 100), await at(6, 100))
  assert.is.not(await at(5, 100), await at(5, 101))
  assert.is.not(
    await quick({ a: 'x' }, {}, copy('/a', '/a', { timestamp: 1e9 })),
    await quick({ a: 'x' }, {}, copy('/a', '/a', { timestamp: 2e9 })),
  )
})

keys('the base counts only as far as it decides what the layer holds', async () => {
  const from = { a: 'x' }
  assert.is(await quick(from, { base: { other: '1' } }), await quick(from, { base: { other: '2' } }))
  assert.is.not(
    await quick(from, { base: { 'o/': { mode: 0o700 } } }),
    await quick(from, { base: { 'o/': { mode: 0o755 } } }),
  )
  assert.is.not(await quick(from, { base: { o: '-> p', 'p/': '' } }), await quick(from, { base: {} }))
})

keys('a file of the context that changes, changes the key; one that is excluded does not', async () => {
  await withFolder({ a: 'x', b: 'y', 'd/c': 'z' }, async (folder) => {
    const past = new Date(Date.now() - 10_000)
    const settle = () => new Promise((resolve) => setTimeout(resolve, 40))
    await settle()
    const action = copy('/', '/o/', { excludePatterns: ['b'] })
    const [whole, part] = [await quick(folder), await quick(folder, {}, action)]
    assert.is(await quick(folder), whole)
    writeFileSync(`${folder}/b`, 'Y')
    await settle()
    assert.is.not(await quick(folder), whole)
    assert.is(await quick(folder, {}, action), part)
    utimesSync(`${folder}/a`, past, past)
    await settle()
    assert.is.not(await quick(folder, {}, action), part)
  })
})

keys('a file that was changed just now gives a key that is never found again', async () => {
  await withFolder({ a: 'x' }, async (folder) => {
    writeFileSync(`${folder}/a`, 'y')
    assert.is.not(await quick(folder), await quick(folder))
  })
})

keys('the content key is the same for a snapshot and for a context with the same files, once packed', async () => {
  await withFolder({ 'd/a': 'x', 'd/b': 'yy' }, async (folder) => {
    const local = await prepare([copy('/', '/o/')], { from: folder })
    assert.is(local.contentKey(), undefined)
    const { index } = await packTar(
      local.entries(),
      sinkDrain(() => {}),
    )
    const snapshot = await prepare([copy('/', '/o/')], { from: { 'd/a': 'x', 'd/b': 'yy' } })
    assert.is(local.contentKey(index), snapshot.contentKey())
    const other = await prepare([copy('/', '/o/')], { from: { 'd/a': 'x', 'd/b': 'yz' } })
    assert.is.not(other.contentKey(), snapshot.contentKey())
  })
})

keys('without digests and without a name for the tree no key is ever found again', async () => {
  const tree = memory({ a: { text: 'x', digest: undefined as never } })
  const prepared = () =>
    prepareFile({ actions: [{ input: -1, secondaryInput: 0, output: 0, Action: copy('/', '/o/') }] }, [{ tree }], {
      now: 1,
    })
  assert.is.not((await prepared()).quickKey, (await prepared()).quickKey)
})

keys.run()
