/** A store on an overlayfs, as in a container without a volume: RUN asks fuse-overlayfs or copies, says so once, and comes to the same. */
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cliFile, imgsdk } from '../helpers/cli.ts'
import { makeOrdinaryUser } from '../helpers/ordinary-user.ts'
import { must, run } from '../helpers/program.ts'
import { busyboxRootfs } from '../helpers/rootfs.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'
import { flattenedTar } from './flattened.ts'

const overlay = suite('verb/overlay-store')
const needs = ['linux', 'root', 'busybox', 'mount', 'unshare']
const mounted: string[] = []

overlay.after(async () => {
  for (const folder of mounted) await must('umount', [folder]).catch(() => {})
})

const dockerfile = `FROM scratch AS base
ADD root.tar /
RUN mkdir -p /d/e && echo 1 > /d/f && mkdir /o && touch /o/a && chmod 600 /d/f && chown 5:6 /d
RUN --mount=type=cache,target=/var/cache/c rm -rf /o && mkdir /o && touch /o/b && rm /d/f && ln -s nowhere /d/l && touch /var/cache/c/x
FROM base AS side
RUN mv /o /moved && touch -h /d/l && mkfifo /pipe
FROM base
WORKDIR /w
COPY --from=side /moved /from-side
RUN --mount=from=side,target=/side ls /side/moved > list && rm -r /from-side /root
`

/** A folder in which `context` can be built, and `merged` is an overlayfs. */
async function onOverlay(): Promise<{ folder: string; merged: string; context: string }> {
  const folder = temporaryFolder()
  for (const name of ['upper', 'work', 'lower', 'context', 'merged']) mkdirSync(join(folder, name))
  const merged = join(folder, 'merged')
  mounted.push(merged)
  const layers = ['lowerdir=lower', 'upperdir=upper', 'workdir=work'].map((one) => one.replace('=', `=${folder}/`))
  await must('mount', ['-t', 'overlay', '-o', layers.join(','), 'overlay', merged])
  const context = join(folder, 'context')
  writeFileSync(join(context, 'Dockerfile'), dockerfile)
  cpSync(await busyboxRootfs(), join(context, 'root.tar'))
  return { folder, merged, context }
}

/** `imgsdk` where /dev/fuse is another file. */
async function imgsdkWith(fuse: string, args: readonly string[], before: readonly string[] = []): Promise<string> {
  const script = 'mount --bind "$0" /dev/fuse && exec "$@"'
  const command = [...before, process.execPath, cliFile, ...args]
  const { code, stderr } = await run('unshare', ['--mount', 'sh', '-c', script, fuse, ...command])
  assert.is(code, 0, stderr)
  return stderr
}

const build = (context: string, store: string, to: string) => [
  'build',
  context,
  '--progress',
  'plain',
  '--store',
  store,
  '-o',
  `type=tar,dest=${to}`,
]

/** What a store that is on no overlayfs gives. */
async function ordinary(folder: string, context: string) {
  const to = join(folder, 'expected.tar')
  const { status, stderr } = await imgsdk(build(context, join(folder, 'store'), to))
  assert.is(status, 0, stderr)
  assert.not.match(stderr, 'RUN copies')
  return flattenedTar(to)
}

overlay.needs(
  needs,
  'without /dev/fuse RUN copies: what any other store builds, and it says once that it is slow',
  async () => {
    const { folder, merged, context } = await onOverlay()
    const store = join(merged, 'store')
    const stderr = await imgsdkWith('/dev/null', build(context, store, join(folder, 'copied.tar')))
    const expected = await ordinary(folder, context)
    assert.equal(await flattenedTar(join(folder, 'copied.tar')), expected)
    assert.is(stderr.match(/RUN copies its root file system each time, which is slow: overlayfs/g)?.length, 1)
    assert.equal(readdirSync(join(store, 'tmp')), [])
    const again = await imgsdkWith('/dev/null', build(context, store, join(folder, 'again.tar')))
    assert.match(again, 'CACHED')
    assert.equal(await flattenedTar(join(folder, 'again.tar')), expected)
  },
)

const fuse = [...needs, 'fuse', 'fuse-overlayfs']

overlay.needs(fuse, 'with fuse-overlayfs nothing is copied, and what comes out is the same', async () => {
  const { folder, merged, context } = await onOverlay()
  const store = join(merged, 'store')
  const { status, stderr } = await imgsdk(build(context, store, join(folder, 'fused.tar')))
  assert.is(status, 0, stderr)
  assert.not.match(stderr, 'RUN copies')
  assert.equal(await flattenedTar(join(folder, 'fused.tar')), await ordinary(folder, context))
  assert.equal(readdirSync(join(store, 'tmp')), [])
  const kept = readdirSync(join(store, 'layers')).map((layer) => existsSync(join(store, 'layers', layer, 'names')))
  assert.ok(kept.includes(true), 'layers were not stacked by fuse-overlayfs')
})

overlay.needs(
  [...fuse, 'useradd', 'setpriv', 'newuidmap'],
  'an ordinary user who may use /dev/fuse gets the same',
  async () => {
    const user = makeOrdinaryUser()
    if (!user) return console.log('skipped: no user with subordinate ids can be made, or it cannot read the build')
    try {
      const { folder, merged, context } = await onOverlay()
      const [device, store] = [join(folder, 'fuse'), join(merged, 'store')]
      await must('mknod', ['-m', '666', device, 'c', '10', '229'])
      for (const made of [folder, merged]) chmodSync(made, 0o755)
      mkdirSync(store)
      chownSync(store, user.uid, user.uid)
      const become = ['setpriv', ...['--reuid', '--regid'].flatMap((id) => [id, String(user.uid)]), '--init-groups']
      const to = join(user.home, 'theirs.tar')
      const stderr = await imgsdkWith(device, build(context, store, to), [...become, 'env', `HOME=${user.home}`])
      assert.not.match(stderr, 'RUN copies')
      assert.equal(await flattenedTar(to), await ordinary(folder, context))
    } finally {
      user.remove()
    }
  },
)

overlay.run()
