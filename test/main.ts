/**
 * The test runner: every compiled test file in a process of its own, a few at a time, one count at the end.
 *
 * `node dist/test/main.js [--jobs N] [--timeout SECONDS] [--long] [PART OF A PATH…]`
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative, sep } from 'node:path'
import { parseArgs } from 'node:util'
import { type Outcome, readOutcome } from './helpers/outcome.ts'
import { projectRoot } from './helpers/suite.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: 'string', default: String(availableParallelism()) },
    timeout: { type: 'string', default: '180' },
    long: { type: 'boolean', default: false },
  },
})
const root = projectRoot()
const timeout = values.long ? 3600 : Number(values.timeout)
const children = new Set<number>()

process.exitCode = await main()

async function main(): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopAll(signal))
  const files = testFiles()
  if (files.length === 0) {
    console.log(`no test file matches ${positionals.join(' ')}`)
    return 1
  }
  const queue = [...files]
  const outcomes: Outcome[] = []
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const outcome = await runFile(file)
      outcomes.push(outcome)
      show(outcome)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Number(values.jobs)) }, worker))
  return report(outcomes)
}

/** Compiled test files whose source is still there, as paths from the folder of this file. */
function testFiles(): string[] {
  const all = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).map((path) =>
    path.split(sep).join('/'),
  )
  return all
    .filter((path) => path.endsWith(values.long ? '.long.js' : '.test.js') && !path.startsWith('bench/'))
    .filter((path) => existsSync(join(root, 'test', path.replace(/\.js$/, '.ts'))))
    .filter((path) => positionals.length === 0 || positionals.some((part) => path.includes(part)))
    .sort()
}

function runFile(file: string): Promise<Outcome> {
  const path = join(import.meta.dirname, file)
  const started = performance.now()
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' }
  // Its own process group, so that a time limit also ends what it has started.
  const child = spawn(process.execPath, [path], { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  if (child.pid !== undefined) children.add(child.pid)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
  let late = false
  const limit = setTimeout(() => {
    late = true
    kill(child.pid, 'SIGKILL')
  }, timeout * 1000)
  return new Promise((resolve) => {
    const finish = (status: number | null, signal: string | null) => {
      clearTimeout(limit)
      if (child.pid !== undefined) children.delete(child.pid)
      const ending = late ? `ran longer than ${timeout} s` : endingOf(status, signal)
      resolve(readOutcome({ file, output, ending, milliseconds: performance.now() - started }))
    }
    child.on('error', (error) => {
      output += String(error)
      finish(1, null)
    })
    // A daemon left behind may hold the pipes: the end of the process is what counts.
    child.on('exit', (status, signal) => setTimeout(() => finish(status, signal), 20))
  })
}

function endingOf(status: number | null, signal: string | null): string | undefined {
  if (signal) return `ended by ${signal}`
  return status ? `exit status ${status}` : undefined
}

function show(outcome: Outcome): void {
  const { file, passed, failed, skipped, milliseconds, output } = outcome
  const counts = `${passed} passed${failed ? `, ${failed} FAILED` : ''}${skipped.length ? `, ${skipped.length} skipped` : ''}`
  console.log(`${failed ? 'FAIL' : 'ok  '} ${file}  ${counts}  ${(milliseconds / 1000).toFixed(1)} s`)
  if (failed) console.log(`${outcome.reason}\n${output.trimEnd()}\n`)
}

function report(outcomes: readonly Outcome[]): number {
  const reasons = new Map<string, string[]>()
  for (const { name, reason } of outcomes.flatMap((outcome) => outcome.skipped)) {
    reasons.set(reason, [...(reasons.get(reason) ?? []), name])
  }
  for (const [reason, names] of [...reasons].sort()) {
    console.log(`\nskipped (${reason}): ${names.length}`)
    for (const name of names.sort()) console.log(`  ${name}`)
  }
  const failures = outcomes
    .filter((outcome) => outcome.failed > 0)
    .map((outcome) => `  ${outcome.file}  ${outcome.reason}`)
  if (failures.length > 0)
    console.log(`\nfailed in ${relative(process.cwd(), root) || '.'}:\n${failures.sort().join('\n')}`)
  const sum = (pick: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + pick(outcome), 0)
  const failed = sum((outcome) => outcome.failed)
  console.log(`\n${sum((o) => o.passed)} passed, ${failed} failed, ${sum((o) => o.skipped.length)} skipped`)
  return failed > 0 ? 1 : 0
}

function kill(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // It has ended already.
  }
}

function stopAll(signal: NodeJS.Signals): void {
  for (const pid of children) kill(pid, 'SIGKILL')
  process.exit(signal === 'SIGINT' ? 130 : 143)
}
