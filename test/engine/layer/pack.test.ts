import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PackEntry } from '../../../sdk/engine/ports.ts'
import { must } from '../../helpers/program.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { entries, failure, packed, withStore } from './lab.ts'

const pack = suite('engine/layer/pack')

/** What GNU tar sees: mode, owner, size, seconds, name. */
const listed = async (tar: Buffer) => {
  const path = join(temporaryFolder(), 'layer.tar')
  writeFileSync(path, tar)
  const args = ['--numeric-owner', '--full-time', '--utc', '--quoting-style=literal', '-tvf', path]
  return (await must('tar', args, { env: { LC_ALL: 'C', TZ: 'UTC' } })).trim().split('\n')
}

const everything = entries({
  'etc/': { mode: 0o755 },
  'etc/fifo': { type: 'fifo', mode: 0o600 },
  'etc/link': { type: 'symlink', link: '/absolute/../target', mode: 0o777 },
  'etc/null': { type: 'character-device', device: { major: 1, minor: 3 }, mode: 0o666 },
  'etc/passwd': { content: 'root:x:0:0\n', mode: 0o4755, uid: 7, gid: 8 },
  'etc/passwd-': { type: 'hardlink', link: 'etc/passwd' },
})

pack.needs(['tar'], 'GNU tar reads what was packed', async () => {
  assert.equal(await listed((await packed(everything)).tar), [
    'drwxr-xr-x 0/0               0 2001-09-09 01:46:40 etc/',
    'prw------- 0/0               0 2001-09-09 01:46:40 etc/fifo',
    'lrwxrwxrwx 0/0               0 2001-09-09 01:46:40 etc/link -> /absolute/../target',
    'crw-rw-rw- 0/0             1,3 2001-09-09 01:46:40 etc/null',
    '-rwsr-xr-x 7/8              11 2001-09-09 01:46:40 etc/passwd',
    'hrw-r--r-- 0/0               0 2001-09-09 01:46:40 etc/passwd- link to etc/passwd',
  ])
})

pack.needs(['tar'], 'what ustar cannot say goes into a PAX header, and only that', async () => {
  const long = `${'directory/'.repeat(30)}file`
  const odd: PackEntry[] = entries({
    [long]: 'long',
    grüße: 'umlaut',
    'big-owner': { content: '', uid: 2_000_000_000, gid: 300_000 },
    later: { content: '', mtime: 2 ** 33 },
    before: { content: '', mtime: -86_400 },
    'to-long': { type: 'symlink', link: `/${long}`, mode: 0o777 },
    [`${'p'.repeat(90)}/${'n'.repeat(100)}`]: 'fits a prefix',
  })
  const { tar } = await packed(odd)
  assert.equal(await listed(tar), [
    `-rw-r--r-- 0/0               4 2001-09-09 01:46:40 ${long}`,
    '-rw-r--r-- 0/0               6 2001-09-09 01:46:40 grüße',
    '-rw-r--r-- 2000000000/300000 0 2001-09-09 01:46:40 big-owner',
    '-rw-r--r-- 0/0               0 2242-03-16 12:56:32 later',
    '-rw-r--r-- 0/0               0 1969-12-31 00:00:00 before',
    `lrwxrwxrwx 0/0               0 2001-09-09 01:46:40 to-long -> /${long}`,
    `-rw-r--r-- 0/0              13 2001-09-09 01:46:40 ${'p'.repeat(90)}/${'n'.repeat(100)}`,
  ])
  const plain = await packed(entries({ [`${'p'.repeat(90)}/${'n'.repeat(100)}`]: '' }))
  assert.is(plain.size, 512 + 1024)
})

pack('the same entries make the same bytes, whatever the pieces that the contents come in', async () => {
  const content = Buffer.alloc(3_000_000, 'abc')
  const whole = entries({ big: { content }, small: 's' })
  const pieces = whole.map((entry) => ({
    ...entry,
    content: function* () {
      const [bytes] = [...entry.content!()]
      for (let at = 0; at < bytes!.length; at += 70_001) yield bytes!.subarray(at, at + 70_001)
    },
  }))
  const [one, two] = [await packed(whole), await packed(pieces)]
  assert.is(one.diffId, two.diffId)
  assert.ok(one.tar.equals(two.tar))
})

