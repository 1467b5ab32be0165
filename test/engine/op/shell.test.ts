/** A shell in an image, with the descriptors of this process. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { assert, suite } from '../../helpers/suite.ts'
import { Bench } from '../run/fixture.ts'

const shell = suite('engine/op/shell')
const needs = ['linux', 'root', 'busybox']
const bench = new Bench()
const base = bench.busyboxFolder()
shell.after(() => bench.remove())

const program = join(import.meta.dirname, '../run/one-shell.js')

for (const runtime of ['crun', 'runc', 'bwrap', 'unshare']) {
  shell.needs(
    [...needs, runtime],
    `reads stdin, writes stdout, and answers the status and what changed (${runtime})`,
    () => {
      const words = [program, runtime, bench.folder, base, '/bin/sh']
      const { stdout, status } = spawnSync(process.execPath, words, {
        input: 'cat /etc/passwd | wc -l; touch /made; exit 5\n',
        encoding: 'utf8',
      })
      assert.is(status, 0)
      assert.is(stdout, '2\n{"exitCode":5,"names":["made"]}\n')
    },
  )

  // crun 1.8 may end before it has passed on what the program wrote last: it is chosen only where there is no runc
  const chosen = runtime === 'crun' ? 'auto' : runtime
  shell.needs([...needs, 'script', runtime, 'runc'], `has a terminal where we have one (${chosen})`, async () => {
    const words = [
      process.execPath,
      program,
      chosen,
      bench.folder,
      base,
      '/bin/sh',
      '-c',
      'test -t 0 && test -t 1 && echo terminal',
    ]
    // `script` hangs up at the end of its own input, before all output has come: it gets an input that does not end.
    const child = spawn('script', ['-qec', words.map((word) => `'${word}'`).join(' '), '/dev/null'])
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    await once(child, 'close')
    child.stdin.destroy()
    assert.match(said, 'terminal', JSON.stringify(said))
  })
}

shell.needs(needs, 'says which program the image does not have', () => {
  const { stdout } = spawnSync(process.execPath, [program, 'auto', bench.folder, base, '/bin/bash'], {
    encoding: 'utf8',
  })
  assert.match(stdout, /"code":"RUN_FAILED".*found no program/)
})

shell.run()
