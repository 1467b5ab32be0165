import fc from 'fast-check'
import { assert, suite } from '../../helpers/suite.ts'
import { copy, failure, layer, type Spec, show } from './lab.ts'

const patterns = suite('engine/op/copy: patterns')
const d = 'dir 755 0:0'

patterns('D6.50 D6.52 excludes are anchored, `**` reaches down, `!` brings back', async () => {
  const from = { 'a.txt': '1', 'b.md': '2', 's/c.txt': '3', 's/d.md': '4', 'k/x': '5', 'k/keep': '6' }
  const paths = async (...excludePatterns: string[]) =>
    Object.keys(await show([copy('/', '/o/', { excludePatterns })], { from }))
  assert.equal(await paths('*.txt'), ['o', 'o/b.md', 'o/k', 'o/k/keep', 'o/k/x', 'o/s', 'o/s/c.txt', 'o/s/d.md'])
  assert.equal(await paths('**/*.txt', 'k'), ['o', 'o/b.md', 'o/s', 'o/s/d.md'])
  assert.equal(await paths('k', '!k/keep', '*.*', 's'), ['o', 'o/k', 'o/k/keep'])
})

patterns('D6.51 D14.87 the source itself is never excluded', async () => {
  const from = { 'README.md': '1', 'a.txt': '2' }
  assert.equal(await show([copy('/README.md', '/', { excludePatterns: ['*.md'] })], { from }), {
    'README.md': '644 0:0 1',
  })
  assert.equal(Object.keys(await show([copy('/*', '/d/', { excludePatterns: ['*.txt'] })], { from })), [
    'd',
    'd/README.md',
    'd/a.txt',
  ])
})

patterns('D6.53 a directory of which nothing is left is made all the same', async () => {
  assert.equal(await show([copy('/s', '/o/', { excludePatterns: ['**'] })], { from: { 's/a': '1' } }), { o: d })
  const from = { 's/a': '1', 's/e/': { mode: 0o700, uid: 3 }, 's/g/a': '2' }
  assert.equal(
    await show([copy('/s', '/o/', { excludePatterns: ['**/a'] })], { from }),
    { o: d, 'o/e': 'dir 700 3:0', 'o/g': d },
    'directories below that are empty, or become so',
  )
})

patterns('D6.55 D14.88 --parents keeps the path behind the pivot', async () => {
  const from = { 'src/a/b.c': '1', 'src/a/o.c': '2', 'src/z': '3' }
  const whole = copy('/', '/o/', { includePatterns: ['src/a/b.c'], requiredPaths: ['/src/a/b.c'] })
  assert.equal(await show([whole], { from }), { o: d, 'o/src': d, 'o/src/a': d, 'o/src/a/b.c': '644 0:0 1' })
  const pivot = copy('/src', '/o/', { includePatterns: ['a/b.c'], requiredPaths: ['/src/a/b.c'] })
  assert.equal(await show([pivot], { from }), { o: d, 'o/a': d, 'o/a/b.c': '644 0:0 1' })
})

patterns('D6.56 wildcards before the pivot, patterns behind it; a matched directory comes whole', async () => {
  const from = { 'p1/s/x/f': '1', 'p2/s/y/f': '2', 'p2/t/f': '3', 'p3/l': '-> ../p2/t' }
  assert.equal(Object.keys(await show([copy('/p*', '/o/', { includePatterns: ['s'] })], { from })), [
    'o',
    'o/s',
    'o/s/x',
    'o/s/x/f',
    'o/s/y',
    'o/s/y/f',
  ])
  assert.equal(
    Object.keys(await show([copy('/', '/o/', { includePatterns: ['**/f'] })], { from })).filter((path) =>
      path.endsWith('f'),
    ),
    ['o/p1/s/x/f', 'o/p2/s/y/f', 'o/p2/t/f'],
  )
})

patterns('D6.57 without wildcards the path must be there; with them nothing need match', async () => {
  const from = { 'a/b': '1' }
  const error = await failure(() =>
    layer([copy('/', '/o/', { includePatterns: ['a/c'], requiredPaths: ['/a/c'] })], { from }),
  )
  assert.is(error.code, 'COPY_SOURCE_MISSING')
  assert.equal(error.detail, { path: '/a/c' })
  assert.equal(await show([copy('/', '/o/', { includePatterns: ['z*'] })], { from }), { o: d })
  const hidden = copy('/', '/o/', { includePatterns: ['a/b'], excludePatterns: ['a'], requiredPaths: ['/a/b'] })
  assert.is((await failure(() => layer([hidden], { from }))).code, 'COPY_SOURCE_MISSING')
  const itself = copy('/', '/o/', { includePatterns: ['a/b'], excludePatterns: ['a/b'], requiredPaths: ['/a/b'] })
  assert.is((await failure(() => layer([itself], { from }))).code, 'COPY_SOURCE_MISSING')
})

patterns('D6.58 recreated parents are like the source when made, and only take its mode when there', async () => {
  const from = { 'a/': { mode: 0o750, uid: 3, gid: 4 }, 'a/b/': { mode: 0o700, uid: 5, gid: 6 }, 'a/b/f': 'x' }
  const action = copy('/', '/o/', { includePatterns: ['a/b/f'] })
  assert.equal(await show([action], { from }), {
    o: d,
    'o/a': 'dir 750 3:4',
    'o/a/b': 'dir 700 5:6',
    'o/a/b/f': '644 0:0 x',
  })
  const base = { 'o/a/': { mode: 0o777, uid: 1, gid: 1 } }
  assert.is((await show([action], { from, base }))['o/a'], 'dir 750 1:1')
  // what a pattern takes itself is no parent
  assert.is((await show([copy('/', '/o/', { includePatterns: ['a'] })], { from, base }))['o/a'], 'dir 750 3:4')
  assert.is((await failure(() => layer([action], { from, base: { 'o/a': '' } }))).code, 'COPY_CONFLICT')
})

