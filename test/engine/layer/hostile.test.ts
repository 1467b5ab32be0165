import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import { IndexBuilder } from '../../../sdk/engine/layer/builder.ts'
import { readLayer } from '../../../sdk/engine/layer/read-layer.ts'
import { openTree } from '../../../sdk/engine/layer/tree.ts'
import { unpack } from '../../../sdk/engine/layer/unpack.ts'
import type { Store } from '../../../sdk/engine/store/store.ts'
import { digestOf } from '../../../sdk/oci/digest.ts'
import { layerOf } from '../../helpers/image.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { baseOf, failure, type Raw, raw, sign, withStore } from './lab.ts'

const hostile = suite('engine/layer/hostile')

/** The tree and the directory that the members become, or the code and message of the error. */
const outcome = (...members: Raw[]) =>
  withStore(async (store) => {
    const layer = await baseOf(raw(...members), store)
    try {
      const directory = await layer.directory()
      const tree = await openTree([layer])
      return {
        tree,
        names: (path: string) => readdirSync(join(directory, path)).sort(),
        at: (path: string) => join(directory, path),
      }
    } catch (error) {
      const { code, message } = error as Error & { code: string }
      assert.equal(leftovers(store), [], 'nothing of the layer is kept')
      return { code, message }
    }
  })

/** What a failed layer left in the store: tars, directories, work in progress. */
const leftovers = (store: Store) => [
  ...readdirSync(join(store.folder, 'layers')),
  ...readdirSync(join(store.folder, 'tmp')).flatMap((name) => readdirSync(join(store.folder, 'tmp', name))),
]

const code = async (...members: Raw[]) => {
  const result = await outcome(...members)
  return 'code' in result ? result.code : `no error, but ${JSON.stringify([...result.names('')])}`
}

const done = async (...members: Raw[]) => {
  const result = await outcome(...members)
  if ('code' in result) throw new Error(`${result.code}: ${result.message}`)
  return result
}

hostile('A1 a name that leads out of the root is refused, one that starts with a slash stays inside', async () => {
  for (const name of ['../x', 'a/../../x', './../x', '/../x', '..', 'a/b/../../../x']) {
    assert.is(await code({ name, text: 'x' }), 'PATH_ESCAPES', name)
  }
  const { names } = await done(
    { name: '/abs', text: 'x' },
    { name: './dot//slashes', text: 'y' },
    { name: 'a/../b', text: 'z' },
  )
  assert.equal([names(''), names('dot')], [['abs', 'b', 'dot'], ['slashes']])
})

hostile('A2 a file through a symlink to / lands inside the root', async () => {
  const outside = join(temporaryFolder(), 'outside')
  mkdirSync(outside)
  const link = { name: 'link', type: 'symlink', link: '/' }
  const { names, at } = await done(
    link,
    { name: `link${outside}/file`, text: 'x' },
    { name: 'link/etc/passwd', text: 'mine' },
  )
  assert.equal(readdirSync(outside), [])
  assert.equal(names(outside), ['file'])
  assert.is(readFileSync(at('etc/passwd'), 'utf8'), 'mine')
  const up = await done({ name: 'up', type: 'symlink', link: '../../../..' }, { name: 'up/x', text: 'x' })
  assert.equal(up.names(''), ['up', 'x'])
})

hostile('A2 a symlink of one layer is no way out for the next', async () => {
  await withStore(async (store) => {
    const lower = await baseOf(raw({ name: 'link', type: 'symlink', link: '/' }), store)
    const upper = await baseOf(raw({ name: 'link/file', text: 'x' }), store)
    const tree = await openTree([lower, upper])
    assert.is(tree.entry('link')?.type, 'directory')
    assert.equal(tree.names('link'), ['file'])
    assert.equal(readdirSync(await upper.directory()), ['link'])
  })
})

hostile('A2 links that lead in circles are refused', async () => {
  const circle = [
    { name: 'a', type: 'symlink', link: 'b' },
    { name: 'b', type: 'symlink', link: 'a' },
  ]
  assert.is(await code(...circle, { name: 'a/x', text: 'x' }), 'PATH_ESCAPES')
  const chain = [...Array(42).keys()].map((at) => ({ name: `l${at}`, type: 'symlink', link: `l${at + 1}` }))
  assert.is(await code(...chain, { name: 'l0/x', text: 'x' }), 'PATH_ESCAPES')
})

