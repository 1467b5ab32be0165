/** RUN end to end: what a command sees, what becomes of what it writes, and how it fails. */
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { failure } from '../../helpers/failure.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { Bench, type RunMore } from '../run/fixture.ts'

const exec = suite('engine/op/exec')
const needs = ['linux', 'root', 'busybox']

const bench = new Bench()
const base = existsSync('/bin/busybox') ? bench.busybox() : bench.make(() => {})
exec.after(() => bench.remove())

const run = (script: string, more: RunMore = {}) => bench.run(script, { layers: [base], ...more })

exec.needs(needs, 'gives back what the command wrote as a layer, and nothing else', async () => {
  const { directory, said } = await run('echo hi > /etc/new; rm /etc/group; echo out; echo err >&2')
  assert.equal(readdirSync(directory), ['etc'])
  assert.is(readFileSync(join(directory, 'etc/new'), 'utf8'), 'hi\n')
  assert.ok(lstatSync(join(directory, 'etc/group')).isCharacterDevice())
  assert.ok(said.includes('out\n') && said.includes('err\n'))
})

exec.needs(needs, 'D4.2.8 makes a layer even when nothing changed', async () => {
  const { directory, outputs } = await run('true')
  assert.is(outputs.length, 1)
  assert.equal(readdirSync(directory), [])
})

exec.needs(needs, 'stacks layers, upper ones first, and keeps deletions', async () => {
  const first = await run('echo 1 > /a; echo 1 > /b; mkdir /d; echo 1 > /d/x')
  const second = await run('rm /a; echo 2 > /b; rm -r /d; mkdir /d', { layers: [base, first.layer] })
  const { said } = await run('ls / /d; cat /b', { layers: [base, first.layer, second.layer] })
  assert.not.match(said, /\ba\n/)
  assert.not.match(said, /\bx\n/)
  assert.match(said, /2\n$/)
})

exec.needs(needs, 'stacks 120 layers, and 700', async () => {
  for (const count of [120, 700]) {
    const layers = Array.from({ length: count }, (_, number) =>
      bench.make((folder) => {
        writeFileSync(join(folder, `file-${number}`), '')
        writeFileSync(join(folder, 'last'), String(number))
      }),
    )
    const { said } = await run('cat /last; echo; ls / | grep -c file-', { layers: [base, ...layers] })
    assert.is(said, `${count - 1}\n${count}\n`)
  }
})

exec.needs(needs, 'reports a status other than 0 with the command and the end of its output', async () => {
  const at = { file: 'Dockerfile', line: 3 }
  const error = await failure(run('seq 1 40000; exit 7', { at }))
  assert.is(error.code, 'RUN_FAILED')
  assert.is(error.message, 'RUN ended with exit status 7: seq 1 40000; exit 7')
  assert.is(error.at, at)
  assert.is(error.detail?.['exitCode'], 7)
  const output = String(error.detail?.['output'])
  assert.ok(output.endsWith('39999\n40000\n') && output.length <= 65536 && output.length > 60000)
})

exec.needs(needs, 'accepts the statuses that the op allows', async () => {
  await run('exit 7', { meta: { validExitCodes: [7] } })
  const error = await failure(run('true', { meta: { validExitCodes: [7] } }))
  assert.is(error.detail?.['exitCode'], 0)
})

exec.needs(needs, 'A13 leaks no descriptor of ours into the container', async () => {
  const { said } = await run('ls /proc/self/fd | tr "\\n" " "; ls -l /proc/1/fd')
  assert.is(said.split('\n')[0]?.startsWith('0 1 2 '), true)
  assert.not.match(said, /socket:|memory|\/tmp/)
})

exec.needs(needs, 'D4.2.7 A18 leaves no stub of a mount in the layer, nor a time changed', async () => {
  const old = new Date(1_000_000_000_000)
  const lower = bench.make((folder) => {
    mkdirSync(join(folder, 'etc'))
    utimesSync(join(folder, 'etc'), old, old)
  })
  const mounts = [{ dest: '/deep/er/cache', mountType: 3 as const, cacheOpt: { ID: 'x' } }]
  const { directory } = await run('stat -c %Y /etc', { layers: [base, lower], op: { mounts }, mounts: [{}] })
  assert.equal(readdirSync(directory), [])
  const kept = await run('touch /etc/mine', { layers: [base, lower] })
  assert.equal(readdirSync(join(kept.directory, 'etc')), ['mine'])
  assert.not.equal(statSync(join(kept.directory, 'etc')).mtimeMs, old.getTime())
})

exec.needs(needs, 'D4.2.7 where a root has no /dev, /proc and /sys, the first RUN brings them', async () => {
  const bare = bench.make((folder) => cpSync('/bin/busybox', join(folder, 'busybox')))
  const { directory } = await run('', { layers: [bare], meta: { args: ['/busybox', 'true'] } })
  assert.equal(readdirSync(directory).sort(), ['dev', 'proc', 'sys'])
  assert.is(lstatSync(join(directory, 'proc')).mode & 0o7777, 0o755)
})