patterns('a copy may take from the result of an earlier action', async () => {
  const actions = [
    {
      input: -1,
      secondaryInput: -1,
      output: -1,
      Action: { mkfile: { path: '/f', mode: 0o600, data: 'aGk=', timestamp: -1 } },
    },
    { input: 0, secondaryInput: 2, output: 0, Action: copy('/f', '/d/') },
  ]
  const { collect, memory } = await import('./lab.ts')
  const { prepareFile } = await import('../../../sdk/engine/op/file.ts')
  const prepared = await prepareFile({ actions }, [{ tree: memory({ x: '' }), key: 'a' }, undefined], { now: 1 })
  assert.is(prepared.base, 0)
  assert.equal(
    (await collect(prepared)).map(({ path, mode, text }) => [path, mode, text]),
    [
      ['d', 0o755, undefined],
      ['d/f', 0o600, 'hi'],
    ],
  )
})

patterns('two actions may start from the same result', async () => {
  const mkfile = (path: string) => ({ mkfile: { path, mode: 0o644, data: '', timestamp: -1 } })
  const actions = [
    { input: -1, secondaryInput: -1, output: -1, Action: mkfile('/a') },
    { input: 0, secondaryInput: -1, output: -1, Action: mkfile('/b') },
    { input: 0, secondaryInput: -1, output: 0, Action: mkfile('/c') },
  ]
  const { collect } = await import('./lab.ts')
  const { prepareFile } = await import('../../../sdk/engine/op/file.ts')
  const prepared = await prepareFile({ actions }, [], { now: 1 })
  assert.equal(
    (await collect(prepared)).map(({ path }) => path),
    ['a', 'c'],
  )
  for (const input of [2, 9, 1.5]) {
    const bad = { actions: [{ ...actions[0]!, input, output: 0 }] }
    assert.is((await failure(() => prepareFile(bad, [], { now: 1 }))).code, 'GRAPH_INVALID', String(input))
  }
})

patterns('without dirCopyContents a directory comes itself, and the root of a source as the destination', async () => {
  const from = { 'd/': { mode: 0o711, uid: 2, gid: 2 }, 'd/f': 'x' }
  const whole = { dirCopyContents: false, allowWildcard: false }
  assert.equal(await show([copy('/d', '/n', whole)], { from }), { n: 'dir 711 2:2', 'n/f': '644 0:0 x' })
  assert.equal(await show([copy('/d', '/o/', whole)], { from }), { o: d, 'o/d': 'dir 711 2:2', 'o/d/f': '644 0:0 x' })
  assert.equal(await show([copy('/', '/o', whole)], { from, base: { 'o/': '' } }), {
    o: d,
    'o/d': 'dir 711 2:2',
    'o/d/f': '644 0:0 x',
  })
})

patterns('the options that no Dockerfile sets', async () => {
  const from = { 'a*': 'star', ab: 'other', l: '-> a*', 't/s': 'file' }
  assert.equal(await show([copy('/a*', '/o/', { allowWildcard: false })], { from }), { o: d, 'o/a*': '644 0:0 star' })
  assert.equal(await show([copy('/l', '/o/', { followSymlink: false })], { from }), { o: d, 'o/l': '-> a*' })
  assert.is(
    (await failure(() => layer([copy('/z*', '/o/', { allowEmptyWildcard: false })], { from }))).code,
    'COPY_SOURCE_MISSING',
  )
  assert.is(
    (await failure(() => layer([copy('/l', '/no/x', { createDestPath: false })], { from }))).code,
    'PATH_MISSING',
  )
  const base = { 'o/s/deep': 'old' }
  const replaced = await show([copy('/t', '/o', { alwaysReplaceExistingDestPaths: true })], { from, base })
  assert.equal(replaced, { o: d, 'o/s': '644 0:0 file' })
})

patterns('a tree copied without looking is the same as one copied file by file', async () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd')
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'))
  const mode = fc.constantFrom(0o644, 0o600, 0o4711)
  const file = fc.record({ text: fc.constantFrom('', 'x', 'yy'), mode, uid: fc.nat(2) })
  const tree = fc.uniqueArray(fc.tuple(path, file), { selector: ([at]) => at, maxLength: 8 }).map(toSpec)
  await fc.assert(
    fc.asyncProperty(tree, tree, fc.constantFrom('/', '/a', '/new', '/a/b'), async (from, base, dest) => {
      const outcome = (more: object) =>
        show([copy('/', dest, more), copy('/*', '/a', more), copy('/', dest, more)], { from, base }).catch(
          (error) => error.code,
        )
      assert.equal(await outcome({}), await outcome({ excludePatterns: ['nothing/has/this/name'] }))
    }),
    { numRuns: 300 },
  )
})

/** Only what can be a tree: no file is in a file. */
function toSpec(files: readonly (readonly [string, { text: string; mode: number; uid: number }])[]): Spec {
  const paths = files.map(([path]) => path)
  return Object.fromEntries(files.filter(([path]) => !paths.some((other) => path.startsWith(`${other}/`))))
}

patterns.run()
