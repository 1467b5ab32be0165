/** What hostile images and commands cannot do where root file systems are copies: through each runtime. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourcedIndex } from '../../../sdk/engine/layer/tree.ts'
import { openStore } from '../../../sdk/engine/open.ts'
import type { Layer } from '../../../sdk/engine/ports.ts'
import type { Mount } from '../../../sdk/plan/op.ts'
import { failure } from '../../helpers/failure.ts'
import { layerOf } from '../../helpers/image.ts'
import { busyboxRootfs } from '../../helpers/rootfs.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { entries } from '../layer/lab.ts'
import { Bench, type RunMore } from '../run/fixture.ts'

const exec = suite('engine/op/exec-hostile')
const runtimes = ['crun', 'runc', 'bwrap', 'unshare'] as const
const bench = new Bench()
const store = await openStore(join(temporaryFolder(), 'store'))
exec.after(async () => {
  bench.remove()
  await store.close()
})

let busybox: Promise<Layer> | undefined

/** Busybox and whatever comes on top. */
async function image(what: Parameters<typeof entries>[0]): Promise<readonly Layer[]> {
  busybox ??= busyboxRootfs().then((path) => store.layers.base(layerOf(readFileSync(path), 'none')))
  return [await busybox, await store.layers.pack(entries(what))]
}

const cache = (dest: string, more: Partial<Mount> = {}): Mount => ({
  dest,
  mountType: 3,
  cacheOpt: { ID: dest },
  ...more,
})

/** A folder of the machine, with something in it that nobody may touch. */
function victim(): string {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'd'))
  writeFileSync(join(folder, 'null'), 'untouched')
  return folder
}

function assertUntouched(folder: string): void {
  assert.equal(readdirSync(folder, { recursive: true }).sort(), ['d', 'null'])
  assert.is(readFileSync(join(folder, 'null'), 'utf8'), 'untouched')
}

for (const runtime of runtimes) {
  const needs = ['linux', 'root', 'busybox', runtime]
  const run = (script: string, layers: readonly Layer[], more: RunMore = {}) =>
    bench.run(script, { layers, runtime, store, stacking: 'copy', ...more })

  exec.needs(needs, `A13 no descriptor of the machine, and no working directory in /proc (${runtime})`, async () => {
    const layers = await image({ fd: { type: 'symlink', link: '/proc/self/fd/7' } })
    const { said, out } = await run('ls /proc/self/fd | tr "\\n" " "; ls -l /proc/self/fd /proc/1/fd', layers)
    assert.match(out, /^0 1 2 /)
    assert.not.match(said, /socket:|memory|store/)
    for (const cwd of ['/fd', '/fd/../../..', '/proc/self/fd/7']) {
      const seen = await run('ls -d /bin/busybox lost+found etc/hostname', layers, { meta: { cwd } }).catch(
        () => undefined,
      )
      assert.not.match(seen?.said ?? '', /^(lost\+found|etc)/m)
    }
  })

  exec.needs(needs, `A14 devices and system folders that are links lead nowhere (${runtime})`, async () => {
    const folder = victim()
    const link = (to: string) => ({ type: 'symlink', link: to }) as const
    const devices = await image({ 'dev/': '', 'dev/null': link(`${folder}/null`), 'dev/pts': link(folder) })
    await run('echo x > /dev/null; test -c /dev/null; ls /dev/pts', devices)
    const folders = await image({
      proc: link(folder),
      sys: link(folder),
      'etc/': '',
      'etc/hosts': link(`${folder}/null`),
    })
    await run('echo x > /etc/hosts; true', folders).catch(() => {})
    assertUntouched(folder)
  })

  exec.needs(needs, `A15 A17 sources that are links lead nowhere else (${runtime})`, async () => {
    const layers = await image({
      out: { type: 'symlink', link: '/../../../../etc' },
      slash: { type: 'symlink', link: '/' },
    })
    const sources = [{ snapshot: { layers } }]
    const from = (selector: string): RunMore => ({
      op: { mounts: [{ dest: '/m', selector, readonly: true }] },
      mounts: sources,
    })
    assert.match((await run('ls /m', layers, from('slash'))).said, 'out\n')
    const fromEtc = await run('ls /m', layers, from('out'))
    assert.is(fromEtc.said, 'group\npasswd\n')
    await run('ln -s / /c/root; ln -s ../../../../../../../etc /c/out', layers, { op: { mounts: [cache('/c')] } })
    const out = run('ls /c', layers, { op: { mounts: [cache('/c', { selector: 'out' })] } })
    assert.is((await failure(out)).code, 'MOUNT_FAILED')
    assert.match((await run('ls /c', layers, { op: { mounts: [cache('/c', { selector: 'root' })] } })).said, 'out')
  })

  exec.needs(needs, `A18 a mount target that the command replaces is not followed (${runtime})`, async () => {
    const folder = victim()
    const layers = await image({ 'own/': '', 'own/empty/': '' })
    const mounts = [cache('/a/d'), cache('/own/empty/d'), cache('/f/null'), cache('/gone/x/y')]
    const script = `mv /a /b; ln -s ${folder} /a; mv /own /theirs; ln -s ${folder} /own; mv /f /g; ln -s ${folder} /f; mv /gone /h; true`
    const { layer } = await run(script, layers, { op: { mounts } })
    assertUntouched(folder)
    await layer.tar()
    const index = (await layer.index()) as SourcedIndex
    for (const path of ['a', 'f', 'own']) assert.is(index.entries.get(path)?.link, folder)
    assert.ok(index.entries.has('theirs/empty'))
  })
}

exec.needs(
  ['linux', 'root', 'busybox'],
  'A18 marks of overlayfs that a command makes mean nothing in a copy',
  async () => {
    const layers = await image({ 'd/': '', 'd/kept': 'kept' })
    const { layer } = await bench.run('mknod /d/kept2 c 0 0; mknod /n c 0 0; touch /d/new', {
      ...{ layers, store, stacking: 'copy' },
    })
    await layer.tar()
    const { entries: all, whiteouts, opaque } = (await layer.index()) as SourcedIndex
    assert.equal([[...all.keys()], whiteouts.size, opaque.size], [['d', 'd/new'], 0, 0])
  },
)

exec.run()
