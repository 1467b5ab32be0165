/** Cuts a graph down to what one stage needs. */
import { ImgError } from '../sdk/error.ts'
import type { Graph, Instruction, Stage, StageRef } from '../sdk/index.ts'
import { didYouMean, typed } from '../sdk/instruction/shape/nearest.ts'

/**
 * The graph with the stage of that name, or position, as its last one, and only the stages it needs before it.
 * @throws STAGE_UNKNOWN
 */
export function onlyStage(graph: Graph, target: string): Graph {
  const names = graph.stages.map((stage, index) => stage.from.args.name ?? String(index))
  const last = names.lastIndexOf(target.toLowerCase())
  const index = last >= 0 ? last : /^\d+$/.test(target) ? Number(target) : -1
  if (graph.stages[index] === undefined) {
    throw new ImgError('STAGE_UNKNOWN', `there is no stage "${target}"`, {
      hint: didYouMean(target, names, { nearness: typed }) ?? `the stages are ${names.join(', ')}`,
    })
  }
  const needed = new Set<number>()
  const visit = (position: number): void => {
    if (needed.has(position)) return
    needed.add(position)
    const { from, instructions } = graph.stages[position]!
    for (const instruction of [from, ...instructions])
      for (const ref of refsOf(instruction)) if ('stage' in ref) visit(ref.stage)
  }
  visit(index)
  const kept = [...needed]
    .filter((position) => position !== index)
    .sort((a, b) => a - b)
    .concat(index)
  const moved = new Map(kept.map((position, place) => [position, place]))
  const stages = kept.map((position) => move(graph.stages[position]!, moved))
  return { ...graph, stages }
}

/** The edges of an instruction: the fields where the instruction table has a stage. */
function refsOf({ args }: Instruction): StageRef[] {
  const { base, from, mount } = args as { base?: StageRef; from?: StageRef; mount?: readonly { from?: StageRef }[] }
  return [base, from, ...(mount ?? []).map((one) => one.from)].filter((ref) => ref !== undefined)
}

function move({ from, instructions }: Stage, moved: ReadonlyMap<number, number>): Stage {
  const renumber = (ref: StageRef): StageRef => ('stage' in ref ? { stage: moved.get(ref.stage)! } : ref)
  const change = <A extends object>(instruction: Instruction<A>): Instruction<A> => {
    if (refsOf(instruction).length === 0) return instruction
    const { base, from, mount } = instruction.args as {
      base?: StageRef
      from?: StageRef
      mount?: readonly { from?: StageRef }[]
    }
    const args = {
      ...instruction.args,
      ...(base ? { base: renumber(base) } : {}),
      ...(from ? { from: renumber(from) } : {}),
      ...(mount ? { mount: mount.map((one) => (one.from ? { ...one, from: renumber(one.from) } : one)) } : {}),
    }
    return { ...instruction, args }
  }
  return { from: change(from), instructions: instructions.map(change) }
}
