/** A slice of the fuzzer: what `npm run test:long` does a million times. */
import { assert, suite } from '../helpers/suite.ts'
import { chance, grammatical, holdToLaws, mutated, type Verdict } from './fuzz.ts'
import { fuzzTexts } from './fuzz-texts.ts'
import { holdToCodegen, holdToYaml } from './spellings.ts'

const fuzz = suite('laws/fuzz')
const inputs = 1200
const texts = fuzzTexts()

/** How many inputs of each verdict; fails at the first that breaks a law, and says its seed. */
function run(seed: number, make: (seed: number) => string): Record<Verdict, number> {
  const count = { refused: 0, parsed: 0, planned: 0 }
  for (let n = seed; n < seed + inputs; n++) {
    const text = make(n)
    try {
      count[holdToLaws(text)] += 1
    } catch (error) {
      throw new Error(`seed ${n}: ${(error as Error).message}\n${JSON.stringify(text)}`, { cause: error })
    }
  }
  return count
}

fuzz('Dockerfiles by the grammar', () => {
  const { refused, parsed, planned } = run(1, (seed) => grammatical(chance(seed)))
  assert.ok(planned > inputs / 6 && refused > inputs / 6 && parsed > inputs / 20, `${planned} ${refused} ${parsed}`)
})

fuzz('Dockerfiles with bytes changed', () => {
  const { refused, planned } = run(1, (seed) => mutated(chance(seed), texts))
  assert.ok(planned > inputs / 6 && refused > inputs / 6, `${planned} ${refused}`)
})

fuzz('YAML and image.ts bring graphs back', async () => {
  const count: Record<string, number> = {}
  for (let n = 1; n <= 120; n++) {
    const text = n % 2 ? grammatical(chance(n)) : mutated(chance(n), texts)
    for (const hold of [holdToYaml, holdToCodegen]) {
      const spelled = await hold(text).catch((error: Error) => assert.unreachable(`seed ${n}: ${error.message}`))
      count[`${hold.name} ${spelled}`] = (count[`${hold.name} ${spelled}`] ?? 0) + 1
    }
  }
  assert.ok(count['holdToYaml kept']! > 40 && count['holdToCodegen kept']! > 40, JSON.stringify(count))
})

fuzz('one seed gives one text', () => {
  assert.is(grammatical(chance(7)), grammatical(chance(7)))
  assert.is.not(grammatical(chance(7)), grammatical(chance(8)))
})

fuzz('a law that is broken is noticed', () => {
  assert.is(holdToLaws('FROM alpine\nRUN x\n'), 'planned')
  assert.is(holdToLaws('FROM alpine\nSTOPSIGNAL NOPE\n'), 'parsed')
  assert.is(holdToLaws('RUN x\n'), 'refused')
})

fuzz.run()
