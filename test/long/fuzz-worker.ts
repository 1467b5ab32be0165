/** One share of the long fuzz run, in a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { chance, grammatical, holdToLaws, mutated } from '../laws/fuzz.ts'
import { fuzzTexts } from '../laws/fuzz-texts.ts'
import { holdToCodegen, holdToYaml } from '../laws/spellings.ts'

/** Seeds `first`, `first + step`, … below `end`. */
export interface Share {
  readonly first: number
  readonly step: number
  readonly end: number
}

/** How many inputs ended in which way, and which broke a law. */
export interface Report {
  readonly verdicts: Record<string, number>
  /** What became of those that were spelled otherwise, too: `yaml kept`, `image.ts refused` … */
  readonly spelled: Record<string, number>
  readonly broken: readonly string[]
}

parentPort!.postMessage(await work(workerData as Share))

async function work({ first, step, end }: Share): Promise<Report> {
  const texts = fuzzTexts()
  const verdicts: Record<string, number> = {}
  const spelled: Record<string, number> = {}
  const count = (counts: Record<string, number>, name: string) => {
    counts[name] = (counts[name] ?? 0) + 1
  }
  const broken: string[] = []
  for (let seed = first; seed < end && broken.length < 20; seed += step) {
    const half = Math.floor(seed / step)
    const random = chance(seed)
    const text = half % 2 ? grammatical(random) : mutated(random, texts)
    try {
      count(verdicts, holdToLaws(text, half % 8 < 2))
      if (half % 32 < 2) count(spelled, `yaml ${await holdToYaml(text)}`)
      if (half % 128 < 2) count(spelled, `image.ts ${await holdToCodegen(text)}`)
    } catch (error) {
      broken.push(`seed ${seed}: ${(error as Error).message}\n${JSON.stringify(text)}`)
    }
  }
  return { verdicts, spelled, broken }
}
