/** Building as an ordinary user with subordinate ids: what comes out is what root gets. */
import { execFileSync } from 'node:child_process'
import { cpSync, createReadStream, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TarEntry, TarScanner } from '../../sdk/engine/layer/scan.ts'
import { imgsdk } from '../helpers/cli.ts'
import { tarOf } from '../helpers/image.ts'
import { makeOrdinaryUser, type OrdinaryUser } from '../helpers/ordinary-user.ts'
import { busyboxRootfs } from '../helpers/rootfs.ts'
import { assert, suite } from '../helpers/suite.ts'
import { flattenedTar } from './flattened.ts'

const rootless = suite('verb/rootless')
const needs = ['linux', 'root', 'busybox', 'useradd', 'setpriv', 'newuidmap', 'unshare']

let user: OrdinaryUser | undefined
rootless.after(() => user?.remove())

/** A test as the user; skipped, saying so, where there can be none. */
function asUser(sentence: string, body: (user: OrdinaryUser) => Promise<void>): void {
  rootless.needs(needs, sentence, async () => {
    user ??= makeOrdinaryUser()
    if (!user) return console.log('skipped: no user with subordinate ids can be made, or it cannot read the build')
    await body(user)
  })
}

const dockerfile = `FROM scratch AS one
ADD root.tar files.tar /
RUN mkdir -p /home/app /srv/data && echo app:x:1000:1000::/home/app:/bin/sh >> /etc/passwd && chown app /home/app && \\
  chown -R 1000:1000 /srv/data && chmod 700 /srv/data && mv /prog /prog2
USER app
RUN echo secret > /srv/data/key && chmod 600 /srv/data/key && mkdir -m 700 /home/app/.cache && ln /srv/data/key /srv/data/again
RUN --mount=type=cache,target=/srv/data/cache,uid=1000 cat /srv/data/key && echo more >> /srv/data/key && touch /srv/data/cache/x
RUN mkdir -m 711 /theirs/deep && cat /theirs/private > /theirs/copy && rm /theirs/private
WORKDIR /home/app/work
USER root
RUN cp /bin/busybox /su && chown 1000:33 /su && chmod 4755 /su && chmod 2770 /srv/data && chown 60000:60001 /tmp
FROM one
COPY --from=one /srv/data /copied
COPY --from=one --chown=7:8 /srv/data/key /key
RUN cat /srv/data/key /copied/key; rm -r /srv/data/again /home/app/.cache
`