hostile('A3 a hard link reaches only what the layer has', async () => {
  const secret = join(temporaryFolder(), 'secret')
  writeFileSync(secret, 'secret')
  assert.is(await code({ name: 'x', type: 'link', link: secret }), 'LAYER_INVALID')
  assert.is(await code({ name: 'x', type: 'link', link: '../../../../etc/passwd' }), 'PATH_ESCAPES')
  assert.is(
    await code({ name: 'l', type: 'symlink', link: '/' }, { name: 'x', type: 'link', link: `l${secret}` }),
    'LAYER_INVALID',
  )
  assert.is(await code({ name: 'd', type: 'directory' }, { name: 'x', type: 'link', link: 'd' }), 'LAYER_INVALID')
  assert.is(await code({ name: 'package.json', type: 'link', link: 'package.json' }), 'LAYER_INVALID')
})

hostile('A4 a root is no prefix of its sibling', async () => {
  await withStore(async (store) => {
    const layer = await baseOf(raw({ name: 'x', text: 'x' }), store)
    const directory = await layer.directory()
    mkdirSync(`${directory}b`)
    const sibling = await baseOf(raw({ name: 'ab/../../fsb/x', text: 'x' }), store)
    assert.is((await failure(sibling.directory())).code, 'PATH_ESCAPES')
    assert.equal(readdirSync(`${directory}b`), [])
  })
})

hostile('A5 the root stays a directory', async () => {
  for (const name of ['.', '/', './', '']) {
    assert.is(await code({ name, type: 'symlink', link: '/etc' }), 'LAYER_INVALID', JSON.stringify(name))
  }
})

hostile('A6 a hard link to a symlink is a symlink: nothing that it points at changes', async () => {
  const victim = join(temporaryFolder(), 'victim')
  writeFileSync(victim, 'untouched', { mode: 0o600 })
  const { at } = await done(
    { name: 'a', type: 'symlink', link: victim, uid: 5 },
    { name: 'b', type: 'link', link: 'a', mode: 0o777, uid: 99 },
  )
  assert.equal([lstatSync(victim).mode & 0o777, lstatSync(victim).uid], [0o600, process.getuid!()])
  assert.ok(lstatSync(at('b')).isSymbolicLink())
  assert.is(lstatSync(at('b')).ino, lstatSync(at('a')).ino)
})

hostile('A7 whiteouts that name no file are refused', async () => {
  for (const name of ['.wh..', '.wh...', '.wh.', 'd/.wh...']) assert.is(await code({ name }), 'PATH_ESCAPES', name)
})

hostile('A7 whiteouts and opaque marks hide what is below, wherever they stand in the archive', async () => {
  await withStore(async (store) => {
    const lower = await baseOf(
      raw({ name: 'd/old', text: 'o' }, { name: 'd/both', text: 'o' }, { name: 'e/old', text: 'o' }),
      store,
    )
    const upper = await baseOf(
      raw(
        { name: 'd/new', text: 'n' },
        { name: 'd/both', text: 'n' },
        { name: 'd/.wh..wh..opq' },
        { name: 'd/.wh.both' },
        { name: 'e/.wh.old' },
      ),
      store,
    )
    const tree = await openTree([lower, upper])
    assert.equal([tree.names('d'), tree.names('e')], [['both', 'new'], []])
    assert.is(Buffer.concat([...tree.read(tree.entry('d/both')!)]).toString(), 'n')
  })
})

hostile('A7 a whiteout below a symlink removes what the link leads to, inside the root', async () => {
  await withStore(async (store) => {
    const lower = await baseOf(raw({ name: 'real/file', text: 'x' }), store)
    const upper = await baseOf(raw({ name: 'link', type: 'symlink', link: '/real' }, { name: 'link/.wh.file' }), store)
    const tree = await openTree([lower, upper])
    assert.equal(tree.names('real'), [])
    assert.ok(lstatSync(join(await upper.directory(), 'real/file')).isCharacterDevice())
  })
})

