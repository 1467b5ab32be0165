/** What order an exported stage alone would give to stages and build arguments. */
import type { Graph, Stage, StageRef } from '../graph/graph.ts'
import { postOrder } from '../graph/post-order.ts'
import { argUses } from '../graph/token-args.ts'

/** Whether the stages, reached from the last one, come in the order that they have, each of them, under names of their own. */
export function keepsStages({ stages }: Graph): boolean {
  const order = postOrder([stages.length - 1], (index) => stagesUsed(stages[index]!))
  const names = stages.flatMap(({ from }) => from.args.name ?? [])
  const based = stages.flatMap(({ from }) => ('stage' in from.args.base ? [from.args.base.stage] : []))
  return (
    order.length === stages.length &&
    order.every((index, place) => index === place) &&
    new Set(names).size === names.length &&
    based.every((index) => stages[index]!.from.args.name !== undefined)
  )
}

/** The stages that a stage refers to, its base first. */
function stagesUsed({ from, instructions }: Stage): number[] {
  const references = instructions.flatMap(({ args }) => {
    const { from, mount = [] } = args as { from?: StageRef; mount?: readonly { from?: StageRef }[] }
    return [from, ...mount.map((value) => value.from)]
  })
  return [from.args.base, ...references].flatMap((ref) => (ref && 'stage' in ref ? [ref.stage] : []))
}

/** Whether the values mention just the declared build arguments, in the order of their declarations, one to an instruction. */
export function keepsArgs({ args }: Graph, values: readonly unknown[]): boolean {
  const declared = args.map((instruction) => (instruction.args as { variables: readonly { name: string }[] }).variables)
  if (declared.some((variables) => variables.length !== 1)) return false
  const names = declared.map(([variable]) => variable!.name)
  const used = [...new Set(argUses(values).map(({ name }) => name))]
  return (
    new Set(names).size === names.length && used.length === names.length && used.every((name, i) => name === names[i])
  )
}
