/** Rules on the names of stages, and on the comments that describe them. */
import type { Instruction } from '../../graph/graph.ts'
import type { ArgDeclaration } from '../../instruction/shape/names.ts'
import { commentsOf } from '../control.ts'
import { type Draft, rule } from '../rule.ts'
import { written } from '../scene.ts'

/** A name is given once. */
export const duplicateStageName = rule({
  name: 'DuplicateStageName',
  summary: 'Every stage has a name of its own.',
  why: 'A name that two stages have means one of them in FROM and another in COPY --from.',
  how: 'give one of the stages another name',
  origin: 'buildkit',
  fileWide: true,
  *check({ graph }) {
    const seen = new Set<string>()
    for (const { from } of graph.stages) {
      const { name } = from.args
      if (name === undefined) continue
      if (seen.has(name)) yield { on: from, message: `Duplicate stage name "${name}", stage names should be unique` }
      seen.add(name)
    }
  },
})

const reserved: readonly string[] = ['scratch', 'context']

/** `scratch` and `context` are taken. */
export const reservedStageName = rule({
  name: 'ReservedStageName',
  summary: 'No stage is called scratch or context.',
  why: 'Both words mean something else where a stage could be named.',
  how: 'give the stage another name',
  origin: 'buildkit',
  fileWide: true,
  *check({ graph }) {
    for (const { from } of graph.stages) {
      const { name } = from.args
      if (name !== undefined && reserved.includes(name))
        yield { on: from, message: `Stage name should not use the same name as reserved stage "${name}"` }
    }
  },
})

/** A description begins with what it describes. */
export const invalidDefinitionDescription = rule({
  name: 'InvalidDefinitionDescription',
  summary: 'The comment above a stage or a build argument starts with its name.',
  why: 'Tools show such comments as the description of the target or the argument.',
  how: 'start the comment with the name, or put an empty comment line (#) below it',
  origin: 'buildkit',
  experimental: true,
  *check({ graph }) {
    for (const instruction of written(graph)) yield* misdescribed(instruction)
  },
})

function* misdescribed(instruction: Instruction): Generator<Draft> {
  const { keyword, args } = instruction
  const names = definedNames(keyword, args)
  const last = commentsOf(instruction).at(-1)
  if (last === undefined || names.length === 0 || names.includes(last.split(' ', 1)[0]!)) return
  const name = names.length > 1 ? '<arg_key>' : names[0]
  yield { on: instruction, message: `Comment for ${keyword} should follow the format: \`# ${name} <description>\`` }
}

function definedNames(keyword: string, args: object): readonly string[] {
  if (keyword === 'ARG') return (args as { variables: readonly ArgDeclaration[] }).variables.map(({ name }) => name)
  const { name } = args as { name?: string }
  return keyword === 'FROM' && name !== undefined ? [name] : []
}
