import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Entry, Tree } from '../../sdk/engine/ports.ts'
import { combine } from '../../sdk/export/combine.ts'
import { writeDirectory, writeFlatTar } from '../../sdk/export/directory.ts'
import { testIo } from '../helpers/image.ts'
import { must } from '../helpers/program.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const test = suite('export/directory')

type Part = Partial<Omit<Entry, 'path'>> & { readonly content?: string | Uint8Array }

/** A tree from path → what is there; parents that are missing are directories. */
const treeOf = (parts: Readonly<Record<string, Part | string>>): Tree => {
  const entries = new Map<string, Entry>()
  const contents = new Map<string, Uint8Array>()
  const add = (path: string, part: Part) => {
    const { content = '', ...rest } = part
    const bytes = Buffer.from(content)
    contents.set(path, bytes)
    entries.set(path, { path, type: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 1e9, size: bytes.length, ...rest })
  }
  add('', { type: 'directory', mode: 0o755 })
  for (const [path, part] of Object.entries(parts)) {
    for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      const parent = path.slice(0, slash)
      if (!entries.has(parent)) add(parent, { type: 'directory', mode: 0o755 })
    }
    add(path, typeof part === 'string' ? { content: part } : part)
  }
  const parent = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))
  return {
    entry: (path) => entries.get(path),
    names: (path) =>
      [...entries.keys()]
        .filter((other) => other !== '' && parent(other) === path)
        .map((other) => other.slice(other.lastIndexOf('/') + 1))
        .sort(),
    read: (entry) => [contents.get(entry.path)!],
  }
}

const rich = () =>
  treeOf({
    'bin/sh': { mode: 0o4755, content: 'shell', inode: '1' },
    'bin/ash': { mode: 0o4755, content: 'shell', inode: '1' },
    'etc/shadow': { mode: 0o600, uid: 7, gid: 8, content: 'secret' },
    'lib/link': { type: 'symlink', link: '/etc/shadow', mode: 0o777 },
    'tmp/closed': { type: 'directory', mode: 0o555 },
    'tmp/closed/file': { content: 'x', mtime: 2e9 },
    tmp: { type: 'directory', mode: 0o1777, mtime: 5 },
    'tmp/cap': { content: 'y', xattrs: { 'user.note': Buffer.from('hello') } },
    'dev/null': { type: 'character-device', mode: 0o666, device: { major: 1, minor: 3 } },
    'dev/pipe': { type: 'fifo', mode: 0o622 },
    dev: { type: 'directory', mode: 0o755, mtime: 7 },
  })

const everything = (dir: string): string[] => readdirSync(dir, { recursive: true }).map(String).sort()
const failure = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error) => error)

test('a time before 1970 stays what it is', async () => {
  const dest = join(temporaryFolder(), 'out')
  const times = { mtime: -86_400 }
  const tree = treeOf({
    file: { ...times },
    link: { type: 'symlink', link: 'file', ...times },
    dir: { type: 'directory', ...times },
  })
  await writeDirectory(tree, dest, {}, testIo())
  for (const name of ['file', 'link', 'dir']) assert.is(lstatSync(join(dest, name)).mtimeMs, -86_400_000, name)
})

test('writes files with modes, times, links and hard links', async () => {
  const dest = join(temporaryFolder(), 'new', 'out')
  await writeDirectory(rich(), dest, {}, testIo())
  const sh = statSync(join(dest, 'bin/sh'))
  assert.is(sh.mode & 0o7777, 0o4755)
  assert.is(sh.ino, statSync(join(dest, 'bin/ash')).ino)
  assert.is(sh.mtimeMs, 1e12)
  assert.is(readlinkSync(join(dest, 'lib/link')), '/etc/shadow')
  assert.is(lstatSync(join(dest, 'tmp/closed')).mode & 0o7777, 0o555)
  assert.is(lstatSync(join(dest, 'tmp')).mode & 0o7777, 0o1777)
  assert.is(lstatSync(join(dest, 'tmp')).mtimeMs, 5000)
  assert.is(lstatSync(join(dest, 'dev')).mtimeMs, 7000)
  assert.ok(lstatSync(join(dest, 'dev/pipe')).isFIFO())
  assert.is(lstatSync(dest).mode & 0o7777, 0o755)
  assert.equal(readdirSync(join(dest, '..')), ['out'])
})

