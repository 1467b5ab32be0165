/** One share of the long fuzz run, in a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { chance, grammatical, holdToLaws, mutated } from '../laws/fuzz.ts'
import { fuzzTexts } from '../laws/fuzz-texts.ts'

/** Seeds `first`, `first + step`, … below `end`. */
export interface Share {
  readonly first: number
  readonly step: number
  readonly end: number
}

/** How many inputs ended in which way, and which broke a law. */
export interface Report {
  readonly verdicts: Record<string, number>
  readonly broken: readonly string[]
}

parentPort!.postMessage(work(workerData as Share))

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
