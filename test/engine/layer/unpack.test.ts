import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { native, programs } from '../../../sdk/engine/layer/native.ts'
import { must } from '../../helpers/program.ts'
import { debianRootfs } from '../../helpers/rootfs.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { baseOf, entries, failure, packed, raw, withStore } from './lab.ts'

const unpack = suite('engine/layer/unpack')

unpack.needs(['root', 'linux'], 'a directory has what the layer says: types, modes, owners, times, links', async () => {
  await withStore(async (store) => {
    const layer = await store.layers.pack(
      entries({
        'd/': { mode: 0o2751, uid: 5, gid: 6, mtime: 1_111 },
        'd/dev': { type: 'character-device', device: { major: 259, minor: 70_000 }, mode: 0o640, uid: 1 },
        'd/fifo': { type: 'fifo', mode: 0o622, gid: 9 },
        'd/file': { content: 'hello', mode: 0o4711, uid: 7, gid: 8, mtime: 2_222 },
        'd/link': { type: 'symlink', link: '../nowhere', uid: 3, gid: 4, mode: 0o777, mtime: 3_333 },
        'd/twin': { type: 'hardlink', link: 'd/file' },
        'caf\udce9': 'a name in latin-1',
      }),
    )
    const folder = await layer.directory()
    const at = (name: string) => lstatSync(join(folder, name))
    const meta = (name: string) => [at(name).mode & 0o7777, at(name).uid, at(name).gid, at(name).mtimeMs / 1000]
    assert.equal(meta('d'), [0o2751, 5, 6, 1_111])
    assert.equal(meta('d/file'), [0o4711, 7, 8, 2_222])
    assert.equal([at('d/link').uid, at('d/link').gid, at('d/link').mtimeMs], [3, 4, 3_333_000])
    assert.is(readlinkSync(join(folder, 'd/link')), '../nowhere')
    assert.is(at('d/twin').ino, at('d/file').ino)
    assert.ok(at('d/fifo').isFIFO() && (at('d/fifo').mode & 0o7777) === 0o622)
    assert.is((await must('stat', ['-c', '%t %T %a %u', join(folder, 'd/dev')])).trim(), '103 11170 640 1')
    assert.ok(readdirSync(folder, { encoding: 'buffer' }).some((name) => name.equals(Buffer.from('caf\xe9', 'latin1'))))
  })
})

/** The merged view that the kernel makes of two layers. */
const mounted = (
  lower: ReturnType<typeof entries>,
  upper: ReturnType<typeof entries>,
  look: (path: string) => Promise<void>,
) =>
  withStore(async (store) => {
    const folders = await Promise.all([upper, lower].map(async (what) => (await store.layers.pack(what)).directory()))
    const target = temporaryFolder()
    await must('mount', ['-t', 'overlay', 'overlay', '-o', `lowerdir=${folders.join(':')}`, target])
    await look(target).finally(() => must('umount', [target]))
  })

unpack.needs(
  ['root', 'linux', 'mount'],
  'overlayfs reads whiteouts and opaque directories as they were meant',
  async () => {
    const lower = entries({
      'a/': {},
      'a/gone': 'x',
      'a/kept': 'x',
      'b/': {},
      'b/old': 'x',
      'c/': {},
      'c/old': 'x',
      top: 'x',
    })
    const marks = { mode: 0, mtime: 0 }
    const upper = entries({
      'a/': {},
      'a/gone': { type: 'whiteout', ...marks },
      'b/': {},
      b: { type: 'opaque', ...marks },
      'b/new': 'y',
      'c/': {},
      c: { type: 'whiteout', ...marks },
      'c/new': 'y',
      top: { type: 'whiteout', ...marks },
    })
    await mounted(lower, upper, async (path) => {
      assert.equal(readdirSync(path).sort(), ['a', 'b', 'c'])
      assert.equal([readdirSync(join(path, 'a')), readdirSync(join(path, 'b'))], [['kept'], ['new']])
      assert.equal(readdirSync(join(path, 'c')), ['new'])
    })
  },
)