test.needs(['root', 'linux'], 'keeps owners, devices and extended attributes when run as root', async () => {
  const dest = join(temporaryFolder(), 'out')
  await writeDirectory(rich(), dest, {}, testIo())
  const { uid, gid } = statSync(join(dest, 'etc/shadow'))
  assert.equal([uid, gid], [7, 8])
  assert.is(lstatSync(join(dest, 'dev/null')).rdev, 0x103)
  const text = execFileSync('getfattr', ['-n', 'user.note', '--only-values', join(dest, 'tmp/cap')]).toString()
  assert.is(text, 'hello')
})

test('every file gets the epoch when there is one', async () => {
  const dest = join(temporaryFolder(), 'out')
  await writeDirectory(rich(), dest, { sourceDateEpoch: 1000 }, testIo())
  for (const path of ['bin/sh', 'lib/link', 'tmp', 'tmp/closed/file', 'dev/pipe']) {
    assert.is(lstatSync(join(dest, path)).mtimeMs, 1_000_000, path)
  }
})

test('refuses a directory that holds something, unless told what to do', async () => {
  const dest = temporaryFolder()
  writeFileSync(join(dest, 'precious'), 'mine')
  const error = await failure(writeDirectory(treeOf({ a: 'x' }), dest, {}, testIo()))
  assert.is(error.code, 'EXPORT_FAILED')
  assert.match(error.hint, 'mode=copy')
  assert.equal(everything(dest), ['precious'])
  await writeDirectory(treeOf({ a: 'x' }), dest, { mode: 'copy' }, testIo())
  assert.equal(everything(dest), ['a', 'precious'])
  await writeDirectory(treeOf({ b: 'x' }), dest, { mode: 'delete' }, testIo())
  assert.equal(everything(dest), ['b'])
  assert.is((await failure(writeDirectory(treeOf({}), join(dest, 'b'), {}, testIo()))).code, 'EXPORT_FAILED')
})

test('an empty directory is filled, and stays the same directory', async () => {
  const dest = temporaryFolder()
  const before = statSync(dest)
  await writeDirectory(treeOf({ 'a/b': 'x' }), dest, {}, testIo())
  assert.is(statSync(dest).ino, before.ino)
  assert.is(statSync(dest).mode, before.mode)
  assert.equal(everything(dest), ['a', 'a/b'])
})

test('copy merges directories and replaces what is of another kind', async () => {
  const dest = temporaryFolder()
  mkdirSync(join(dest, 'etc'))
  writeFileSync(join(dest, 'etc/mine'), '')
  mkdirSync(join(dest, 'was-directory/deep'), { recursive: true })
  writeFileSync(join(dest, 'was-file'), '')
  const tree = treeOf({
    'etc/theirs': '',
    etc: { type: 'directory', mode: 0o750 },
    'was-directory': 'now a file',
    'was-file/now': 'a directory',
  })
  await writeDirectory(tree, dest, { mode: 'copy' }, testIo())
  assert.equal(everything(dest), ['etc', 'etc/mine', 'etc/theirs', 'was-directory', 'was-file', 'was-file/now'])
  assert.is(statSync(join(dest, 'etc')).mode & 0o777, 0o750)
})

test('A2 a link in the destination is replaced, not followed', async () => {
  const folder = temporaryFolder()
  const [dest, outside] = [join(folder, 'dest'), join(folder, 'outside')]
  mkdirSync(dest)
  mkdirSync(outside)
  writeFileSync(join(outside, 'host'), 'untouched')
  symlinkSync(outside, join(dest, 'etc'))
  symlinkSync(join(outside, 'host'), join(dest, 'file'))
  const tree = treeOf({ 'etc/host': 'from the image', file: 'from the image' })
  await writeDirectory(tree, dest, { mode: 'copy' }, testIo())
  assert.is(readFileSync(join(outside, 'host'), 'utf8'), 'untouched')
  assert.equal(readdirSync(outside), ['host'])
  assert.is(readFileSync(join(dest, 'etc/host'), 'utf8'), 'from the image')
  assert.is(readFileSync(join(dest, 'file'), 'utf8'), 'from the image')
})

