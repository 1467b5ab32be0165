import { writeFileSync } from 'node:fs'
import type { CopyAction, FileAction } from '../../../sdk/plan/op.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { gzip, type Member, scan, tar } from './archive.ts'
import { copy, failure, layer, prepare, type Setup, show, withFolder } from './lab.ts'

const unpack = suite('engine/op/unpack')
const d = 'dir 755 0:0'

const add = (src: string, dest: string, more: Partial<CopyAction> = {}): FileAction['Action'] =>
  copy(src, dest, { attemptUnpackDockerCompatibility: true, ...more })

/** What ADD of an archive to `dest` makes. */
function added(
  members: readonly Member[],
  dest = '/x',
  setup: Setup = {},
  more: Partial<CopyAction> = {},
): Promise<Record<string, string>> {
  return withFolder({}, (folder) => {
    writeFileSync(`${folder}/a.tar`, tar(...members))
    return show([add('/a.tar', dest, more)], { from: folder, scan, ...setup })
  })
}

unpack('D6.70 D14.93 an archive is known by its content, and unpacked into a directory', async () => {
  await withFolder({}, async (folder) => {
    writeFileSync(`${folder}/a.tgz`, gzip(tar({ name: 'f', text: 'x' })))
    writeFileSync(`${folder}/plain.bin`, tar({ name: 'g', text: 'y' }))
    const setup = { from: folder, scan }
    assert.equal(await show([add('/a.tgz', '/x')], setup), { x: d, 'x/f': '644 0:0 x' })
    assert.equal(await show([add('/*', '/x/')], setup), { x: d, 'x/f': '644 0:0 x', 'x/g': '644 0:0 y' })
    assert.equal(Object.keys(await show([copy('/a.tgz', '/x')], setup)), ['x'], 'D14.93 --unpack=false')
    assert.equal(
      Object.keys(await show([add('/', '/x')], setup)),
      ['x', 'x/a.tgz', 'x/plain.bin'],
      'D6.71 not inside directories',
    )
  })
})

unpack('D6.70 D14.94 what is no archive is copied', async () => {
  await withFolder({ text: 'just text', empty: '' }, async (folder) => {
    writeFileSync(`${folder}/notes.gz`, gzip(Buffer.from('notes')))
    writeFileSync(`${folder}/none.tar`, tar())
    writeFileSync(`${folder}/broken.gz`, gzip(tar({ name: 'f' })).subarray(0, 11))
    const names = Object.keys(await show([add('/*', '/x/')], { from: folder, scan }))
    assert.equal(names, ['x', 'x/broken.gz', 'x/empty', 'x/none.tar', 'x/notes.gz', 'x/text'])
  })
})

unpack('D6.72 the destination must not be a file', async () => {
  assert.is((await failure(() => added([{ name: 'f' }], '/x', { base: { x: 'file' } }))).code, 'COPY_CONFLICT')
})

unpack('D6.73 metadata comes from the archive; --chown wins, --chmod and --exclude do nothing', async () => {
  const members: Member[] = [
    { name: 'd/', type: 'directory', mode: 0o2750, uid: 3, gid: 4, mtime: 5 },
    { name: 'd/f', text: 'x', mode: 0o4711, uid: 6, gid: 7 },
    { name: 'implied/g', text: 'y' },
  ]
  assert.equal(await added(members), {
    x: d,
    'x/d': 'dir 2750 3:4',
    'x/d/f': '4711 6:7 x',
    'x/implied': d,
    'x/implied/g': '644 0:0 y',
  })
  const owner = { user: { User: { byId: 9 } } }
  const more = { owner, mode: 0o600, excludePatterns: ['d'] }
  assert.equal(await added(members, '/x', {}, more), {
    x: 'dir 755 9:9',
    'x/d': 'dir 2750 9:9',
    'x/d/f': '4711 9:9 x',
    'x/implied': d,
    'x/implied/g': '644 9:9 y',
  })
})

