/** The same RUN through each runtime, as root and as an ordinary user. */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecOp, Mount } from '../../../sdk/plan/op.ts'
import { failure } from '../../helpers/failure.ts'
import { makeOrdinaryUser, type OrdinaryUser } from '../../helpers/ordinary-user.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { Bench } from '../run/fixture.ts'

const exec = suite('engine/op/exec-runtimes')
const needs = ['linux', 'root', 'busybox']
const runtimes = ['crun', 'runc', 'bwrap', 'unshare'] as const

const bench = new Bench()
const base = bench.busybox()
let user: OrdinaryUser | undefined
exec.after(() => {
  bench.remove()
  user?.remove()
})

const mounts: Mount[] = [
  { dest: '/src', selector: 'sub', readonly: true },
  { dest: '/cache', mountType: 3, cacheOpt: { ID: 'all' } },
  { dest: '/t', mountType: 4 },
  { dest: '/run/secrets/s', mountType: 1, readonly: true, secretOpt: { ID: 's', mode: 0o400 } },
]
const op: Partial<ExecOp> = { mounts, network: 2, secretenv: [{ ID: 's', name: 'SECRET' }] }
const source = bench.make((folder) => {
  mkdirSync(join(folder, 'sub'))
  writeFileSync(join(folder, 'sub/file'), 'bound')
})

for (const runtime of runtimes) {
  const run = (script: string, more = {}) => bench.run(script, { layers: [base], runtime, ...more })

  exec.needs([...needs, runtime], `${runtime} runs with mounts, environment, user and network`, async () => {
    bench.secrets.set('s', 'hush')
    const script = `set -e; cat /src/file /run/secrets/s; echo " $SECRET $LD_SEEN it's"; pwd; hostname; ip -o link | wc -l
      touch /cache/x /t/x; echo made > /made; id -u > /dev/stdout; echo to-stderr > /dev/stderr; readlink /proc/self/fd/1
      ls /proc/self/fd | wc -l; test -c /dev/null -a -c /dev/ptmx -a -d /dev/shm; echo x > /dev/shm/x; cat /proc/1/comm`
    const { said, out, directory } = await run(script, {
      op,
      meta: { cwd: '/work/dir', env: ['LD_SEEN=it\'s\n"$x"'] },
      mounts: [{ snapshot: { layers: [source] } }],
    })
    assert.match(out, 'boundhush hush it\'s\n"$x" it\'s\n/work/dir\nbuildkitsandbox\n1\n0\n')
    assert.match(said, 'to-stderr\n')
    assert.equal(readdirSync(directory).sort(), ['made', 'work'])
    assert.is(readFileSync(join(directory, 'made'), 'utf8'), 'made\n')
  })

  exec.needs([...needs, runtime], `${runtime} becomes the user of the image`, async () => {
    const { said, directory } = await run('id; touch own', { meta: { user: 'app', cwd: '/home/app' } })
    assert.is(said, 'uid=1000(app) gid=1001(app) groups=10(wheel),50(staff),1001(app)\n')
    assert.is(statSync(join(directory, 'home/app/own')).uid, 1000)
  })

  exec.needs([...needs, runtime], `${runtime} passes the status on, and what is missing`, async () => {
    assert.is((await failure(run('exit 42'))).detail?.['exitCode'], 42)
    assert.is((await failure(run('sh -c "kill -KILL \\$\\$"; exit $?'))).detail?.['signal'], 'SIGKILL')
    assert.match((await failure(run('', { meta: { args: ['nonesuch'] } }))).message, 'found no program "nonesuch"')
  })

  exec.needs([...needs, runtime], `${runtime} keeps the container in`, async () => {
    const { said } = await run(
      'mount -t tmpfs x /tmp 2>/dev/null && echo BROKEN mount; mknod /k c 1 11; head -c 1 /k 2>/dev/null | grep -q . && echo BROKEN device; ' +
        'mknod /dev/k c 1 11; head -c 1 /dev/k 2>/dev/null | grep -q . && echo BROKEN device in dev; ' +
        'echo 1 > /proc/sys/kernel/panic 2>/dev/null && echo BROKEN sysctl; touch /sys/x 2>/dev/null && echo BROKEN sys; ' +
        'ls -l /proc/self/fd /proc/1/fd; ls /proc/1/root; echo done',
    )
    assert.match(said, 'done')
    assert.not.match(said, /BROKEN|socket:|imgsdk/)
  })
}

