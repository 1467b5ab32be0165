/** The edges between stages: who refers to whom, what is reachable, and that nothing goes round in a circle. */
import { ImgError } from '../error.ts'
import type { Instruction, StageRef } from '../graph/graph.ts'
import type { Template } from '../graph/template.ts'
import { type Mount, mountFrom } from '../instruction/shape/mount.ts'
import { locate } from './locate.ts'
import { newStage, refKey, type StageState } from './stage-state.ts'

/** Every stage, and by its name the last that has it. Implicit ones are appended, once for each time they are named. */
export interface Stages {
  readonly list: StageState[]
  readonly names: ReadonlyMap<string, StageState>
}

/** Finds the stages that instructions refer to. An image that is named becomes an implicit stage. */
export function connect(stage: StageState, instructions: readonly Instruction[], stages: Stages): boolean {
  let found = false
  for (const instruction of instructions) {
    for (const ref of refsOf(instruction)) {
      found = true
      const key = refKey(ref)
      const known = stage.uses.get(key)
      if (!known)
        stage.uses.set(
          key,
          locate(instruction, () => stageFor(ref, stages, instruction)),
        )
      // COPY --from=N counts them all (conformance D9.4)
      else if (known.implicit) stages.list.push(known)
    }
  }
  return found
}

function stageFor(ref: StageRef, { list: stages, names }: Stages, instruction: Instruction): StageState {
  const inRun = instruction.keyword === 'RUN'
  const index = 'stage' in ref ? ref.stage : inRun ? undefined : asIndex(String(ref.image))
  if (index !== undefined) {
    const stage = stages[index]
    if (stage) return stage
    throw new ImgError(
      'STAGE_UNKNOWN',
      `invalid stage index ${index}; there are ${stages.length} stages, counted from 0`,
    )
  }
  const baseName = String((ref as { image: Template }).image)
  const named = inRun ? names.get(baseName.toLowerCase()) : undefined
  if (named) return named
  const stage = newStage({
    name: baseName,
    from: undefined,
    named: instruction,
    baseName,
    instructions: [],
    implicit: true,
  })
  stages.push(stage)
  return stage
}

function asIndex(text: string): number | undefined {
  return /^[+-]?[0-9]+$/.test(text) ? Number(text) : undefined
}

/** The references in an instruction: COPY's `from`, and those of RUN's mounts, which without one count as of scratch. */
export function refsOf({ args }: Instruction): StageRef[] {
  const { from, mount } = args as { from?: StageRef; mount?: readonly Mount[] }
  return [...(from ? [from] : []), ...(mount ?? []).map((value) => mountFrom(value) ?? { image: 'scratch' })]
}

/** Throws STAGE_CYCLE. What a stage is FROM is no part of it: that one is always before it. Depth-first, without recursion: a chain of stages may be thousands long. */
export function refuseCycles(stages: readonly StageState[]): void {
  const done = new Set<StageState>()
  const open = new Set<StageState>()
  for (const first of stages) {
    const stack = done.has(first) ? [] : [{ stage: first, next: [...first.uses.values()] }]
    if (stack.length > 0) open.add(first)
    while (stack.length > 0) {
      const top = stack.at(-1)!
      const stage = top.next.pop()
      if (!stage) {
        stack.pop()
        open.delete(top.stage)
        done.add(top.stage)
      } else if (open.has(stage)) {
        throw new ImgError('STAGE_CYCLE', `circular dependency detected on stage: ${stage.name}`, {
          at: top.stage.from?.at,
        })
      } else if (!done.has(stage)) {
        open.add(stage)
        stack.push({ stage, next: [...stage.uses.values()] })
      }
    }
  }
}

/** The stages that a stage needs, itself first. */
export function reachableFrom(target: StageState): Set<StageState> {
  const seen = new Set<StageState>([target])
  for (const stage of seen) {
    if (stage.base) seen.add(stage.base)
    for (const next of stage.uses.values()) seen.add(next)
  }
  return seen
}