unpack('D6.73 D14.95 directories merge; any other clash removes what is there', async () => {
  const base = { bin: '-> usr/bin', 'usr/bin/sh': 's', 'd/old': 'o', 'd/sub/deep': '1', f: 'file' }
  const members: Member[] = [
    { name: 'bin/', type: 'directory' },
    { name: 'bin/x', text: 'x' },
    { name: 'd/', type: 'directory', mode: 0o700 },
    { name: 'd/sub', text: 'now a file' },
    { name: 'f', type: 'symlink', link: 'd' },
  ]
  assert.equal(await added(members, '/', { base }), {
    bin: d,
    'bin/x': '644 0:0 x',
    d: 'dir 700 0:0',
    'd/sub': '644 0:0 now a file',
    f: '-> d',
  })
  // a directory that is there takes all that the archive says of it, though nothing comes into it
  await withFolder({}, async (folder) => {
    writeFileSync(`${folder}/a.tar`, tar({ name: 'd/', type: 'directory', mode: 0o700, uid: 3, gid: 4, mtime: 5 }))
    const xattrs = { 'user.a': Buffer.from('b') }
    const there = { 'd/': { mtime: 1, xattrs }, 'd/old': 'o' }
    const [entry] = await layer([add('/a.tar', '/')], { from: folder, scan, base: there })
    assert.equal(entry, { path: 'd', type: 'directory', mode: 0o700, uid: 3, gid: 4, size: 0, mtime: 5, xattrs })
  })
})

unpack(
  'D6.73 a directory that a later member replaces gives it its time, and one that is gone is refused',
  async () => {
    const directory = (name: string): Member => ({ name, type: 'directory', mtime: 1000 })
    await withFolder({}, async (folder) => {
      const linked: Member[] = [
        directory('s/'),
        { ...directory('t/'), mtime: 5000 },
        { name: './s', type: 'symlink', link: 't' },
      ]
      writeFileSync(`${folder}/a.tar`, tar(directory('l/'), { name: './l', text: 'x', mtime: 2000 }, ...linked))
      const entries = await layer([add('/a.tar', '/x')], { from: folder, scan })
      assert.is(entries.find(({ path }) => path === 'x/l')!.mtime, 1000)
      assert.is(entries.find(({ path }) => path === 'x/t')!.mtime, 5000)
    })
    const gone = failure(() => added([directory('l/'), directory('l/b/'), { name: './l', text: 'x' }]))
    assert.match((await gone).message, 'the directory "l/b", and later something in its place')
  },
)

unpack('D6.73 directories that no member names are made 0755, and setgid goes on to them', async () => {
  const members: Member[] = [
    { name: 'd/', type: 'directory', mode: 0o2750 },
    { name: 'd/e/f/x', text: 'x' },
    { name: 'g/x', text: 'x' },
  ]
  assert.equal(await added(members), {
    x: d,
    'x/d': 'dir 2750 0:0',
    'x/d/e': 'dir 2755 0:0',
    'x/d/e/f': 'dir 2755 0:0',
    'x/d/e/f/x': '644 0:0 x',
    'x/g': d,
    'x/g/x': '644 0:0 x',
  })
})

unpack('D6.73 without an entry of its own a linked directory is written through', async () => {
  assert.equal(await added([{ name: 'bin/x', text: 'x' }], '/', { base: { bin: '-> /usr/bin', 'usr/bin/': '' } }), {
    usr: d,
    'usr/bin': d,
    'usr/bin/x': '644 0:0 x',
  })
})

unpack('D6.73 names of whiteouts are ordinary, global headers are nothing', async () => {
  const entries = await added([{ name: '.wh.f' }, { name: 'f', text: 'x' }])
  assert.equal(Object.keys(entries), ['x', 'x/.wh.f', 'x/f'])
})

unpack('hard links join their file, one of the base too', async () => {
  const members: Member[] = [
    { name: 'b', text: 'x' },
    { name: 'a', type: 'link', link: 'b' },
    { name: 'b', type: 'link', link: 'b' },
  ]
  assert.equal(await added(members), { x: d, 'x/a': '644 0:0 x', 'x/b': '= x/a' })
  assert.equal(await added([{ name: 'l', type: 'link', link: 'old', mode: 0o600 }], '/', { base: { old: 'text' } }), {
    l: '600 0:0 text',
    old: '= l',
  })
  for (const link of ['no', 'dir']) {
    const error = await failure(() =>
      added([
        { name: 'dir/', type: 'directory' },
        { name: 'l', type: 'link', link },
      ]),
    )
    assert.is(error.code, 'LAYER_INVALID', link)
  }
})

