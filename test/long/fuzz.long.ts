/**
 * The fuzzer at length: a million Dockerfiles (or FUZZ_INPUTS), over all cores, from seeds that FUZZ_SEED moves. Half of them by the
 * grammar, half with bytes changed; one in four is held to the laws of printing, too, one in 16 to that of YAML, one in 64 to that of image.ts.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { assert, suite } from '../helpers/suite.ts'
import type { Report, Share } from './fuzz-worker.ts'

const long = suite('long/fuzz')

const inputs = Number(process.env['FUZZ_INPUTS'] ?? 1_000_000)
const seed = Number(process.env['FUZZ_SEED'] ?? 0)
const step = availableParallelism()

long(`${inputs} Dockerfiles keep the laws`, async () => {
  const shares = Array.from({ length: step }, (_, n): Share => ({ first: seed + n, step, end: seed + inputs }))
  const reports = await Promise.all(shares.map(run))
  const total = sum(reports.map(({ verdicts }) => verdicts))
  console.log(JSON.stringify(total), JSON.stringify(sum(reports.map(({ spelled }) => spelled))))
  assert.equal(reports.flatMap(({ broken }) => broken).slice(0, 20), [])
  assert.is(
    Object.values(total).reduce((sum, count) => sum + count, 0),
    inputs,
  )
})

function sum(counts: readonly Record<string, number>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const count of counts)
    for (const [name, number] of Object.entries(count)) total[name] = (total[name] ?? 0) + number
  return total
}

function run(share: Share): Promise<Report> {
  return new Promise((resolve, reject) => {
    new Worker(new URL('./fuzz-worker.js', import.meta.url), { workerData: share })
      .once('message', resolve)
      .once('error', reject)
  })
}

long.run()