pack('D8 the bytes of a small layer are these', async () => {
  const { diffId, size } = await packed(everything)
  assert.equal([diffId, size], ['sha256:7fc86e32c540178f3bab912d708b5920860488e7f317cf984a89638e8dcb8552', 4608])
})

pack('the index says where each content is, and its digest', async () => {
  const { tar, index } = await packed(entries({ 'a/': {}, 'a/one': 'first', 'a/two': 'second', 'a/empty': '' }))
  const at = (path: string) => {
    const { offset, size } = index.entries.get(path)!
    return tar.toString('utf8', offset, offset! + size)
  }
  assert.equal([at('a/one'), at('a/two'), at('a/empty')], ['first', 'second', ''])
  const { digestOf } = await import('../../../sdk/oci/digest.ts')
  assert.is(index.entries.get('a/two')!.digest, digestOf('second'))
  assert.is(index.entries.get('a/empty')!.digest, digestOf(''))
})

pack('whiteouts and opaque marks are written as the image spec has them', async () => {
  const mark = { mode: 0, mtime: 0 }
  const { tar, index } = await packed(
    entries({ 'd/': {}, 'd/gone': { type: 'whiteout', ...mark }, 'e/': {}, e: { type: 'opaque', ...mark } }),
  )
  assert.ok(tar.includes('d/.wh.gone') && tar.includes('e/.wh..wh..opq'))
  assert.equal([[...index.whiteouts], [...index.opaque]], [['d/gone'], ['e']])
})

pack('a file that is longer or shorter than its size is refused, and leaves nothing', async () => {
  for (const size of [3, 5]) {
    await withStore(async (store) => {
      const changed = entries({ file: 'four' }).map((entry) => ({ ...entry, size }))
      const error = await failure(store.layers.pack(changed))
      assert.is(error.code, 'LAYER_INVALID')
      assert.match(error.message, /"file" changed while it was read: expected \d bytes/)
      assert.equal(store.blobs.list(), [])
    })
  }
})

pack('names that would mean something else are refused', async () => {
  const refused: [Record<string, object>, string][] = [
    [{ 'a/.wh.b': {} }, 'LAYER_INVALID'],
    [{ '../out': {} }, 'PATH_ESCAPES'],
    [{ 'a/../../out': {} }, 'PATH_ESCAPES'],
    [{ 'nul\0': {} }, 'LAYER_INVALID'],
    [{ link: { type: 'symlink', link: '' } }, 'LAYER_INVALID'],
    [{ link: { type: 'hardlink', link: 'absent' } }, 'LAYER_INVALID'],
  ]
  for (const [what, code] of refused) assert.is((await failure(packed(entries(what)))).code, code, Object.keys(what)[0])
})

pack('bytes that are no UTF-8 survive in names, links and attributes', async () => {
  const name = 'caf\udce9' // the byte E9, alone
  const value = Uint8Array.of(1, 0, 0, 2, 0xff, 0xfe, 0x0a, 0x3d)
  const what = entries({ [name]: { content: 'x', xattrs: { 'security.capability': value } } })
  const { tar } = await packed([...what, ...entries({ l: { type: 'symlink', link: name } })])
  assert.ok(tar.includes(Buffer.from([0x63, 0x61, 0x66, 0xe9])))
  await withStore(async (store) => {
    const { baseOf } = await import('./lab.ts')
    const { entries: read } = await (await baseOf(tar, store)).index()
    assert.equal([...read.get(name)!.xattrs!['security.capability']!], [...value])
    assert.is(read.get('l')!.link, name)
  })
})

pack('an interrupted packing stops and leaves nothing', async () => {
  await withStore(async (store) => {
    const controller = new AbortController()
    function* endless() {
      for (let at = 0; ; at++) {
        if (at === 50) controller.abort()
        yield* entries({ [`file-${String(at).padStart(9, '0')}`]: 'x'.repeat(200_000) })
      }
    }
    const io = { signal: controller.signal, emit: () => {} }
    assert.is((await failure(store.layers.pack(endless(), io))).code, 'BUILD_CANCELLED')
    assert.equal(store.blobs.list(), [])
  })
})

pack.run()