unpack('A1 A3 nothing climbs out of the archive', async () => {
  const bad: Member[] = [
    { name: '../x' },
    { name: 'a/../../x' },
    { name: '..' },
    { name: '..', type: 'symlink', link: '/' },
    { name: 'l', type: 'link', link: '../../etc/passwd' },
  ]
  for (const member of bad)
    assert.is((await failure(() => added([member]))).code, 'PATH_ESCAPES', JSON.stringify(member))
  assert.equal(await added([{ name: '/abs/./f', text: 'x' }]), { x: d, 'x/abs': d, 'x/abs/f': '644 0:0 x' })
})

unpack('A2 a link to anywhere ends inside the destination', async () => {
  const base = { 'opt/': '', 'etc/shadow': 's' }
  const through = (link: string) =>
    added(
      [
        { name: 'l', type: 'symlink', link },
        { name: 'in/', type: 'directory' },
        { name: 'l/f', text: 'x' },
      ],
      '/opt',
      { base },
    )
  assert.equal(await through('/in'), { opt: d, 'opt/in': d, 'opt/in/f': '644 0:0 x', 'opt/l': '-> /in' })
  assert.equal(await through('../../../in'), {
    opt: d,
    'opt/in': d,
    'opt/in/f': '644 0:0 x',
    'opt/l': '-> ../../../in',
  })
  assert.equal((await through('/'))['opt/f'], '644 0:0 x')
  assert.is((await failure(() => through('/etc'))).code, 'PATH_MISSING')
  assert.is((await failure(() => through('l'))).code, 'LINK_LOOP')
})

unpack('A4 a sibling with the same beginning is not inside', async () => {
  assert.is((await failure(() => added([{ name: '../ab/f' }], '/a'))).code, 'PATH_ESCAPES')
})

unpack('A5 no member takes the place of the root', async () => {
  for (const name of ['.', '/', './', 'a/..']) {
    assert.is((await failure(() => added([{ name, type: 'symlink', link: '/etc' }]))).code, 'PATH_ESCAPES', name)
  }
  assert.equal(await added([{ name: './', type: 'directory', mode: 0o700 }]), { x: d })
})

unpack('A6 a hard link to a symbolic link changes neither the mode of the link nor of what it leads to', async () => {
  const members: Member[] = [
    { name: 's', type: 'symlink', link: '/etc/passwd' },
    { name: 'h', type: 'link', link: 's', mode: 0o777, uid: 5 },
  ]
  assert.equal(await added(members, '/', { base: { 'etc/passwd': 'root' } }), { h: '-> /etc/passwd 5:0', s: '= h' })
})

unpack('A9 bombs end in a quota error', async () => {
  const limits = { entries: 10, bytes: 1000 }
  const many = Array.from({ length: 11 }, (_, index) => ({ name: `f${index}` }))
  assert.is((await failure(() => added(many, '/x', { limits }))).code, 'QUOTA')
  assert.is((await failure(() => added([{ name: 'f', text: 'x'.repeat(1001) }], '/x', { limits }))).code, 'QUOTA')
  const lie = await failure(() => added([{ name: 'f', size: 2 ** 32, text: 'x' }], '/x', { limits }))
  assert.is(lie.code, 'QUOTA')
})

unpack('a damaged archive is an error that says which', async () => {
  const error = await failure(() =>
    withFolder({}, (folder) => {
      writeFileSync(`${folder}/a.tar`, tar({ name: 'f', text: 'x'.repeat(5000) }).subarray(0, 2048))
      return layer([add('/a.tar', '/x/')], { from: folder, scan })
    }),
  )
  assert.is(error.code, 'LAYER_INVALID')
  assert.match(error.message, '"a.tar" cannot be unpacked')
})

unpack('the key is known before anything is unpacked, and follows archive, base and owner', async () => {
  await withFolder({}, async (folder) => {
    const key = async (base: Setup['base'] & object, more: Partial<CopyAction> = {}) => {
      const prepared = await prepare([add('/a.tar', '/x', more)], { from: folder, scan, base })
      return prepared.quickKey
    }
    writeFileSync(`${folder}/a.tar`, tar({ name: 'f', text: 'x' }))
    await new Promise((resolve) => setTimeout(resolve, 40))
    const first = await key({})
    assert.is(await key({}), first)
    assert.is.not(await key({}, { owner: { user: { User: { byId: 9 } } } }), first)
    writeFileSync(`${folder}/a.tar`, tar({ name: 'f', text: 'y' }))
    await new Promise((resolve) => setTimeout(resolve, 40))
    assert.is.not(await key({}), first)
  })
})

unpack.run()