exec.needs(needs, 'writes to /dev/stdout and /dev/stderr, as any user', async () => {
  const { said } = await run('echo a > /dev/stdout; echo b > /dev/stderr', { meta: { user: '1000' } })
  assert.ok(said.includes('a\n') && said.includes('b\n'))
})

exec.needs(
  needs,
  "D4.2.4 D3.26 D3.30 D3.31 the environment is the op's, with proxies in both spellings, PATH and HOME",
  async () => {
    const proxy_env = { http_proxy: 'http://p', no_proxy: 'x,y' }
    const { said } = await run('env', { meta: { env: ['A=1', 'B=two words', 'EMPTY=', 'Q=\'"$x`', 'A=2'], proxy_env } })
    const lines = said
      .trim()
      .split('\n')
      .filter((line) => !/^(SHLVL|PWD)=/.test(line))
    assert.equal(lines.sort(), [
      'A=2',
      'B=two words',
      'EMPTY=',
      'HOME=/root',
      'HTTP_PROXY=http://p',
      'NO_PROXY=x,y',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      `Q='"$x\``,
      'http_proxy=http://p',
      'no_proxy=x,y',
    ])
    const kept = await run('echo $HOME', { meta: { env: ['HOME=/elsewhere'] } })
    assert.is(kept.said, '/elsewhere\n')
  },
)

exec.needs(needs, 'D4.2.2 the arguments arrive as they are', async () => {
  const args = ['/bin/sh', '-c', 'for a; do echo "[$a]"; done', 'x', '', 'a b', "it's", '$HOME', 'line\nbreak', 'ü✓']
  const { said } = await run('', { meta: { args } })
  assert.is(said, "[]\n[a b]\n[it's]\n[$HOME]\n[line\nbreak]\n[ü✓]\n")
})

exec.needs(needs, 'D4.2.5 runs as the user that the image knows by that name', async () => {
  const cases = {
    '': 'uid=0(root) gid=0(root) groups=0(root),10(wheel)',
    app: 'uid=1000(app) gid=1001(app) groups=10(wheel),50(staff),1001(app)',
    '1000': 'uid=1000(app) gid=1001(app) groups=10(wheel),50(staff),1001(app)',
    '1000:50': 'uid=1000(app) gid=50(staff) groups=50(staff)',
    'app:staff': 'uid=1000(app) gid=50(staff) groups=50(staff)',
    '4711': 'uid=4711 gid=0(root) groups=0(root)',
    '4711:4712': 'uid=4711 gid=4712 groups=4712',
    'root:root': 'uid=0(root) gid=0(root) groups=0(root)',
  }
  for (const [user, expected] of Object.entries(cases))
    assert.is((await run('id', { meta: { user } })).said, expected + '\n', user)
  const files = await run('touch /tmp/mine; mkdir /tmp/dir', {
    meta: { user: 'app' },
    layers: [base, bench.make(openTmp)],
  })
  assert.is(statSync(join(files.directory, 'tmp/mine')).uid, 1000)
  assert.is(statSync(join(files.directory, 'tmp/mine')).gid, 1001)
})

const openTmp = (folder: string) => {
  mkdirSync(join(folder, 'tmp'))
  chmodSync(join(folder, 'tmp'), 0o1777)
}

