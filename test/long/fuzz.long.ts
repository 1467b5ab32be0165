/** The fuzzer at length: a million Dockerfiles (or FUZZ_INPUTS), over all cores, from seeds that FUZZ_SEED moves. */
import { availableParallelism } from 'node:os'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { assert, suite } from '../helpers/suite.ts'
import { chance, grammatical, holdToLaws, mutated } from '../laws/fuzz.ts'
import { fuzzTexts } from '../laws/fuzz-texts.ts'

/** Seeds `first`, `first + step`, … below `end`. */
interface Share {
  readonly first: number
  readonly step: number
  readonly end: number
}

interface Report {
  readonly verdicts: Record<string, number>
  readonly broken: readonly string[]
}

if (isMainThread) main()
else parentPort!.postMessage(work(workerData as Share))

function main(): void {
  const long = suite('long/fuzz')
  const inputs = Number(process.env['FUZZ_INPUTS'] ?? 1_000_000)
  const seed = Number(process.env['FUZZ_SEED'] ?? 0)
  const step = availableParallelism()

  long(`${inputs} Dockerfiles keep the laws`, async () => {
    const shares = Array.from({ length: step }, (_, n): Share => ({ first: seed + n, step, end: seed + inputs }))
    const reports = await Promise.all(shares.map(run))
    const total: Record<string, number> = {}
    for (const { verdicts } of reports)
      for (const [name, count] of Object.entries(verdicts)) total[name] = (total[name] ?? 0) + count
    console.log(JSON.stringify(total))
    assert.equal(reports.flatMap(({ broken }) => broken).slice(0, 20), [])
    assert.is(
      Object.values(total).reduce((sum, count) => sum + count, 0),
      inputs,
    )
  })

  long.run()
}

function run(share: Share): Promise<Report> {
  return new Promise((resolve, reject) => {
    new Worker(new URL(import.meta.url), { workerData: share }).once('message', resolve).once('error', reject)
  })
}

/** Half of the inputs by the grammar, half with bytes changed; one in four is held to the laws of printing, too. */
function work({ first, step, end }: Share): Report {
  const texts = fuzzTexts()
  const verdicts: Record<string, number> = {}
  const broken: string[] = []
  for (let seed = first; seed < end && broken.length < 20; seed += step) {
    const half = Math.floor(seed / step)
    const random = chance(seed)
    const text = half % 2 ? grammatical(random) : mutated(random, texts)
    try {
      const verdict = holdToLaws(text, half % 8 < 2)
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
    } catch (error) {
      broken.push(`seed ${seed}: ${(error as Error).message}\n${JSON.stringify(text)}`)
    }
  }
  return { verdicts, broken }
}
