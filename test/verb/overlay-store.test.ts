/** A store on an overlayfs, as in a container without a volume: RUN copies, says so once, and comes to the same. */
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { imgsdk } from '../helpers/cli.ts'
import { must } from '../helpers/program.ts'
import { busyboxRootfs } from '../helpers/rootfs.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'
import { flattenedTar } from './flattened.ts'

const overlay = suite('verb/overlay-store')
const needs = ['linux', 'root', 'busybox', 'mount']
const mounted = join(temporaryFolder(), 'merged')

overlay.after(async () => void (await must('umount', [mounted]).catch(() => {})))

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

overlay.needs(needs, 'builds what any other store builds, and says once that it is slow', async () => {
  const folder = temporaryFolder()
  for (const name of ['upper', 'work', 'lower', 'context']) mkdirSync(join(folder, name))
  mkdirSync(mounted)
  const layers = ['lowerdir=lower', 'upperdir=upper', 'workdir=work'].map((one) => one.replace('=', `=${folder}/`))
  await must('mount', ['-t', 'overlay', '-o', layers.join(','), 'overlay', mounted])
  const context = join(folder, 'context')
  writeFileSync(join(context, 'Dockerfile'), dockerfile)
  cpSync(await busyboxRootfs(), join(context, 'root.tar'))
  const build = async (store: string | undefined, to: string) => {
    const where = store === undefined ? [] : ['--store', store]
    const done = await imgsdk([...['build', context, '--progress', 'plain', '-o', `type=tar,dest=${to}`], ...where])
    assert.is(done.status, 0, done.stderr)
    return { stderr: done.stderr, files: await flattenedTar(to) }
  }
  const store = join(mounted, 'store')
  const expected = await build(undefined, join(folder, 'expected.tar'))
  const copied = await build(store, join(folder, 'copied.tar'))
  assert.equal(copied.files, expected.files)
  assert.is(copied.stderr.match(/RUN copies its root file system each time, which is slow: overlayfs/g)?.length, 1)
  assert.not.match(expected.stderr, 'RUN copies')
  assert.equal(readdirSync(join(store, 'tmp')), [])
  const again = await build(store, join(folder, 'again.tar'))
  assert.match(again.stderr, 'CACHED')
  assert.equal(again.files, expected.files)
})

overlay.run()
