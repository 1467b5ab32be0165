/** Rules on upper and lower case: keywords, AS, names of stages. */
import type { Instruction } from '../../graph/graph.ts'
import { type Draft, rule } from '../rule.ts'
import { keywordOf, noteOf } from '../scene.ts'

/** Names of stages in lower case. */
export const stageNameCasing = rule({
  name: 'StageNameCasing',
  summary: 'The name of a stage is in lower case.',
  why: 'Names of stages know no case, so one that is written in capitals looks like another than it is.',
  how: 'write the name in lower case',
  origin: 'buildkit',
  *check({ graph }) {
    for (const { from } of graph.stages) {
      const name = noteOf(from, 'name')
      if (name === undefined) continue
      const fix = { kind: 'name', text: name.toLowerCase() } as const
      yield { on: from, message: `Stage name '${name}' should be lowercase`, fix }
    }
  },
})

/** FROM and AS alike. */
export const fromAsCasing = rule({
  name: 'FromAsCasing',
  summary: 'AS is in the same case as its FROM.',
  why: 'Keywords in two cases on one line are harder to read.',
  how: 'write FROM and AS in the same case',
  origin: 'buildkit',
  *check({ graph }) {
    for (const { from } of graph.stages) {
      if (from.args.name === undefined) continue
      const keyword = keywordOf(from)
      const as = noteOf(from, 'as') ?? 'AS'
      const wanted = isLower(keyword) ? as.toLowerCase() : isUpper(keyword) ? as.toUpperCase() : as
      if (as === wanted) continue
      const message = `'${as}' and '${keyword}' keywords' casing do not match`
      yield { on: from, message, fix: { kind: 'as', text: wanted } }
    }
  },
})

/** One case for all keywords of a file. */
export const consistentInstructionCasing = rule({
  name: 'ConsistentInstructionCasing',
  summary: 'All keywords of a file are in the same case.',
  why: 'A file that mixes cases is harder to scan.',
  how: 'write every keyword in the case that most of them have',
  origin: 'buildkit',
  fileWide: true,
  *check({ graph }) {
    const all = graph.stages.flatMap(({ from, instructions }): Instruction[] => [from, ...instructions])
    const lower = all.filter((instruction) => isLower(keywordOf(instruction))).length
    const upper = all.filter((instruction) => isUpper(keywordOf(instruction))).length
    const wantsLower = lower > upper
    for (const instruction of all) yield* misfit(instruction, wantsLower)
  },
})

function* misfit(instruction: Instruction, wantsLower: boolean): Generator<Draft> {
  const keyword = keywordOf(instruction)
  const text = wantsLower ? keyword.toLowerCase() : keyword.toUpperCase()
  if (keyword === text) return
  const majority = wantsLower ? 'lowercase' : 'uppercase'
  const message = `Command '${keyword}' should match the case of the command majority (${majority})`
  yield { on: instruction, message, fix: { kind: 'keyword', text } }
}

function isLower(text: string): boolean {
  return text === text.toLowerCase()
}

function isUpper(text: string): boolean {
  return text === text.toUpperCase()
}
