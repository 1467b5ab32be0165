/** The same RUN on each way that layers become a root file system: the layers that come out are the same. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourcedIndex } from '../../../sdk/engine/layer/tree.ts'
import { openStore } from '../../../sdk/engine/open.ts'
import type { Layer } from '../../../sdk/engine/ports.ts'
import type { StackingName } from '../../../sdk/engine/run/stack.ts'
import { clampTimes } from '../../../sdk/export/clamp.ts'
import type { Mount } from '../../../sdk/plan/op.ts'
import { layerOf, testIo } from '../../helpers/image.ts'
import { busyboxRootfs } from '../../helpers/rootfs.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { entries } from '../layer/lab.ts'
import { Bench } from '../run/fixture.ts'

const stacking = suite('engine/op/exec-stacking')
const needs = ['linux', 'root', 'busybox']
const bench = new Bench()
const store = await openStore(join(temporaryFolder(), 'store'))
stacking.after(async () => {
  bench.remove()
  await store.close()
})

let base: Promise<readonly Layer[]> | undefined

/** Busybox, and on top of it something of everything. */
function image(): Promise<readonly Layer[]> {
  base ??= make()
  return base
}

async function make(): Promise<readonly Layer[]> {
  const busybox = await store.layers.base(layerOf(readFileSync(await busyboxRootfs()), 'none'))
  const capability = Buffer.from('0100000200040000000000000000000000000000', 'hex')
  const some = entries({
    'd/': { mode: 0o750, uid: 5, gid: 6 },
    'd/deep/': '',
    'd/deep/er/': '',
    'd/deep/er/file': 'deep',
    'd/file': 'text',
    'd/other': 'other',
    'empty/': { mode: 0o1777 },
    link: { type: 'symlink', link: 'd' },
    'many/': '',
    'many/one': 'linked',
    'many/three': 'alone',
    'many/two': { type: 'hardlink', link: 'many/one' },
    pipe: { type: 'fifo' },
    prog: { content: 'program', mode: 0o4755, xattrs: { 'security.capability': capability } },
    zero: { type: 'character-device', device: { major: 1, minor: 5 }, mode: 0o666 },
  })
  const upper = entries({
    'd/': { mode: 0o750, uid: 5, gid: 6 },
    'd/other': 'newer',
    'many/': '',
    'many/three': { type: 'whiteout' },
    x: 'x',
  })
  return [busybox, await store.layers.pack(some), await store.layers.pack(upper)]
}

const lowerPipe = 'a pipe of a layer below'

const scripts: Readonly<Record<string, string>> = {
  nothing: 'ls -lR / > /dev/null; cat /d/file',
  'new files and directories': 'mkdir -p /new/a/b; echo 1 > /new/a/b/c; echo 2 > /d/deep/er/more; ln -s nowhere /new/l',
  deletions: 'rm -r /d/deep /d/other /link /pipe /zero; rmdir /empty; rm /x',
  'what was made and is gone': 'mkdir /d/t; touch /d/t/f; rm -r /d/t; touch /tmp/x; rm /tmp/x',
  'an emptied directory in the place of another': 'rm -rf /d; mkdir /d; touch /d/new',
  'a directory that keeps its content but not itself': 'cp -a /d /e; rm -rf /d; mv /e /d',
  'renamed files': 'mv /d/file /d/renamed; mv /d/other /file; mv /x /d/file',
  'renamed directories': 'mv /d/deep /moved; mkdir /d/deep; mv /moved/er /d/deep/er2',
  'directories that change places': 'mv /d /t; mv /many /d; mv /t /many',
  'a new name for an old file': 'ln /d/file /d/again; ln /d/file /first',
  'new hard links': 'echo x > /h1; ln /h1 /h2; ln /h1 /d/h3; rm /h1',
  'one name less': 'rm /many/two; rm /bin/wget /bin/vi',
  'modes, owners and times':
    'chmod 600 /d/file; chown 7:8 /d; touch -d @5 /x; chmod 4711 /prog; chmod 755 /d/deep; chown -h 9:9 /link',
  'the same mode again': 'chmod 644 /d/file',
  'the same size and time': 'echo newt > /t; head -c 4 /t > /d/file; touch -d @1000000000 /d/file; rm /t',
  'a link for a directory': 'rm -r /d; ln -s many /d',
  'a directory for a link': 'rm /link; mkdir /link; touch /link/f',
  'a file for a directory, and back': 'rm -r /d/deep; echo f > /d/deep; rm /x; mkdir -p /x/y',
  'devices and pipes': 'mkfifo /p; mknod /n c 1 3; mknod /b b 7 9; rm /zero; mknod /zero c 1 5',
  // fuse-overlayfs 1.10 brings up no pipes
  [lowerPipe]: 'chmod 600 /pipe; mv /pipe /d',
  'a sparse file': 'truncate -s 3M /sparse; echo end >> /sparse; truncate -s 1M /d/file',
  'names of all kinds': `touch "/d/sp ace" "/d/$(printf 'n\\303\\244me')" "/d/$(printf '\\377')" '/d/-x' '/d/new
line'`,
  'what the directory of a command is': 'mkdir -p /work/x; touch /work/x/f',
}

/** The ways but overlayfs, and what each needs beside the rest. */
const others = [
  { way: 'copy', needs },
  { way: 'fuse-overlayfs', needs: [...needs, 'fuse', 'fuse-overlayfs'] },
] as const

