/** RUN end to end: what a command sees, what becomes of what it writes, and how it fails. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { assert, suite } from '../../helpers/suite.ts'
import { Bench, failure, type RunMore } from '../run/fixture.ts'

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

exec.needs(needs, 'writes to /dev/stdout and /dev/stderr, as any user', async () => {
  const { said } = await run('echo a > /dev/stdout; echo b > /dev/stderr', { meta: { user: '1000' } })
  assert.ok(said.includes('a\n') && said.includes('b\n'))
})

exec.run()
