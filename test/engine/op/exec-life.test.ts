/** How a RUN ends when it is interrupted, when we are killed, and beside others; and that nothing is left. */
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { failure } from '../../helpers/failure.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { Bench, type RunMore } from '../run/fixture.ts'

const exec = suite('engine/op/exec-life')
const needs = ['linux', 'root', 'busybox']
const runtimes = ['crun', 'runc', 'bwrap', 'unshare'] as const

const bench = new Bench()
const base = bench.busybox()
exec.after(() => bench.remove())

const run = (script: string, more: RunMore = {}) => bench.run(script, { layers: [base], ...more })

/** The processes whose command line holds a text. */
function processes(text: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return (
        /^\d+$/.test(name) &&
        Number(name) !== process.pid &&
        readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(text)
      )
    } catch {
      return false
    }
  })
}

async function until(met: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !met(); waited += 50) {
    if (waited > 10_000) throw new Error(`waited 10 s for ${what}`)
    await sleep(50)
  }
}

const mounts = () => readFileSync('/proc/self/mountinfo', 'utf8')

for (const runtime of runtimes) {
  exec.needs([...needs, runtime], `an abort ends the container at once and leaves nothing (${runtime})`, async () => {
    const stop = new AbortController()
    const mark = `9${Date.now()}`
    const running = failure(
      run(`trap "" TERM INT HUP; sleep ${mark} & sleep ${mark}`, { runtime, signal: stop.signal }),
    )
    await until(() => processes(mark).length >= 2, 'the container')
    const before = Date.now()
    stop.abort()
    const error = await running
    assert.is(error.code, 'BUILD_CANCELLED')
    assert.ok(Date.now() - before < 2000)
    assert.equal(processes(mark), [])
    assert.not.match(mounts(), bench.folder)
  })

  exec.needs([...needs, runtime], `when we are killed nothing of the container stays (${runtime})`, async () => {
    const mark = `8${Date.now()}`
    const script = join(import.meta.dirname, '../run/one-run.js')
    const child = spawn(
      process.execPath,
      [script, runtime, bench.folder, await base.directory(), `sleep ${mark} & sleep ${mark}`],
      { stdio: 'ignore' },
    )
    await until(() => processes(mark).length >= 3, 'the container')
    child.kill('SIGKILL')
    await until(() => processes(mark).length === 0, 'the end of the container')
    await until(() => processes(bench.folder).length === 0, 'the end of the cells')
    assert.not.match(mounts(), bench.folder)
  })
}

exec.needs(needs, 'an abort before the start, and while another holds the cache', async () => {
  const error = await failure(run('true', { signal: AbortSignal.abort() }))
  assert.is(error.code, 'BUILD_CANCELLED')
  const op = { mounts: [{ dest: '/c', mountType: 3 as const, cacheOpt: { ID: 'held', sharing: 2 as const } }] }
  const stop = new AbortController()
  const holder = run('touch /c/started; sleep 3', { op, signal: stop.signal }).catch(() => {})
  const other = new Bench(bench.folder)
  await until(
    () => readdirSync(bench.folder, { recursive: true }).some((name) => String(name).endsWith('/started')),
    'the holder',
  )
  const waiting = failure(other.run('true', { layers: [base], op, signal: AbortSignal.timeout(300) }))
  assert.is((await waiting).code, 'BUILD_CANCELLED')
  stop.abort()
  await holder
})

exec.needs(needs, 'four RUNs that sleep take as long as one', async () => {
  const before = Date.now()
  await Promise.all([1, 2, 3, 4].map(() => run('sleep 1')))
  assert.ok(Date.now() - before < 3000, `${Date.now() - before} ms`)
})

exec.needs(needs, 'passes output on while the command runs', async () => {
  const running = run('echo first; sleep 1; echo second')
  await until(() => bench.said() !== '', 'the first line')
  assert.is(bench.said(), 'first\n')
  assert.is((await running).said, 'first\nsecond\n')
})

exec.needs(needs, 'passes on all of much output, to the last byte', async () => {
  const { said } = await run('seq 1 300000; seq 1 1000 >&2')
  assert.is(
    said.length,
    Array.from({ length: 300_000 }, (_, index) => `${index + 1}\n`.length).reduce((a, b) => a + b) + 3893,
  )
})

exec.needs(needs, 'a process that the command leaves behind ends with it', async () => {
  const mark = `7${Date.now()}`
  const before = Date.now()
  await run(`sleep ${mark} & true`)
  assert.ok(Date.now() - before < 5000)
  assert.equal(processes(mark), [])
})

exec.needs(needs, 'leaves no temporary folder, and no cgroup', async () => {
  const fresh = new Bench()
  try {
    for (const runtime of runtimes) await fresh.run('true', { layers: [base], runtime }).catch(() => {})
    await failure(fresh.run('exit 1', { layers: [base] }))
    const stop = AbortSignal.timeout(300)
    await failure(fresh.run('sleep 5', { layers: [base], signal: stop }))
    await sleep(500)
    // For each runtime one cell may be ready for a RUN to come, and there is a place to mount memory on.
    assert.ok(readdirSync(join(fresh.folder, 'tmp')).length <= 2 * runtimes.length)
  } finally {
    fresh.remove()
  }
  for (const hierarchy of readdirSync('/sys/fs/cgroup')) {
    const folder = join('/sys/fs/cgroup', hierarchy, 'imgsdk')
    const own = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(`${process.pid}-`)) : []
    assert.equal(own, [])
  }
})

exec.needs(needs, 'tells a signal from a status', async () => {
  const error = await failure(run('sh -c "kill -SEGV \\$\\$"; exit $?'))
  assert.is(error.detail?.['exitCode'], 139)
  assert.is(error.detail?.['signal'], 'SIGSEGV')
})

for (const runtime of runtimes) {
  exec.needs(
    [...needs, runtime],
    `A13 a descriptor that we were started with is not handed on (${runtime})`,
    async () => {
      const script = join(import.meta.dirname, '../run/one-run.js')
      const root = openSync('/', 'r')
      try {
        const look =
          'for f in /proc/self/fd/*; do readlink $f; done; ls /proc/self/fd/7/ /proc/self/fd/19/ 2>/dev/null; echo done'
        const stdio = Array.from({ length: 20 }, (_, index): StdioNull | number =>
          index === 7 || index === 19 ? root : index === 1 ? 'pipe' : 'ignore',
        )
        const child = spawn(process.execPath, [script, runtime, bench.folder, await base.directory(), look], { stdio })
        let said = ''
        child.stdout!.on('data', (bytes) => (said += bytes))
        await new Promise((resolve) => child.once('close', resolve))
        const lines = said.trim().split('\n')
        assert.is(lines.at(-1), 'done')
        assert.equal(
          lines.filter((line) => line === '/'),
          [],
        )
        assert.not.match(said, 'lost+found')
      } finally {
        closeSync(root)
      }
    },
  )
}

type StdioNull = 'ignore' | 'pipe'

exec.run()