for (const { way, needs } of others) {
  for (const [what, script] of Object.entries(scripts)) {
    if (what === lowerPipe && way === 'fuse-overlayfs') continue
    stacking.needs(needs, `${way} gives the layer of overlayfs: ${what}`, async () => {
      const below = await image()
      const run = (stacking: StackingName) => bench.run(script, { layers: below, store, stacking })
      const [expected, other] = [await run('overlayfs'), await run(way)]
      assert.is(other.said, expected.said)
      assert.equal(await lines(other.layer), await lines(expected.layer))
      assert.is(await diffId(other.layer), await diffId(expected.layer))
    })
  }
  stacking.needs(needs, `${way}: the stubs of mounts are in no layer, a working directory is`, async () => {
    const below = await image()
    const mounts: Mount[] = ['/d/deep/er/c', '/stub/of/c', '/etc/one', '/kept/c'].map((dest) => ({
      dest,
      mountType: 3,
      cacheOpt: { ID: dest },
    }))
    const run = (way: StackingName) =>
      bench.run('touch /d/deep/er/c/f; touch /kept/mine; rm -f /etc/resolv.conf; rmdir /tmp || true', {
        layers: below,
        store,
        stacking: way,
        op: { mounts },
        meta: { cwd: '/new/work/dir', user: 'nobody' },
      })
    const [expected, other] = [await run('overlayfs'), await run(way)]
    assert.equal(await lines(other.layer), await lines(expected.layer))
    assert.is(await diffId(other.layer), await diffId(expected.layer))
  })

  stacking.needs(
    needs,
    `${way}: what one RUN has changed is what the next stands on, and others get their own`,
    async () => {
      const chain = async (way: StackingName) => {
        const all = [...(await image())]
        for (const script of ['echo 1 > /n; mkdir /m', 'rm /n; echo 2 > /m/n; rm -r /d', 'mkdir /d; mv /m /d/m']) {
          const one = bench.run(script, { layers: all, store, stacking: way })
          // another on the same layers at the same time must not see what it does
          const other = new Bench(bench.folder).run('ls / /m /d 2>&1; touch /other', {
            layers: all,
            store,
            stacking: way,
          })
          said.push((await other).said)
          all.push((await one).layer)
        }
        return Promise.all(all.slice(3).map(lines))
      }
      const said: string[] = []
      assert.equal(await chain(way), await chain('overlayfs'))
      assert.equal(said.slice(0, 3), said.slice(3))
    },
  )

  stacking.needs(
    needs,
    `${way}: a writable bind gives its layer, and a read-only one cannot be written to`,
    async () => {
      const below = await image()
      const mounts: Mount[] = [
        { dest: '/w', output: 1 },
        { dest: '/r', readonly: true, selector: 'd' },
      ]
      const sources = [{ snapshot: { layers: below } }, { snapshot: { layers: below } }]
      const run = (way: StackingName) =>
        bench.run('rm /w/d/file; echo x > /w/new; cat /r/other; touch /r/x 2>&1 || echo refused', {
          ...{ layers: below, store, stacking: way, mounts: sources },
          op: { mounts },
        })
      const [expected, other] = [await run('overlayfs'), await run(way)]
      assert.match(other.said, 'newer')
      assert.match(other.said, 'refused')
      assert.is(other.said, expected.said)
      assert.equal(await Promise.all(other.outputs.map(lines)), await Promise.all(expected.outputs.map(lines)))
    },
  )
}

stacking.needs(
  [...needs, 'fuse', 'fuse-overlayfs'],
  'fuse-overlayfs: directories on the way to a change keep their times',
  async () => {
    const times = async (way: StackingName) => {
      const script = 'chmod 600 /d/deep/er/file; echo x > /many/new; chmod 700 /d/deep'
      const { layer } = await bench.run(script, { layers: await image(), store, stacking: way })
      const { entries } = await layer.index()
      return ['d', 'd/deep', 'd/deep/er', 'd/deep/er/file', 'many'].map((path) => {
        const { mtime } = entries.get(path)!
        return mtime > Date.now() / 1000 - 60 ? `${path} now` : `${path} ${mtime}`
      })
    }
    const expected = await times('overlayfs')
    assert.is(expected.at(-1), 'many now')
    assert.is(expected.filter((text) => text.endsWith('now')).length, 1)
    assert.equal(await times('fuse-overlayfs'), expected)
  },
)

stacking.needs(needs, 'more layers than overlayfs takes are copied', async () => {
  const [busybox] = await image()
  const layers = [busybox!]
  for (let at = 0; at < 961; at++) layers.push(await store.layers.pack(entries({ [`f${at % 50}`]: String(at) })))
  const { said, layer } = await bench.run('cat /f10 /f11; rm /f12', { layers, store, stacking: 'overlayfs' })
  assert.is(said, '960911')
  assert.equal(await lines(layer), ['gone f12'])
})

/** What a layer says, without times: a command runs at another moment each time. */
async function lines(layer: Layer): Promise<string[]> {
  await layer.tar()
  const { entries, whiteouts, opaque } = (await layer.index()) as SourcedIndex
  const names = new Map<string, string>()
  const all = [...entries.values()].map(({ path, type, mode, uid, gid, size, link, device, xattrs, inode, digest }) => {
    const first = inode && (names.get(inode) ?? path)
    if (inode && first) names.set(inode, first)
    return JSON.stringify([path, type, mode, uid, gid, size, link, device, Object.keys(xattrs ?? {}), first, digest])
  })
  return [...all, ...[...whiteouts].map((path) => `gone ${path}`), ...[...opaque].map((path) => `opaque ${path}`)]
}

async function diffId(layer: Layer): Promise<string> {
  return (await (await clampTimes(layer, 1, store, testIo())).tar()).diffId
}

stacking.run()