/** A folder that everyone may use, with what an ordinary user needs for a RUN. */
function publicBench(): { folder: string; layer: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'imgsdk-user-'))
  chmodSync(folder, 0o777)
  const user = new Bench(folder)
  chmodSync(join(folder, 'tmp'), 0o777)
  const layer = join(folder, 'base')
  execFileSync('cp', ['-a', '--no-preserve=ownership', user.busyboxFolder(), layer])
  return { folder, layer, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

const program = join(import.meta.dirname, '../run/one-run.js')

/** Of the last run as a user. */
let warnings = ''

/** Runs a script as a user; what it said. */
function runAs(
  ids: readonly string[],
  runtime: string,
  script: string,
  place: { folder: string; layer: string },
): string {
  execFileSync('chown', ['-R', `${ids[0]}:${ids[1] ?? ids[0]}`, place.layer])
  const words = [
    '--reuid',
    ids[0]!,
    '--regid',
    ids[1] ?? ids[0]!,
    '--clear-groups',
    process.execPath,
    program,
    runtime,
    place.folder,
    place.layer,
    script,
  ]
  const env = { PATH: process.env['PATH'] }
  const { status, stdout, stderr } = spawnSync('setpriv', words, { encoding: 'utf8', cwd: '/', env })
  assert.is(status, 0, stderr)
  warnings = stderr
  return stdout
}

for (const runtime of runtimes) {
  exec.needs([...needs, 'setpriv', runtime], `${runtime} runs without root, as the one user it has`, async () => {
    if (!everyoneReads(program)) return console.log('skipped: the build is not readable by other users')
    const place = publicBench()
    try {
      const said = runAs(
        ['65534'],
        runtime,
        'id -u; echo made > /etc/made; rm /etc/group; ls /etc; hostname; mount -t tmpfs x /tmp || echo refused',
        place,
      )
      assert.is(
        said
          .split('\n')
          .filter((line) => !line.startsWith('mount:'))
          .join('\n'),
        '0\nhosts\nmade\npasswd\nresolv.conf\nbuildkitsandbox\nrefused\n',
      )
      const made = readdirSync(place.folder).find(
        (name) => name.startsWith('layer-') && !name.startsWith(`layer-${process.pid}-`),
      )!
      assert.is(statSync(join(place.folder, made, 'etc/made')).uid, 65534)
    } finally {
      place.remove()
    }
  })
}

exec.needs([...needs, 'setpriv', 'newuidmap', 'useradd'], 'runs without root, as many users', async () => {
  user = makeOrdinaryUser()
  if (!user) return console.log('skipped: no user with subordinate ids can be made, or it cannot read the build')
  const id = String(user.uid)
  for (const runtime of runtimes) {
    const place = publicBench()
    try {
      const said = runAs(
        [id],
        runtime,
        'for f in theirs shared; do touch /tmp/$f; chown 1000:1001 /tmp/$f; done; chmod 600 /tmp/theirs; stat -c %u:%g /tmp/theirs',
        place,
      )
      assert.is(said, '1000:1001\n')
      assert.match(warnings, "only their owner may read, and now are root's: /tmp/theirs.")
      const made = readdirSync(place.folder).find(
        (name) => name.startsWith('layer-') && !name.startsWith(`layer-${process.pid}-`),
      )!
      assert.is(statSync(join(place.folder, made, 'tmp/theirs')).uid, Number(id))
      assert.ok(statSync(join(place.folder, made, 'tmp/shared')).uid > Number(id))
    } finally {
      place.remove()
    }
  }
})

function everyoneReads(file: string): boolean {
  try {
    execFileSync('setpriv', ['--reuid', '65534', '--regid', '65534', '--clear-groups', 'cat', file], {
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}

exec.run()
