import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { openTree } from '../../../sdk/engine/layer/tree.ts'
import { openStore } from '../../../sdk/engine/open.ts'
import type { Store } from '../../../sdk/engine/store/store.ts'
import { digestOf } from '../../../sdk/oci/digest.ts'
import { must } from '../../helpers/program.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { baseOf, failure, raw, withStore } from './lab.ts'

const adopt = suite('engine/layer/adopt')

/** A directory of the store's file system, as RUN would hand it in. */
const upper = async (store: Store, fill: (path: (name: string) => string) => Promise<void> | void) => {
  const folder = join((await store.temporary()).path, 'upper')
  mkdirSync(folder)
  await fill((name) => join(folder, name))
  return folder
}

const stamp = (...paths: string[]) => {
  for (const path of paths) utimesSync(path, 1_000_000_000, 1_000_000_000)
}

adopt.needs(
  ['root', 'linux', 'setfattr', 'mknod', 'tar'],
  'what overlayfs left becomes a layer as the image spec has it',
  async () => {
    await withStore(async (store) => {
      const folder = await upper(store, async (path) => {
        for (const name of ['z', 'z/sub']) mkdirSync(path(name))
        writeFileSync(path('z/file'), 'content')
        chownSync(path('z/file'), 12, 34)
        chmodSync(path('z/file'), 0o4755)
        linkSync(path('z/file'), path('a-first-name'))
        symlinkSync('z/file', path('m-link'))
        await must('mknod', [path('z/gone'), 'c', '0', '0'])
        await must('mknod', [path('null'), 'c', '1', '3'])
        await must('mkfifo', [path('fifo')])
        await must('setfattr', ['-n', 'trusted.overlay.opaque', '-v', 'y', path('z/sub')])
        await must('setfattr', ['-n', 'trusted.overlay.impure', '-v', 'y', path('z')])
        await must('setfattr', ['-n', 'user.kept', '-v', 'yes', path('z/file')])
        await listening(path('socket'))
        stamp(path('a-first-name'), path('z/sub'), path('z'), path('null'), path('fifo'))
        await must('touch', ['-h', '-d', '@1000000000', path('m-link')])
      })
      const layer = await store.layers.adopt(folder)
      assert.ok(!existsSync(folder), 'the directory was taken over')
      const { path } = await layer.tar()
      const args = ['--numeric-owner', '--full-time', '--utc', '--xattrs', '-tvvf', path]
      const lines = (await must('tar', args, { env: { LC_ALL: 'C', TZ: 'UTC' } })).trim().split('\n')
      // mode, owner, size, name; the lines in between tell attributes
      const told = lines.filter((line) => /^\S{10}/.test(line)).map((line) => line.split(/ +/))
      assert.equal(
        told.map(([mode, owner, size, , , ...name]) => [mode, owner, size, name.join(' ')].join(' ')),
        [
          '-rwsr-xr-x* 12/34 7 a-first-name',
          'prw-r--r-- 0/0 0 fifo',
          'lrwxrwxrwx 0/0 0 m-link -> z/file',
          'crw-r--r-- 0/0 1,3 null',
          'drwxr-xr-x 0/0 0 z/',
          'hrwsr-xr-x 12/34 0 z/file link to a-first-name',
          '---------- 0/0 0 z/.wh.gone',
          'drwxr-xr-x 0/0 0 z/sub/',
          '---------- 0/0 0 z/sub/.wh..wh..opq',
        ],
      )
      assert.equal([...new Set(told.map(([, , , day]) => day))], ['2001-09-09', '1970-01-01'])
      const { entries, whiteouts, opaque } = await layer.index()
      assert.equal([[...whiteouts], [...opaque]], [['z/gone'], ['z/sub']])
      assert.is(entries.get('z/file')!.digest, digestOf('content'))
      assert.equal(Object.keys(entries.get('a-first-name')!.xattrs!), ['user.kept'])
    })
  },
)

const listening = (path: string) =>
  new Promise<void>((resolve) => {
    const server = createServer().listen(path, () => resolve())
    server.unref()
  })

