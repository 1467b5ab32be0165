/** The edges between stages: who refers to whom, what is reachable, and that nothing goes round in a circle. */
import { ImgError } from '../error.ts'
import type { Instruction, StageRef } from '../graph/graph.ts'
import type { Template } from '../graph/template.ts'
import { locate } from './locate.ts'
import { newStage, refKey, type StageState } from './stage-state.ts'

/** Finds the stages that instructions refer to. An image that is named for the first time becomes an implicit stage. */
export function connect(stage: StageState, instructions: readonly Instruction[], stages: StageState[]): boolean {
  let found = false
  for (const instruction of instructions) {
    for (const ref of refsOf(instruction)) {
      found = true
      const key = refKey(ref)
      if (!stage.uses.has(key))
        stage.uses.set(
          key,
          locate(instruction, () => stageFor(ref, stages, instruction)),
        )
    }
  }
  return found
}

function stageFor(ref: StageRef, stages: StageState[], instruction: Instruction): StageState {
  const index = 'stage' in ref ? ref.stage : instruction.keyword === 'RUN' ? undefined : asIndex(String(ref.image))
  if (index !== undefined) {
    const stage = stages[index]
    if (stage) return stage
    throw new ImgError(
      'STAGE_UNKNOWN',
      `invalid stage index ${index}; there are ${stages.length} stages, counted from 0`,
    )
  }
  const baseName = String((ref as { image: Template }).image)
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

/** The references in an instruction: COPY's `from`, and those of RUN's mounts. */
function refsOf({ args }: Instruction): StageRef[] {
  const { from, mount } = args as { from?: StageRef; mount?: readonly { from?: StageRef }[] }
  return [...(from ? [from] : []), ...(mount ?? []).flatMap((value) => value.from ?? [])]
}

/** Throws STAGE_CYCLE. Depth-first, without recursion: a chain of stages may be thousands long. */
export function refuseCycles(stages: readonly StageState[]): void {
  const done = new Set<StageState>()
  const open = new Set<StageState>()
  for (const first of stages) {
    const stack = done.has(first) ? [] : [{ stage: first, next: neighbours(first) }]
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
        stack.push({ stage, next: neighbours(stage) })
      }
    }
  }
}

function neighbours(stage: StageState): StageState[] {
  return [...(stage.base ? [stage.base] : []), ...stage.uses.values()]
}

/** The stages that a stage needs, itself first. */
export function reachableFrom(target: StageState): Set<StageState> {
  const seen = new Set<StageState>([target])
  for (const stage of seen) for (const next of neighbours(stage)) seen.add(next)
  return seen
}