function fill(folder: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

asUser('files of other users keep their owners, and what only they may read', async (user) => {
  const context = fill(join(user.home, 'context'), { Dockerfile: dockerfile, 'files.tar': await files() })
  cpSync(await busyboxRootfs(), join(context, 'root.tar'))
  const build = (to: string) => [
    'build',
    join(context, 'Dockerfile'),
    '--progress',
    'plain',
    '-o',
    `type=tar,dest=${to}`,
  ]
  const theirs = await user.imgsdk(build('theirs.tar'))
  assert.is(theirs.status, 0, theirs.stderr)
  assert.match(theirs.stderr, 'secret\n')
  const own = join(user.home, 'own.tar')
  const ours = await imgsdk(build(own))
  assert.is(ours.status, 0, ours.stderr)
  assert.equal(await flattenedTar(join(user.home, 'theirs.tar')), await flattenedTar(own))
  assert.equal(await attributes(join(user.home, 'theirs.tar')), await attributes(own))
  assert.match((await attributes(own)).join(), 'prog2 security.capability 0100000200040000')
  const lines = await flattenedTar(own)
  assert.ok(lines.some((line) => line.startsWith('srv/data/key file 600 1000:1000 12 ')))
  assert.is(statSync(join(user.home, 'theirs.tar')).uid, user.uid)
})

asUser('the users of a base image have their files', async (user) => {
  const base = fill(join(user.home, 'base'), { Dockerfile: dockerfile.slice(0, dockerfile.indexOf('FROM one')) })
  for (const name of ['root.tar', 'files.tar']) cpSync(join(user.home, 'context', name), join(base, name))
  const layout = join(user.home, 'layout')
  const made = await imgsdk(['build', join(base, 'Dockerfile'), '-o', `type=oci,tar=false,dest=${layout}`])
  assert.is(made.status, 0, made.stderr)
  execFileSync('chmod', ['-R', 'a+rX', layout])
  const text =
    'FROM base\nUSER app\nRUN echo mine >> /srv/data/key && rm /theirs/copy && stat -c %u:%g /tmp /su /theirs\n'
  const context = fill(join(user.home, 'on-base'), { Dockerfile: text })
  const args = (to: string) => [
    ...['build', join(context, 'Dockerfile'), '--build-context', `base=oci-layout://${layout}`],
    ...['--progress', 'plain', '--store', `${to}-store`, '-o', `type=tar,dest=${to}`],
  ]
  const theirs = await user.imgsdk(args(join(user.home, 'theirs-2.tar')))
  assert.is(theirs.status, 0, theirs.stderr)
  assert.match(theirs.stderr, '60000:60001')
  assert.is((await imgsdk(args(join(user.home, 'own-2.tar')))).status, 0)
  const both = await Promise.all(['theirs-2.tar', 'own-2.tar'].map((name) => flattenedTar(join(user.home, name))))
  assert.equal(both[0], both[1])
})

asUser("what is written for the user is the user's", async (user) => {
  const to = join(user.home, 'local')
  const done = await user.imgsdk(['build', join(user.home, 'context/Dockerfile'), '-o', `type=local,dest=${to}`])
  assert.is(done.status, 0, done.stderr)
  for (const name of ['', 'srv/data/key', 'su']) assert.is(statSync(join(to, name)).uid, user.uid, name)
})

asUser('the exit status and the signals go through', async (user) => {
  const failing = fill(join(user.home, 'failing'), {
    Dockerfile: 'FROM scratch\nADD root.tar /\nRUN exit 3\nRUN sleep 60\n',
  })
  cpSync(join(user.home, 'context/root.tar'), join(failing, 'root.tar'))
  const failed = await user.imgsdk(['build', join(failing, 'Dockerfile')])
  assert.is(failed.status, 1)
  assert.match(failed.stderr, 'RUN_FAILED')
  assert.is((await user.imgsdk(['build', '--nonsense'])).status, 2)
  writeFileSync(join(failing, 'Dockerfile'), 'FROM scratch\nADD root.tar /\nRUN echo begun; sleep 61\n')
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGKILL', 'SIGKILL'],
  ] as const) {
    const args = ['build', join(failing, 'Dockerfile'), '--progress', 'plain']
    const ended = await user.imgsdk(args, (pid) => void sleepers().then(() => process.kill(pid, signal)))
    assert.is(ended.status, status, ended.stderr)
    for (let tries = 0; sleeping() && tries < 50; tries++) await sleep(100)
    assert.not.ok(sleeping(), `${signal} left the command running`)
  }
})

asUser('where there are no user namespaces it builds as a user with one id does, without a word', async (user) => {
  const programs = join(user.home, 'programs')
  fill(programs, { unshare: '#!/bin/sh\necho "unshare failed: Operation not permitted" >&2\nexit 1\n' })
  execFileSync('chmod', ['755', join(programs, 'unshare')])
  const context = fill(join(user.home, 'copies'), { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' })
  const path = `${programs}:${process.env['PATH']}`
  const done = await user.imgsdk(['build', context, '--store', join(user.home, 'plain-store')], undefined, path)
  assert.is(done.status, 0, done.stderr)
  assert.not.match(done.stderr, 'unshare')
})

/** Waits until the command of the last test runs. */
async function sleepers(): Promise<void> {
  for (let tries = 0; !sleeping() && tries < 200; tries++) await sleep(50)
}

const sleeping = () => readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && commandOf(pid) === 'sleep\0' + '61\0')

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return '' // it has ended
  }
}

/** A directory of user 1000 with a file that only 1000 may read, and a program with a capability. */
function files(): Promise<Buffer> {
  const capability = Buffer.from('0100000200040000000000000000000000000000', 'hex').toString('latin1')
  return tarOf({
    prog: { content: 'program', mode: 0o755, pax: { 'SCHILY.xattr.security.capability': capability } },
    'theirs/': { uid: 1000, gid: 1000, mode: 0o700 },
    'theirs/private': { uid: 1000, gid: 1000, mode: 0o600, content: 'private' },
  })
}

async function attributes(path: string): Promise<string[]> {
  const lines: string[] = []
  const entry = ({ name, xattrs }: TarEntry) => {
    for (const [key, value] of Object.entries(xattrs ?? {}))
      lines.push(`${name} ${key} ${Buffer.from(value).toString('hex')}`)
  }
  const scanner = new TarScanner({ entry, data() {}, done() {} })
  for await (const piece of createReadStream(path)) scanner.write(piece as Buffer)
  return lines
}

rootless.run()