hostile.needs(
  ['linux'],
  'A8 a directory that is swapped for a symlink during unpacking leads nowhere else',
  async () => {
    const outside = join(temporaryFolder(), 'outside')
    mkdirSync(join(outside, 'b'), { recursive: true })
    const builder = new IndexBuilder()
    const file = { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 1, offset: 0 } as const
    for (let at = 0; at < 2000; at++) builder.add({ ...file, name: `a/b/file-${at}` })
    const index = builder.finish()
    let [meddled, rounds] = [0, 0]
    const started = performance.now()
    // a round may end at its first swap, so the rounds go on until there were swaps enough while something was unpacked
    for (; (meddled < 10_000 || rounds < 10) && performance.now() - started < 30_000; rounds++) {
      const target = temporaryFolder()
      const flag = new Int32Array(new SharedArrayBuffer(8))
      const swapper = new Worker(swapping, { eval: true, workerData: { target, outside, flag } })
      await new Promise((resolve) => swapper.once('online', resolve))
      const before = Atomics.load(flag, 1)
      const error = await failure(unpack(index, () => [], target))
      meddled += Atomics.load(flag, 1) - before
      Atomics.store(flag, 0, 1)
      await new Promise((resolve) => swapper.once('exit', resolve))
      assert.match(error.message, /nothing was thrown|was replaced|ENOENT|EEXIST|ENOTDIR|ELOOP/)
      assert.equal(readdirSync(outside, { recursive: true }), ['b'])
    }
    assert.ok(meddled > 1000, `only ${meddled} swaps were tried in ${rounds} rounds`)
  },
)

const swapping = `
const { renameSync, symlinkSync, unlinkSync } = require('node:fs')
const { workerData: { target, outside, flag } } = require('node:worker_threads')
while (Atomics.load(flag, 0) === 0) {
  try {
    renameSync(target + '/a', target + '/aside')
    symlinkSync(outside, target + '/a')
    flag[1]++
    unlinkSync(target + '/a')
    renameSync(target + '/aside', target + '/a')
  } catch {}
}`

hostile('A9 ten gigabytes of zeros in ten megabytes are given up early', async () => {
  await withStore(async (store) => {
    const bomb = gzipSync(raw({ name: 'zeros', size: 2 ** 33 }).subarray(0, 512))
    const layer = await store.layers.base({ ...layerOf(bomb, 'none'), diffId: digestOf('whatever') })
    const error = await failure(layer.tar())
    assert.is(error.code, 'LAYER_INVALID')
    assert.match(error.message, /the 1073741824 bytes/)
    assert.equal(leftovers(store), [])
  })
  let read = 0
  function* bombs() {
    const member = gzipSync(Buffer.alloc(16 << 20), { level: 1 })
    for (; read < 100; read++) yield member
  }
  const limits = { tar: 64 << 20, bytes: 64 << 20, entries: 10 }
  const error = await failure(readLayer(bombs(), undefined, undefined, undefined, limits))
  assert.match(error.message, /unpacks to more than the 67108864 bytes/)
  assert.ok(read < 40, `${read} members were read`)
})

hostile('A9 paths that nest without end are refused, and many entries are counted', async () => {
  const deep = [...Array(2100).keys()].map((at) => `${'d/'.repeat(at)}d`)
  const builder = new IndexBuilder({ limits: { entries: 1000 } })
  const directory = { type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 1, offset: 0 } as const
  const add = (names: readonly string[], into: IndexBuilder) =>
    names.forEach((name) => void into.add({ ...directory, name }))
  assert.match((await failure((async () => add(deep, new IndexBuilder()))())).message, /path .* is too long/)
  const many = [...Array(1001).keys()].map((at) => `n${at}`)
  assert.match((await failure((async () => add(many, builder))())).message, /more than the 1000 entries/)
})

hostile('A9 replacing directories by files and back takes no time', async () => {
  const members: Raw[] = [...Array(10_000).keys()].map((at) => ({ name: `keep/${at}` }))
  for (let at = 0; at < 2_000; at++)
    members.push({ name: 'flip', type: 'directory' }, { name: 'flip/x' }, { name: 'flip' })
  const start = performance.now()
  await withStore(async (store) => {
    const { entries } = await (await baseOf(raw(...members), store)).index()
    assert.is(entries.size, 10_001)
    assert.is(entries.get('flip')?.type, 'file')
  })
  assert.ok(performance.now() - start < 10_000)
})