exec.needs(needs, 'D4.2.5 refuses a user or group that the image does not know', async () => {
  const user = await failure(run('true', { meta: { user: 'nobody' }, at: { file: 'Dockerfile', line: 4 } }))
  assert.is(user.code, 'USER_UNKNOWN')
  assert.match(user.message, /unable to find user "?nobody/)
  assert.is(user.at?.line, 4)
  const group = await failure(run('true', { meta: { user: 'app:none' } }))
  assert.match(group.message, /unable to find group "?none/)
  const bare = bench.make((folder) => cpSync('/bin/busybox', join(folder, 'busybox')))
  const args = ['/busybox', 'id', '-u']
  assert.is((await run('', { layers: [bare], meta: { args } })).said, '0\n')
  assert.is((await run('', { layers: [bare], meta: { args, user: '0' } })).said, '0\n')
  assert.is((await failure(run('', { layers: [bare], meta: { args, user: 'root' } }))).code, 'USER_UNKNOWN')
})

exec.needs(needs, 'D4.2.4 makes the working directory, owned by the user, inside the root', async () => {
  const layer = bench.make((folder) => {
    mkdirSync(join(folder, 'real'))
    symlinkSync('/real', join(folder, 'link'))
    symlinkSync('../../../../../../real', join(folder, 'far'))
  })
  const { said, directory } = await run('pwd; stat -c %u:%g . ..', {
    layers: [base, layer],
    meta: { cwd: '/link/a/b', user: 'app' },
  })
  assert.is(said, '/real/a/b\n1000:1001\n1000:1001\n')
  assert.is(statSync(join(directory, 'real')).uid, 0)
  assert.is((await run('pwd', { layers: [base, layer], meta: { cwd: '/far' } })).said, '/real\n')
  assert.equal(readdirSync((await run('pwd', { meta: { cwd: '/' } })).directory), [])
})

exec.needs(needs, 'A13 a working directory in /proc is refused, also through a link', async () => {
  const layer = bench.make((folder) => symlinkSync('/proc/self/fd/7', join(folder, 'fd')))
  for (const cwd of ['/proc/self/fd/3', '/proc/self/fd/8/../../..', '/fd', '/fd/../../..']) {
    const said = await run('ls', { layers: [base, layer], meta: { cwd } }).then(
      ({ said }) => said,
      () => '',
    )
    assert.not.match(said, 'lost+found')
    assert.not.ok(existsSync('/imgsdk-a13'))
  }
  assert.is((await failure(run('ls', { layers: [base, layer], meta: { cwd: '/fd' } }))).code, 'PATH_ESCAPES')
})

exec.needs(
  needs,
  'D4.2.6 has a host name, names of hosts and servers that it cannot change, and namespaces of its own',
  async () => {
    const { said, out, directory } = await run(
      'hostname; cat /etc/hosts; echo x > /etc/hosts; echo y > /etc/resolv.conf; readlink /proc/1/ns/pid; ps | wc -l',
      {
        meta: { extraHosts: [{ Host: 'db', IP: '10.0.0.7' }] },
      },
    )
    assert.match(
      said,
      /^buildkitsandbox\n127\.0\.0\.1\tlocalhost buildkitsandbox\n::1\tlocalhost .*\n10\.0\.0\.7\tdb\n/m,
    )
    assert.match(said, /can't create \/etc\/hosts: Read-only file system/)
    assert.match(said, /can't create \/etc\/resolv.conf: Read-only file system/)
    assert.ok(Number(out.trim().split('\n').at(-1)) < 8)
    assert.not.match(said, readlinkSync('/proc/self/ns/pid'))
    assert.equal(readdirSync(directory), [])
    assert.is((await run('hostname', { hostname: 'other' })).said, 'other\n')
    assert.is((await run('hostname', { hostname: 'other', meta: { hostname: 'own' } })).said, 'own\n')
  },
)

exec.needs(needs, 'D5.40 network none has only a loopback, and it works', async () => {
  const { said } = await run('ip -o link; nc -l -p 7 -e echo hi & sleep 0.3; nc 127.0.0.1 7', {
    op: { network: 2 },
  })
  assert.match(said, /^1: lo: <LOOPBACK,UP/)
  assert.not.match(said, /^2:/m)
  assert.match(said, 'hi')
})

exec.needs([...needs, 'slirp4netns'], 'D5.40 the default network is its own where slirp4netns is there', async () => {
  const { said } = await run('ip -o link')
  assert.match(said, 'tap0')
  assert.not.match(
    (await run('ip -o link', { op: { network: 1 }, allow: { insecure: false, hostNetwork: true } })).said,
    'tap0',
  )
})

exec.needs(needs, 'A19 refuses what the caller did not allow, and lets what he did', async () => {
  assert.is((await failure(run('true', { op: { security: 1 } }))).code, 'NOT_ALLOWED')
  assert.is((await failure(run('true', { op: { network: 1 } }))).code, 'NOT_ALLOWED')
  const allow = { insecure: true, hostNetwork: true }
  const { said } = await run('mount -t tmpfs x /tmp && echo mounted', { op: { security: 1, network: 1 }, allow })
  assert.is(said, 'mounted\n')
})

exec.needs(needs, "keeps a command from mounting, from the machine's devices and from its kernel", async () => {
  const { said } = await run(
    'mount -t tmpfs x /tmp || echo no mount; mknod /k c 1 11; head -c 1 /k || echo no kmsg; mknod /n c 1 3 && echo node; ' +
      'echo 1 > /proc/sys/kernel/panic || echo no sysctl; ls /proc/acpi | wc -l; head -c 1 /proc/kcore 2>/dev/null | wc -c; touch /sys/x || echo no sys',
  )
  for (const word of ['no mount', 'no kmsg', 'node', 'no sysctl', 'no sys']) assert.match(said, word)
})

exec.needs(needs, 'lets setuid programs work', async () => {
  const { said } = await run('grep NoNewPrivs /proc/self/status; grep " / " /proc/mounts')
  assert.match(said, /NoNewPrivs:\t0/)
  assert.not.match(said, 'nosuid')
})

exec.needs(needs, 'applies limits of resources', async () => {
  const { said } = await run('ulimit -n; ulimit -Hn', { meta: { ulimit: [{ Name: 'nofile', Soft: 100, Hard: 200 }] } })
  assert.is(said, '100\n200\n')
})

exec.needs(needs, 'says which program the image does not have', async () => {
  for (const name of ['nonesuch', '/bin/nonesuch']) {
    const error = await failure(run('', { meta: { args: [name, 'x'] } }))
    assert.is(error.code, 'RUN_FAILED')
    assert.is(error.message, `RUN found no program "${name}" in the image: ${name} x`)
    assert.is(error.detail?.['exitCode'], 127)
  }
  const error = await failure(run('', { meta: { args: [] } }))
  assert.is(error.code, 'RUN_FAILED')
})

exec.run()
