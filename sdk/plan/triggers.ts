/** ONBUILD: the triggers of a stage's base, put before its own instructions. Source: conformance chapter 8. */
import { ImgError } from '../error.ts'
import type { Graph, Instruction, StageRef } from '../graph/graph.ts'
import { connect, type Stages } from './connect.ts'
import type { LowerOptions } from './options.ts'
import type { StageState } from './stage-state.ts'

/** Reads the triggers of a stage's base, once. Whether they refer to stages that nothing referred to before. */
export function readTriggers(graph: Graph, stage: StageState, stages: Stages, options: LowerOptions): boolean {
  if (stage.triggersRead || stage.implicit) return false
  stage.triggersRead = true
  const own = stage.base?.instructions.slice(stage.base.triggers) ?? []
  const texts = [
    ...(stage.base ? [] : (stage.image.config?.OnBuild ?? [])),
    ...own.flatMap(({ keyword, args }) => (keyword === 'ONBUILD' ? [(args as { trigger: string }).trigger] : [])),
  ]
  if (texts.length === 0) return false
  const at = stage.from?.at
  const triggers = texts.map((text): Instruction => {
    try {
      const instruction = options.parseTrigger(text, graph.escape ?? '\\')
      return linkTrigger({ ...instruction, ...(at ? { at } : {}) }, stages.list, graph)
    } catch (error) {
      throw new ImgError(
        'ARGUMENT_VALUE',
        `the ONBUILD trigger "${text}" of the base cannot be used: ${(error as Error).message}`,
        { at, cause: error },
      )
    }
  })
  stage.instructions = [...triggers, ...stage.instructions]
  stage.triggers = triggers.length
  if (stage.image.config?.OnBuild) {
    const { OnBuild: _, ...config } = stage.image.config
    stage.image = { ...stage.image, config }
  }
  return connect(stage, triggers, stages)
}

/** The name in a COPY means a stage of the file that the trigger fires in (conformance D8.5); those of mounts are looked up by `connect`. */
function linkTrigger(instruction: Instruction, stages: readonly StageState[], graph: Graph): Instruction {
  const { from } = instruction.args as { from?: StageRef }
  if (!from || 'stage' in from) return instruction
  const index = graph.stages.findLastIndex((one) => one.from.args.name === String(from.image).toLowerCase())
  return stages[index] ? { ...instruction, args: { ...instruction.args, from: { stage: index } } } : instruction
}
