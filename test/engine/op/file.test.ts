import { assert, suite } from '../../helpers/suite.ts'
import { copy, failure, layer, show } from './lab.ts'

const file = suite('engine/op/file')
const d = 'dir 755 0:0'

file('D6.1 a source stays inside its root, whatever it says', async () => {
  const from = { f: 'x' }
  for (const src of ['f', '/f', '../../f', '/f/'])
    assert.equal(await show([copy(src, '/o/')], { from }), { o: d, 'o/f': '644 0:0 x' }, src)
})

file('D6.2 D14.54 an empty source is the whole root', async () => {
  assert.equal(await show([copy('', '/d')], { from: { a: '1', 'b/c': '2' } }), {
    d,
    'd/a': '644 0:0 1',
    'd/b': d,
    'd/b/c': '644 0:0 2',
  })
})

file('D6.3 D14.86 wildcards match per component, leading dots too, and directories give their contents', async () => {
  const from = { '.env': 'e', 's/t': 't', 'a/b/c': 'c' }
  assert.equal(await show([copy('/*', '/o/')], { from }), {
    o: d,
    'o/.env': '644 0:0 e',
    'o/b': d,
    'o/b/c': '644 0:0 c',
    'o/t': '644 0:0 t',
  })
  assert.equal(await show([copy('/?/b/*', '/o/')], { from }), { o: d, 'o/c': '644 0:0 c' })
  assert.equal(await show([copy('/a/b/*', '/o/')], { from }), { o: d, 'o/c': '644 0:0 c' })
  assert.equal(await show([copy('/[^.]/?', '/o/')], { from }), { o: d, 'o/c': '644 0:0 c', 'o/t': '644 0:0 t' })
  assert.equal(await show([copy('/*/c', '/o/')], { from }), {}, 'a star does not cross a slash')
})

file('D6.3 a malformed pattern is an error', async () => {
  const error = await failure(() => layer([copy('/[a', '/o/')], { from: { a: '' } }))
  assert.is(error.code, 'PATTERN_INVALID')
})

file('D6.5 D14.85 a wildcard without a match makes nothing; a literal must exist', async () => {
  assert.equal(await show([copy('/zz*', '/e/')], { from: { a: '' } }), {})
  const error = await failure(() => layer([copy('/zz', '/e/')], { from: { a: '' } }))
  assert.is(error.code, 'COPY_SOURCE_MISSING')
  assert.is(error.message, 'COPY found nothing at "/zz"')
  assert.equal(error.detail, { path: '/zz' })
})

file('D6.6 D14.98 a backslash alone stays in the name, a class does not', async () => {
  const from = { 'a[b]': 'x' }
  assert.equal(await show([copy('/a[[]b]', '/')], { from }), { 'a[b]': '644 0:0 x' })
  const error = await failure(() => layer([copy('/a\\[b]', '/')], { from }))
  assert.is(error.code, 'COPY_SOURCE_MISSING')
})

file('D6.7 a source link is followed and keeps its name; links inside a directory stay links', async () => {
  const from = { 'real/f': 'x', 'real/l': '-> f', d: '-> real', g: '-> /real/f', out: '-> ../../../real/f' }
  assert.equal(await show([copy('/g', '/o/')], { from }), { o: d, 'o/g': '644 0:0 x' })
  assert.equal(await show([copy('/out', '/o/')], { from }), { o: d, 'o/out': '644 0:0 x' })
  assert.equal(await show([copy('/d', '/o/')], { from }), { o: d, 'o/f': '644 0:0 x', 'o/l': '-> f' })
  assert.equal(await show([copy('/d/*', '/o/')], { from }), { o: d, 'o/f': '644 0:0 x', 'o/l': '644 0:0 x' })
  assert.equal(await show([copy('/d*', '/o/')], { from }), { o: d, 'o/f': '644 0:0 x', 'o/l': '-> f' })
})

file('D6.8 of a directory its contents are copied; several merge', async () => {
  const from = { 'x/a': '1', 'x/s/p': '2', 'y/b': '3', 'y/s/q': '4' }
  for (const src of ['/x', '/x/', '/x/.']) {
    assert.equal(
      await show([copy(src, '/o')], { from }),
      { o: d, 'o/a': '644 0:0 1', 'o/s': d, 'o/s/p': '644 0:0 2' },
      src,
    )
  }
  assert.equal(await show([copy('/*', '/o')], { from }), {
    o: d,
    'o/a': '644 0:0 1',
    'o/b': '644 0:0 3',
    'o/s': d,
    'o/s/p': '644 0:0 2',
    'o/s/q': '644 0:0 4',
  })
})

file('D6.9 hard links stay within one source, and become files across sources', async () => {
  const from = { 'd/a': { text: 'x', inode: '1' }, 'd/b': { text: 'x', inode: '1' }, c: { text: 'x', inode: '1' } }
  assert.equal(await show([copy('/d', '/o/')], { from }), { o: d, 'o/a': '644 0:0 x', 'o/b': '= o/a' })
  assert.equal(await show([copy('/d', '/o/'), copy('/c', '/o/')], { from }), {
    o: d,
    'o/a': '644 0:0 x',
    'o/b': '= o/a',
    'o/c': '644 0:0 x',
  })
  assert.equal(await show([copy('/d', '/o/'), { rm: { path: '/o/a' } }], { from }), { o: d, 'o/b': '644 0:0 x' })
})