test('A2 A6 links in the image are made as they are and lead nobody outside', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'host'), 'untouched')
  chmodSync(join(folder, 'host'), 0o600)
  const tree = treeOf({
    'a-link': { type: 'symlink', link: join(folder, 'host'), mode: 0o777, uid: 5, inode: '1' },
    'b-hard': { type: 'symlink', link: join(folder, 'host'), mode: 0o777, uid: 5, inode: '1' },
  })
  await writeDirectory(tree, join(folder, 'dest'), {}, testIo())
  assert.ok(lstatSync(join(folder, 'dest/b-hard')).isSymbolicLink())
  assert.is(statSync(join(folder, 'host')).mode & 0o777, 0o600)
  assert.is(statSync(join(folder, 'host')).uid, process.getuid?.())
})

test.needs(['linux'], 'A8 swapping directories for links meanwhile leads no file outside', async () => {
  const folder = temporaryFolder()
  const outside = join(folder, 'outside')
  mkdirSync(outside)
  const dest = join(folder, 'work', 'dest')
  mkdirSync(join(folder, 'work'))
  const script = `
    const { readdirSync, renameSync, symlinkSync, unlinkSync } = require('node:fs')
    const [, work, outside] = process.argv
    console.log('on')
    for (;;) try {
      for (const name of readdirSync(work)) {
        const path = work + '/' + name + '/d'
        try { renameSync(path, path + '-aside'); symlinkSync(outside, path); unlinkSync(path); renameSync(path + '-aside', path) } catch {}
      }
    } catch {}`
  const attacker = spawn(process.execPath, ['-e', script, join(folder, 'work'), outside], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await new Promise((done) => attacker.stdout.once('data', done))
  try {
    const parts = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`d/${i}`, 'x']))
    for (let round = 0; round < 5; round++)
      await failure(writeDirectory(treeOf(parts), `${dest}${round}`, {}, testIo()))
    assert.equal(readdirSync(outside), [])
  } finally {
    attacker.kill('SIGKILL')
    await new Promise((done) => attacker.once('close', done))
  }
})

test('cancelled or failed, it leaves the destination as it was', async () => {
  const folder = temporaryFolder()
  const io = testIo()
  const tree = treeOf({ a: 'x', b: 'x' })
  const failing: Tree = {
    ...tree,
    *read(entry) {
      if (entry.path === 'b') throw new Error('broken')
      yield Buffer.from('x')
    },
  }
  const error = await failure(writeDirectory(failing, join(folder, 'out'), {}, io))
  assert.is(error.code, 'EXPORT_FAILED')
  assert.is(error.detail.path, join(folder, 'out'))
  assert.equal(readdirSync(folder), [])
  writeFileSync(join(folder, 'old'), '')
  await failure(writeDirectory(failing, folder, { mode: 'delete' }, testIo()))
  assert.equal(readdirSync(folder), ['old'])
  const cancelling: Tree = {
    ...treeOf(Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`f${i}`, 'x']))),
    *read() {
      io.cancel()
      yield Buffer.from('x')
    },
  }
  assert.is((await failure(writeDirectory(cancelling, join(folder, 'out'), {}, io))).code, 'BUILD_CANCELLED')
  assert.equal(readdirSync(folder), ['old'])
})

test.needs(['root', 'linux'], 'A32 a full disk is DISK_FULL and leaves nothing', async () => {
  const folder = temporaryFolder()
  await must('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', folder])
  try {
    const tree = treeOf({ 'a/b': Buffer.alloc(300_000).toString() })
    const error = await failure(writeDirectory(tree, join(folder, 'out'), {}, testIo()))
    assert.is(error.code, 'DISK_FULL')
    assert.equal(readdirSync(folder), [])
    const inside = await failure(writeDirectory(tree, folder, {}, testIo()))
    assert.is(inside.code, 'DISK_FULL')
    assert.equal(readdirSync(folder), [])
  } finally {
    await must('umount', [folder])
  }
})

test('A9 two thousand nested directories', async () => {
  const path = Array.from({ length: 1900 }, () => 'd').join('/')
  const dest = join(temporaryFolder(), 'out')
  // A tree of one line, without the quadratic search of treeOf.
  const entry = (at: string): Entry => ({ path: at, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 1 })
  const tree: Tree = { entry, names: (at) => (at.length < path.length ? ['d'] : []), read: () => [] }
  await writeDirectory(tree, dest, {}, testIo())
  assert.ok(existsSync(join(dest, path)))
  // Node's synchronous rm recurses, and would run out of stack when the process ends.
  await rm(dest, { recursive: true })
})

