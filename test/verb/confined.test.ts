/** Root that is kept from what root may do, as in a container: it builds in a user namespace, or is told what to change. */
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cliFile, imgsdk } from '../helpers/cli.ts'
import { type Ran, run } from '../helpers/program.ts'
import { busyboxRootfs } from '../helpers/rootfs.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'
import { flattenedTar } from './flattened.ts'

const confined = suite('verb/confined')
const needs = ['linux', 'root', 'busybox', 'setpriv', 'unshare', 'sh']

const dockerfile = `FROM scratch AS base
ADD root.tar /
RUN mkdir -m 700 /d && echo secret > /d/f && chmod 600 /d/f && chown -R 1000:1001 /d && chown 60000:7 /bin
USER 1000
RUN cat /d/f && echo more >> /d/f
FROM base
USER 0
RUN rm -r /d && mkdir /d && touch /d/new
`

async function contextOf(text: string): Promise<string> {
  const context = join(temporaryFolder(), 'context')
  mkdirSync(context)
  writeFileSync(join(context, 'Dockerfile'), text)
  cpSync(await busyboxRootfs(), join(context, 'root.tar'))
  return context
}

const build = (context: string, to: string) => [
  'build',
  context,
  '--progress',
  'plain',
  '--store',
  join(context, '../store'),
  '-o',
  `type=tar,dest=${to}`,
]

/** `imgsdk` without CAP_SYS_ADMIN; `script` is run before. */
function withoutPowers(args: readonly string[], script = ':', namespaces: readonly string[] = []): Promise<Ran> {
  const lessen = ['setpriv', '--bounding-set', '-sys_admin', '--inh-caps', '-sys_admin', process.execPath, cliFile]
  const words = ['sh', '-c', `${script}; exec "$@"`, 'sh', ...lessen, ...args]
  const [file, ...rest] = [...(namespaces.length > 0 ? ['unshare', ...namespaces] : []), ...words]
  return run(file!, rest)
}

confined.needs(needs, 'root without CAP_SYS_ADMIN builds in a user namespace, what root builds', async () => {
  const context = await contextOf(dockerfile)
  const [own, theirs] = [join(context, '../own.tar'), join(context, '../theirs.tar')]
  const ours = await imgsdk(['build', context, '-o', `type=tar,dest=${own}`])
  assert.is(ours.status, 0, ours.stderr)
  const { code, stderr } = await withoutPowers(build(context, theirs))
  assert.is(code, 0, stderr)
  assert.match(stderr, 'secret')
  assert.equal(await flattenedTar(theirs), await flattenedTar(own))
})

// a namespace in which there may be no others
const closed = 'echo 0 > /proc/sys/user/max_user_namespaces'

confined.needs(
  needs,
  'where namespaces are refused RUN says so, what to change, and leaves nothing; the rest is built',
  async () => {
    const context = await contextOf(dockerfile)
    const to = join(context, '../out.tar')
    const { code, stderr } = await withoutPowers(build(context, to), closed, ['--user', '--map-root-user'])
    assert.is(code, 1, stderr)
    assert.match(
      stderr,
      /RUN_UNAVAILABLE {2}\S*Dockerfile:3:1\n {2}RUN needs namespaces, which this process may not make: unshare failed/,
    )
    assert.match(stderr, /hint: (let users have namespaces with|start this container with)/)
    assert.not.ok(existsSync(to))
    writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nADD root.tar /\nWORKDIR /w\n')
    const next = await withoutPowers(build(context, to), closed, ['--user', '--map-root-user'])
    assert.is(next.code, 0, next.stderr)
    assert.ok(existsSync(to))
  },
)

confined.needs(needs, 'in a container the hint is how to start it', async () => {
  const context = await contextOf(dockerfile)
  const inside = `mount -t tmpfs run /run && touch /run/.containerenv; ${closed}`
  const namespaces = ['--user', '--map-root-user', '--mount']
  const { code, stderr } = await withoutPowers(build(context, join(context, '../out.tar')), inside, namespaces)
  assert.is(code, 1, stderr)
  assert.match(stderr, 'hint: start this container with --security-opt seccomp=unconfined')
})

confined.needs(needs, 'a program that RUN cannot do without is named', async () => {
  const context = await contextOf(dockerfile)
  const script = 'mount --bind /dev/null "$(command -v unshare)"; exec "$@"'
  const words = ['sh', '-c', script, 'sh', process.execPath, cliFile, ...build(context, join(context, '../out.tar'))]
  const { code, stderr } = await run('unshare', ['--mount', ...words])
  assert.is(code, 1, stderr)
  assert.match(stderr, 'RUN needs the program "unshare", which is not on this machine')
  assert.match(stderr, 'hint: install util-linux')
})

confined.needs(['linux', 'busybox'], 'a build needs no folder for temporary files but its store', async () => {
  const context = await contextOf('FROM scratch\nADD root.tar /\n')
  const to = join(context, '../out.tar')
  const { status, stderr } = await imgsdk(build(context, to), { env: { TMPDIR: '/nowhere' } })
  assert.is(status, 0, stderr)
})

confined.run()