file('D6.9 devices and FIFOs are copied', async () => {
  const from = {
    null: { type: 'character-device', mode: 0o666, device: { major: 1, minor: 3 } },
    pipe: { type: 'fifo', mode: 0o600 },
  } as const
  assert.equal(await show([copy('/', '/o/')], { from }), {
    o: d,
    'o/null': 'character-device 666 0:0',
    'o/pipe': 'fifo 600 0:0',
  })
})

file('D6.21 a file lands in a directory, or at the path', async () => {
  const from = { f: 'x' }
  assert.equal(await show([copy('/f', '/o')], { from }), { o: '644 0:0 x' })
  assert.equal(await show([copy('/f', '/o/')], { from }), { o: d, 'o/f': '644 0:0 x' })
  assert.equal(await show([copy('/f', '/o/.')], { from }), { o: d, 'o/f': '644 0:0 x' })
  assert.equal(await show([copy('/f', '/o')], { from, base: { 'o/': '' } }), { o: d, 'o/f': '644 0:0 x' })
  assert.equal(await show([copy('/f', '/l')], { from, base: { 'o/': '', l: '-> /o' } }), { o: d, 'o/f': '644 0:0 x' })
})

file('D6.22 D14.83 D14.84 sources are written in turn', async () => {
  const from = { a: '1', b: '2', 'd/x': '3' }
  assert.equal(await show([copy('/a', '/x'), copy('/b', '/x')], { from }), { x: '644 0:0 2' })
  assert.equal(await show([copy('/d', '/x'), copy('/a', '/x')], { from }), {
    x: d,
    'x/a': '644 0:0 1',
    'x/x': '644 0:0 3',
  })
  assert.is((await failure(() => layer([copy('/a', '/x'), copy('/d', '/x')], { from }))).code, 'COPY_CONFLICT')
})

file('D6.23 D14.82 missing parents take a numeric mode and the owner, without special bits', async () => {
  const from = { f: 'x' }
  const owner = { user: { User: { byId: 5 } } }
  assert.equal(await show([copy('/f', '/a/b/c', { mode: 0o600, owner })], { from }), {
    a: 'dir 600 5:5',
    'a/b': 'dir 600 5:5',
    'a/b/c': '600 5:5 x',
  })
  assert.equal(await show([copy('/f', '/a/c', { mode: 0 })], { from }), { a: 'dir 0 0:0', 'a/c': '0 0:0 x' })
  assert.equal(await show([copy('/f', '/a/c', { mode: 0o4755 })], { from }), { a: 'dir 755 0:0', 'a/c': '4755 0:0 x' })
  assert.equal(await show([copy('/f', '/a/c', { mode: 0, modeStr: 'u=rw' })], { from }), {
    a: 'dir 755 0:0',
    'a/c': '644 0:0 x',
  })
})

file('D6.24 D14.89 links of the destination are followed, the last one too', async () => {
  const from = { f: 'new' }
  const base = {
    'real/': '',
    l: '-> /real',
    'real/file': 'old',
    lf: '-> real/file',
    dangling: '-> /real/made',
    up: '-> ../../../real',
  }
  assert.equal(await show([copy('/f', '/l/')], { from, base }), { real: d, 'real/f': '644 0:0 new' })
  assert.equal(await show([copy('/f', '/lf')], { from, base }), { real: d, 'real/file': '644 0:0 new' })
  assert.equal(await show([copy('/f', '/dangling')], { from, base }), { real: d, 'real/made': '644 0:0 new' })
  assert.equal(await show([copy('/f', '/up/x')], { from, base }), { real: d, 'real/x': '644 0:0 new' })
})

file('D6.25 inside a copied tree the destination is not followed', async () => {
  const from = { 't/f': 'new', 'u/s/x': '1' }
  assert.equal(await show([copy('/t', '/o/')], { from, base: { 'o/f': '-> /etc/passwd', 'etc/passwd': 'root' } }), {
    o: d,
    'o/f': '644 0:0 new',
  })
  const base = { 'o/s': '-> /etc', 'etc/': '' }
  // with patterns each file is looked at, without only what must be
  for (const more of [{}, { excludePatterns: ['z'] }, { includePatterns: ['s/x', 'f'] }]) {
    const overLink = await failure(() => layer([copy('/u', '/o/', more)], { from, base }))
    assert.is(overLink.code, 'COPY_CONFLICT')
    assert.is(overLink.message, 'the directory "/u/s" cannot be copied to "/o/s", which is a symlink')
    const overDirectory = await failure(() => layer([copy('/t', '/o/', more)], { from, base: { 'o/f/': '' } }))
    assert.is(overDirectory.code, 'COPY_CONFLICT')
    assert.is(overDirectory.message, 'the file "/t/f" cannot replace "/o/f", which is a directory')
  }
})

