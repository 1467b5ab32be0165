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

/** A trigger's names mean stages of the file that it fires in (conformance D8.5). */
function linkTrigger(instruction: Instruction, stages: readonly StageState[], graph: Graph): Instruction {
  const find = (ref: StageRef): StageRef => {
    if ('stage' in ref) return ref
    const index = graph.stages.findLastIndex(({ from }) => from.args.name === String(ref.image).toLowerCase())
    return index >= 0 && stages[index] ? { stage: index } : ref
  }
  const args = instruction.args as { from?: StageRef; mount?: readonly { from?: StageRef }[] }
  const from = args.from ? { from: find(args.from) } : {}
  const mount = args.mount
    ? { mount: args.mount.map((value) => (value.from ? { ...value, from: find(value.from) } : value)) }
    : {}
  return { ...instruction, args: { ...args, ...from, ...mount } }
}
