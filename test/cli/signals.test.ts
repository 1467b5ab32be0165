import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { command } from '../../cli/command.ts'
import { runCommand } from '../../cli/run.ts'
import { cliFile, folderOf, imgsdk } from '../helpers/cli.ts'
import { tarOf } from '../helpers/image.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const signals = suite('cli/signals')

const statuses = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const

const terminal = {
  out() {},
  err() {},
  taken: false,
  colour: false,
  live: false,
  columns: 80,
  rows: 24,
  flush: async () => {},
}

/** A verb that is told to stop while it runs, and then ends so. */
const stopped = (signal: NodeJS.Signals, end: () => number | undefined) => {
  const verb = command({
    name: 'test',
    summary: '',
    usage: [''],
    description: '',
    arguments: [0, 0],
    options: {},
    examples: [],
    async run({ interruptible }) {
      const aborted = once(interruptible(), 'abort')
      // a signal that is waited for keeps no process alive
      const alive = setInterval(() => {}, 1000)
      process.kill(process.pid, signal)
      await aborted
      clearInterval(alive)
      return end()
    },
  })
  return runCommand(verb, { values: {}, positionals: [], terminal })
}

signals('a verb that was told to stop has the status of the signal, however it ends', async () => {
  for (const [signal, status] of statuses) {
    assert.is(await stopped(signal, () => 0), status)
    assert.is(await stopped(signal, () => undefined), status)
    assert.is(
      await stopped(signal, () => {
        throw new Error('cut off')
      }),
      status,
    )
    for (const name of Object.values(statuses)) process.removeAllListeners(name[0])
  }
})

signals('an import that waits for bytes stops at once, and leaves nothing half done', async () => {
  for (const [signal, status] of statuses) {
    const store = join(temporaryFolder(), 'store')
    const args = [cliFile, 'import', '-', '--store', store, '--progress', 'plain', '-t', 'half']
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'pipe'] })
    const part = (await tarOf({ file: Buffer.alloc(8 << 20) })).subarray(0, 6 << 20)
    child.stdin.on('error', () => {})
    child.stdin.write(part)
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (text.includes('reading the archive')) child.kill(signal)
    })
    const limit = setTimeout(() => child.kill('SIGKILL'), 30_000)
    const [code] = (await once(child, 'close')) as [number | null]
    clearTimeout(limit)
    assert.is(code, status, said)
    assert.match(said, 'interrupted')
    assert.equal(readdirSync(join(store, 'tmp')), [])
    assert.is(JSON.parse((await imgsdk(['images', '--json', '--store', store])).stdout).length, 0)
  }
})

signals('an image.ts that never ends is ended at once', async () => {
  const cwd = folderOf({ 'image.ts': 'console.error("up")\nfor (;;) {}\n' })
  const interrupt = { when: /up/, signal: 'SIGTERM' } as const
  const ended = await imgsdk(['build'], { cwd, interrupt, seconds: 20 })
  assert.is(ended.status, 'SIGTERM')
})

signals.run()