file('D6.26 D14.80 D14.81 the top directory: made 0755, or left as it is but for its time', async () => {
  const from = { 'd/': { mode: 0o700, uid: 7, gid: 7, mtime: 77 }, 'd/x': '1' }
  const made = await layer([copy('/d', '/n')], { from })
  assert.equal(
    made.map(({ path, mode, uid, mtime }) => [path, mode, uid, mtime]),
    [
      ['n', 0o755, 0, 77],
      ['n/x', 0o644, 0, 200],
    ],
  )
  const kept = await layer([copy('/d', '/ex')], { from, base: { 'ex/': { mode: 0o777, uid: 5, gid: 5, mtime: 3 } } })
  assert.equal(kept.map(({ path, mode, uid, gid, mtime }) => [path, mode, uid, gid, mtime])[0], ['ex', 0o777, 5, 5, 77])
  const empty = await layer([copy('/d', '/ex')], { from: { 'd/': { mtime: 77 } }, base: { 'ex/': { mtime: 3 } } })
  assert.equal(
    empty.map(({ path, mtime }) => [path, mtime]),
    [['ex', 77]],
  )
  assert.equal(await show([copy('/', '/o/')], { from }), { o: d, 'o/d': 'dir 700 7:7', 'o/d/x': '644 0:0 1' })
})

file('D6.27 subdirectories take the source metadata, what is there besides stays', async () => {
  const from = { 't/s/': { mode: 0o750, uid: 8, gid: 9 }, 't/s/x': '1' }
  const entries = await show([copy('/t', '/o/')], {
    from,
    base: { 'o/s/': { mode: 0o777, uid: 1, gid: 1 }, 'o/s/y': '2' },
  })
  assert.equal(entries, { o: d, 'o/s': 'dir 750 8:9', 'o/s/x': '644 0:0 1' })
  const xattrs = (name: string) => ({ [`user.${name}`]: Buffer.from(name) })
  const [, empty] = await layer([copy('/t', '/o/')], {
    from: { 't/s/': { mode: 0o750, mtime: 7, xattrs: xattrs('new') } },
    base: { 'o/s/': { mode: 0o777, mtime: 1, xattrs: xattrs('old') } },
  })
  assert.equal([empty!.path, empty!.mode, empty!.mtime], ['o/s', 0o750, 7])
  assert.equal(empty!.xattrs, { ...xattrs('old'), ...xattrs('new') })
})

file('D6.28 mode with special bits, owner, times and attributes are kept', async () => {
  const xattrs = { 'user.a': Buffer.from('b') }
  const [entry] = await layer([copy('/f', '/f')], {
    from: { f: { text: 'x', mode: 0o6755, uid: 3, gid: 4, mtime: 55, xattrs } },
  })
  assert.equal(entry, { path: 'f', type: 'file', mode: 0o6755, uid: 3, gid: 4, mtime: 55, size: 1, xattrs, text: 'x' })
})

file('directories of the base that lead to a change are given with their own metadata', async () => {
  const base = { 'tmp/': { mode: 0o1777, uid: 0, gid: 0, mtime: 9 } }
  const entries = await layer([copy('/f', '/tmp/f')], { from: { f: 'x' }, base })
  assert.equal(
    entries.map(({ path, mode, mtime }) => [path, mode, mtime]),
    [
      ['tmp', 0o1777, 9],
      ['tmp/f', 0o644, 200],
    ],
  )
})

file('D6.60 without a base no link of the image is followed', async () => {
  assert.equal(await show([copy('/f', '/l/')], { from: { f: 'x' } }), { l: d, 'l/f': '644 0:0 x' })
})

file('times: what is made gets the time of the build, or the epoch, or that of the action', async () => {
  const times = async (setup: object, timestamp = -1) =>
    (await layer([copy('/f', '/a/f', { timestamp })], { from: { f: 'x' }, ...setup })).map(({ mtime }) => mtime)
  assert.equal(await times({}), [1000, 200])
  assert.equal(await times({ sourceDateEpoch: 500 }), [500, 200])
  assert.equal(await times({ sourceDateEpoch: 150 }), [150, 150], 'nothing is newer than the epoch')
  assert.equal(await times({}, 42_000_000_000), [42, 42])
  const onto = { from: { 'd/f': 'x' }, base: { 'a/': { mtime: 3 } }, sourceDateEpoch: 50 }
  assert.equal(
    (await layer([copy('/d', '/a')], onto)).map(({ mtime }) => mtime),
    [50, 50],
  )
})

file('entries come sorted by byte value, parents first', async () => {
  const from = { 'a/z': '', 'a-b': '', a0: '', '\u{10000}': '', '\uffee': '', Z: '' }
  const paths = (await layer([copy('/', '/o/')], { from })).map(({ path }) => path)
  assert.equal(paths, ['o', 'o/Z', 'o/a', 'o/a/z', 'o/a-b', 'o/a0', 'o/\uffee', 'o/\u{10000}'])
})

file.run()