const capability = Uint8Array.of(1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

unpack.needs(
  ['root', 'linux', 'getfattr'],
  'extended attributes are set, after the owner that would clear them',
  async () => {
    await withStore(async (store) => {
      const layer = await store.layers.pack(
        entries({
          'bin/': { xattrs: { 'user.of directory': Buffer.from('yes') } },
          'bin/ping': {
            content: 'x',
            uid: 3,
            xattrs: { 'security.capability': capability, 'user.a': Buffer.from('\0é\n') },
          },
        }),
      )
      const folder = await layer.directory()
      const read = await must('getfattr', ['-d', '-m', '-', '-e', 'hex', '--absolute-names', join(folder, 'bin/ping')])
      assert.match(read, /security.capability=0x0100000200200000/)
      assert.match(read, /user.a=0x00c3a90a/)
      const found = await (await native()).readXattrs(folder, ['bin', 'bin/ping'])
      assert.is(Buffer.from(found.get('bin')!['user.of directory']!).toString(), 'yes')
    })
  },
)

unpack.needs(['root', 'linux', 'getfattr', 'setfattr', 'mknod'], 'the programs do what libc does', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, "d 'ü\n\\"))
  const path = join(folder, "d 'ü\n\\", 'dev')
  await programs.makeNodes([{ path, type: 'block-device', major: 8, minor: 300, mode: 0o604 }])
  assert.is((await must('stat', ['-c', '%F %t %T %a', path])).trim(), 'block special file 8 12c 604')
  const xattrs = { 'trusted.overlay.opaque': Buffer.from('y'), 'user.odd =\\name': Buffer.from([0, 255, 10]) }
  await programs.writeXattrs([{ path: join(folder, "d 'ü\n\\"), xattrs }])
  for (const calls of [await native(), programs]) {
    const found = (await calls.readXattrs(folder, ["d 'ü\n\\"])).get("d 'ü\n\\")!
    assert.equal(Object.keys(found).sort(), ['trusted.overlay.opaque', 'user.odd =\\name'])
    assert.equal([...found['user.odd =\\name']!], [0, 255, 10])
  }
})

unpack('a directory is unpacked once, whoever asks', async () => {
  await withStore(async (store) => {
    const layer = await store.layers.pack(entries({ 'a/': {}, 'a/b': 'x' }))
    const again = (await store.layers.get(layer.id))!
    const [one, two, three] = await Promise.all([layer.directory(), again.directory(), layer.directory()])
    assert.equal([two, three], [one, one])
    assert.equal(
      readdirSync(join(store.folder, 'tmp')).flatMap((name) => readdirSync(join(store.folder, 'tmp', name))),
      [],
    )
  })
})

unpack.needs(
  ['root', 'linux', 'unshare', 'getfattr'],
  'without root everything belongs to the caller, and whiteouts still work',
  async () => {
    const folder = temporaryFolder()
    const code = `
    const { readLayer } = await import(${JSON.stringify(new URL('../../../sdk/engine/layer/read-layer.js', import.meta.url).href)})
    const { unpack } = await import(${JSON.stringify(new URL('../../../sdk/engine/layer/unpack.js', import.meta.url).href)})
    const { readEntry } = await import(${JSON.stringify(new URL('../../../sdk/engine/layer/content.js', import.meta.url).href)})
    const { readFileSync, mkdirSync } = await import('node:fs')
    mkdirSync('out')
    const read = (entry) => readEntry(entry, { tar: 'layer.tar' })
    await unpack(await readLayer([readFileSync('layer.tar')], undefined), read, 'out')`
    const { tar } = await packed(
      entries({
        'd/': { uid: 5, mode: 0o755 },
        d: { type: 'opaque' },
        'd/gone': { type: 'whiteout' },
        'd/null': { type: 'character-device', device: { major: 1, minor: 3 }, mode: 0o666 },
        'd/own': { content: 'x', uid: 77, mode: 0o600 },
      }),
    )
    writeFileSync(join(folder, 'layer.tar'), tar)
    // a user of its own namespace: no capabilities, and no id 0
    await must('unshare', ['--user', process.execPath, '--input-type=module', '-e', code], { cwd: folder })
    assert.is(lstatSync(join(folder, 'out/d/own')).uid, process.getuid!())
    assert.ok(lstatSync(join(folder, 'out/d/null')).isFile())
    assert.ok(lstatSync(join(folder, 'out/d/gone')).isCharacterDevice())
    assert.match(await must('getfattr', ['-d', '-m', '-', join(folder, 'out/d')]), /user.overlay.opaque="y"/)
  },
)

unpack('a layer whose tar was damaged is found out when it is unpacked or read', async () => {
  await withStore(async (store) => {
    const layer = await baseOf(raw({ name: 'a', text: 'hello' }), store)
    const { path } = await layer.tar()
    await layer.index()
    truncateSync(path, 512)
    assert.is((await failure(layer.directory())).code, 'STORE_DAMAGED')
  })
})

unpack.needs(
  ['root', 'linux', 'mmdebstrap', 'diff', 'tar'],
  'a Debian root unpacks as GNU tar unpacks it',
  async () => {
    const path = await debianRootfs()
    const theirs = temporaryFolder()
    await must('tar', ['--numeric-owner', '--xattrs', '--xattrs-include=*', '-xpf', path, '-C', theirs])
    await withStore(async (store) => {
      const ours = await (await baseOf(readFileSync(path), store, 'none')).directory()
      const listing = (folder: string) =>
        must('sh', [
          '-c',
          'cd "$1" && find . -mindepth 1 -printf "%P %y %m %U %G %T@ %l %n\\n" | sed "s/\\.0000000000 / /" | LC_ALL=C sort',
          'sh',
          folder,
        ])
      assert.is(await listing(ours), await listing(theirs))
      const bytes = await must('diff', ['-r', '--no-dereference', ours, theirs]).catch((error) => error.message)
      assert.not.match(bytes, /differ$/m)
    })
  },
)

unpack.run()