hostile('A9 sizes that are negative, absurd or no numbers are refused', async () => {
  const sized = (bytes: number[] | string) => {
    const block = Buffer.from(raw({ name: 'x' }).subarray(0, 512))
    if (typeof bytes === 'string') block.write(bytes, 124)
    else Buffer.from(bytes).copy(block, 124)
    sign(block)
    return Buffer.concat([block, Buffer.alloc(1024)])
  }
  const minusOne = Array(12).fill(0xff)
  const huge = [0x80, 0, 0, 0, ...Array(8).fill(0xff)]
  await withStore(async (store) => {
    for (const bytes of [minusOne, huge, '77777777777 ', 'not octal!  ']) {
      assert.is((await failure((await baseOf(sized(bytes), store)).index())).code, 'LAYER_INVALID', String(bytes))
    }
    assert.equal(leftovers(store), [])
  })
})

hostile('A10 an owner above 2³¹ is an error, not 0', async () => {
  const pax = (record: string) => ({ name: 'p', type: 'pax-header', text: `${record.length + 4} ${record}\n` })
  assert.is(await code(pax('uid=4294967296'), { name: 'x' }), 'LAYER_INVALID')
  assert.is(await code(pax('gid=-1'), { name: 'x' }), 'LAYER_INVALID')
})

hostile('A11 an archive that the host must decompress never meets a program of an image', async () => {
  const { decompress } = await import('../../../sdk/engine/layer/decompress.ts')
  const folder = temporaryFolder()
  const ran = join(folder, 'ran')
  for (const name of ['xz', 'bzip2', 'zstd'])
    writeFileSync(join(folder, name), `#!/bin/sh\ntouch ${ran}\ncat\n`, { mode: 0o755 })
  const { PATH: before } = process.env
  const here = process.cwd()
  process.env['PATH'] = folder
  process.chdir(folder)
  try {
    const xz = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2, 3])
    const read = async () => {
      for await (const _ of decompress([xz])) throw new Error('garbage was decompressed')
    }
    assert.match((await failure(read())).code!, /^(LAYER_INVALID|UNSUPPORTED)$/)
  } finally {
    process.env['PATH'] = before
    process.chdir(here)
  }
  assert.not.ok(readdirSync(folder).includes('ran'))
})

hostile('A12 files have their mode from the start, and a layer that fails halfway leaves none', async () => {
  const { at } = await done(
    { name: 'd', type: 'directory', mode: 0o700 },
    { name: 'd/private', text: 's', mode: 0o600 },
    { name: 'd/setuid', mode: 0o4755 },
  )
  assert.equal([lstatSync(at('d')).mode & 0o7777, lstatSync(at('d/private')).mode & 0o7777], [0o700, 0o600])
  assert.is(lstatSync(at('d/setuid')).mode & 0o7777, 0o4755)
  assert.is(await code({ name: 'fine', text: 'x' }, { name: '../not', text: 'x' }), 'PATH_ESCAPES')
})

hostile("overlayfs' own marks in a layer from elsewhere have no effect", async () => {
  const record = (text: string) => `${text.length + 4} ${text}\n`
  const pax = record('SCHILY.xattr.trusted.overlay.redirect=/etc') + record('SCHILY.xattr.user.overlay.opaque=y')
  await withStore(async (store) => {
    const { entries, opaque } = await (
      await baseOf(raw({ name: 'p', type: 'pax-header', text: pax }, { name: 'd', type: 'directory' }), store)
    ).index()
    assert.equal([entries.get('d')!.xattrs, [...opaque]], [undefined, []])
  })
})

hostile('what is below a file, or of a type that nobody knows, is refused', async () => {
  assert.is(await code({ name: 'f', text: 'x' }, { name: 'f/below', text: 'y' }), 'LAYER_INVALID')
  assert.is(await code({ name: 'x', patch: [[156, 'D']] }), 'LAYER_INVALID')
  assert.is(await code({ name: 'x', patch: [[156, 'S']] }), 'UNSUPPORTED')
})

hostile('any damage to a header is found', async () => {
  const good = raw({ name: 'a', text: 'hello' }, { name: 'b', text: 'world' })
  await withStore(async (store) => {
    for (const at of [0, 101, 125, 150, 156, 257, 1024, 1030]) {
      const bad = Buffer.from(good)
      bad[at]! ^= 1
      assert.is((await failure((await baseOf(bad, store)).index())).code, 'LAYER_INVALID', `byte ${at}`)
    }
    for (const length of [1, 511, 513, 600, 1535]) {
      assert.is(
        (await failure((await baseOf(good.subarray(0, length), store)).index())).code,
        'LAYER_INVALID',
        `${length} bytes`,
      )
    }
  })
})

hostile.run()