test.needs(
  ['root', 'linux'],
  'A12 as another user: files are the caller’s, devices are left out with a warning',
  async () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o777)
    const modules = ['sdk/export/directory.js'].map((path) => new URL(`../../${path}`, import.meta.url).href)
    const script = `
    process.setgid(65534); process.setuid(65534)
    const { writeDirectory } = await import(${JSON.stringify(modules[0])})
    const entry = (path, more) => ({ path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 1, ...more })
    const entries = [
      entry('', { type: 'directory', mode: 0o755 }),
      entry('closed', { type: 'directory', mode: 0o555 }), entry('closed/in', { type: 'directory', mode: 0o500 }),
      entry('null', { type: 'character-device', device: { major: 1, minor: 3 } }),
    ]
    const map = new Map(entries.map((entry) => [entry.path, entry]))
    const tree = { entry: (path) => map.get(path), names: (path) => ({ '': ['closed', 'null'], closed: ['in'] })[path] ?? [], read: () => [] }
    const io = { signal: new AbortController().signal, emit: (event) => event.type === 'warning' && console.log(event.message) }
    await writeDirectory(tree, ${JSON.stringify(join(folder, 'a'))}, {}, io)
    await writeDirectory(tree, ${JSON.stringify(join(folder, 'a'))}, { mode: 'copy' }, io)
    await writeDirectory(tree, ${JSON.stringify(join(folder, 'a'))}, { mode: 'delete' }, io)
  `
    const said = await must(process.execPath, ['--input-type=module', '-e', script])
    assert.match(said, '1 device files were left out')
    assert.equal(readdirSync(folder), ['a'])
    assert.equal(everything(join(folder, 'a')), ['closed', 'closed/in'])
    assert.is(statSync(join(folder, 'a/closed')).uid, 65534)
    assert.is(statSync(join(folder, 'a/closed')).mode & 0o777, 0o555)
  },
)

test('a flat tar holds every file once, sorted, and tar unpacks it', async () => {
  const path = join(temporaryFolder(), 'root.tar')
  await writeFlatTar(rich(), path, testIo())
  const names = (await must('tar', ['tf', path])).trim().split('\n')
  assert.equal(names.slice(0, 3), ['bin/', 'bin/ash', 'bin/sh'])
  const listed = await must('tar', ['tvf', path])
  assert.match(listed, /^hrwsr-xr-x 0\/0 .* bin\/sh link to bin\/ash$/m)
  assert.match(listed, /^crw-rw-rw- 0\/0 +1,3 .* dev\/null$/m)
  assert.match(listed, /^-rw------- 7\/8 .* etc\/shadow$/m)
  const again = `${path}.2`
  await writeFlatTar(rich(), again, testIo())
  assert.ok(readFileSync(path).equals(readFileSync(again)))
})

test('several platforms: a directory each, or one over the other', async () => {
  const parts = [
    { platform: { os: 'linux', architecture: 'amd64' }, tree: treeOf({ 'bin/a': 'amd', 'usr/x': 'x' }) },
    { platform: { os: 'linux', architecture: 'arm', variant: 'v7' }, tree: treeOf({ 'bin/b': 'arm' }) },
  ]
  const folder = temporaryFolder()
  await writeDirectory(combine(parts, true), join(folder, 'split'), {}, testIo())
  assert.is(readFileSync(join(folder, 'split/linux_amd64/bin/a'), 'utf8'), 'amd')
  assert.is(readFileSync(join(folder, 'split/linux_arm_v7/bin/b'), 'utf8'), 'arm')
  await writeDirectory(combine(parts, false), join(folder, 'one'), {}, testIo())
  assert.equal(everything(join(folder, 'one')), ['bin', 'bin/a', 'bin/b', 'usr', 'usr/x'])
  const clash = [...parts, { platform: { os: 'linux', architecture: '386' }, tree: treeOf({ 'bin/a': 'x' }) }]
  try {
    combine(clash, false)
    assert.unreachable()
  } catch (error) {
    assert.is((error as { code: string }).code, 'EXPORT_FAILED')
  }
})

test.run()