adopt('the same directory makes the same layer, in whatever order and time it was made', async () => {
  await withStore(async (store) => {
    const make = async (names: string[]) => {
      const folder = await upper(store, (path) => {
        for (const name of names) writeFileSync(path(name), name)
        stamp(...names.map(path))
      })
      return (await (await store.layers.adopt(folder)).tar()).diffId
    }
    assert.is(await make(['a', 'b', 'c']), await make(['c', 'b', 'a']))
  })
})

adopt('it can be looked into and read before it has a tar', async () => {
  await withStore(async (store) => {
    const folder = await upper(store, (path) => {
      mkdirSync(path('d'))
      writeFileSync(path('d/big'), Buffer.alloc(2_500_000, 'x'))
      linkSync(path('d/big'), path('d/twin'))
    })
    const layer = await store.layers.adopt(folder)
    const tree = await openTree([layer])
    assert.is(
      [...tree.read(tree.entry('d/twin')!)].reduce((sum, { length }) => sum + length, 0),
      2_500_000,
    )
    assert.is(tree.entry('d/big')!.inode, tree.entry('d/twin')!.inode)
    assert.equal(store.blobs.list(), [])
    const { diffId } = await layer.tar()
    assert.ok((await openTree([layer])).entry('d/big')!.digest, 'packing made the digests known')
    const later = (await (await openStore(store.folder)).layers.get(layer.id))!
    assert.is((await later.tar()).diffId, diffId)
  })
})

adopt('ids are mapped into the container, and strangers are refused', async () => {
  await withStore(async (store) => {
    const folder = await upper(store, (path) => writeFileSync(path('f'), 'x'))
    const here = process.getuid!()
    const idMap = { uid: (id: number) => id - here + 5, gid: () => 6 }
    const layers = store.layers as unknown as {
      adopt(path: string, options: object): ReturnType<Store['layers']['adopt']>
    }
    const { entries } = await (await layers.adopt(folder, { idMap })).index()
    assert.equal([entries.get('f')!.uid, entries.get('f')!.gid], [5, 6])
  })
})

adopt('a name that a layer cannot hold is an error, not a deletion', async () => {
  await withStore(async (store) => {
    const folder = await upper(store, (path) => writeFileSync(path('.wh.precious'), 'x'))
    const error = await failure((await store.layers.adopt(folder)).tar())
    assert.is(error.code, 'LAYER_INVALID')
    assert.match(error.message, /\.wh\.precious/)
  })
})

adopt.needs(['root', 'linux', 'mount'], 'a directory of another file system is packed instead', async () => {
  const mount = temporaryFolder()
  await must('mount', ['-t', 'tmpfs', 'tmpfs', mount])
  try {
    await withStore(async (store) => {
      mkdirSync(join(mount, 'upper'))
      writeFileSync(join(mount, 'upper/f'), 'x')
      const layer = await store.layers.adopt(join(mount, 'upper'))
      assert.equal([...(await layer.index()).entries.keys()], ['f'])
      assert.equal(readdirSync(mount), [])
    })
  } finally {
    await must('umount', [mount])
  }
})

adopt('a directory from before the machine started anew counts only when it has a tar', async () => {
  await withStore(async (store) => {
    const kept = await store.layers.adopt(await upper(store, (path) => writeFileSync(path('kept'), 'x')))
    const lost = await store.layers.adopt(await upper(store, (path) => writeFileSync(path('lost'), 'x')))
    const base = await baseOf(raw({ name: 'dir/file', text: 'content' }), store)
    const { diffId } = await kept.tar()
    const [unpacked] = [await base.directory(), await kept.directory()]
    for (const name of readdirSync(join(store.folder, 'layers'))) {
      const path = join(store.folder, 'layers', name, 'meta.json')
      if (existsSync(path))
        writeFileSync(path, JSON.stringify({ ...(name === kept.id ? { diffId } : {}), boot: 'before' }))
    }
    writeFileSync(join(unpacked, 'dir/file'), '')
    const later = await openStore(store.folder)
    assert.is(await later.layers.get(lost.id), undefined)
    assert.not.ok(existsSync(join(store.folder, 'layers', lost.id)))
    assert.is((await (await later.layers.get(kept.id))!.tar()).diffId, diffId)
    const again = await (await later.layers.get(base.id))!.directory()
    assert.is(readFileSync(join(again, 'dir/file'), 'utf8'), 'content')
  })
})

adopt.run()
