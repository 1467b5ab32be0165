/** Turns names and numbers of stages into positions: the edges of the graph. */
import type { FromArgs, Graph, Instruction, Stage, StageRef } from './graph.ts'

/**
 * The graph with every name that means a stage replaced by its position.
 * FROM sees the stages before it, by their exact lower-case name, the nearest first. COPY --from sees all, by position or
 * by name in any case, the last of a name; mounts see names only. What matches nothing is an image or a named context.
 *
 * @source conformance D4.1.5, D5.11, D9.4, D9.5
 */
export function linkNames(graph: Graph): Graph {
  const earlier = new Map<string, number>()
  const last = new Map<string, number>()
  graph.stages.forEach(({ from }, index) => {
    if (from.args.name !== undefined) last.set(from.args.name, index)
  })
  const count = graph.stages.length
  const copy = (ref: StageRef): StageRef => {
    if (!('image' in ref) || typeof ref.image !== 'string') return ref
    const position = /^[+]?[0-9]+$/.test(ref.image)
      ? inRange(Number(ref.image), count)
      : last.get(ref.image.toLowerCase())
    return position === undefined ? ref : { stage: position }
  }
  const mount = (ref: StageRef): StageRef => {
    const position = 'image' in ref && typeof ref.image === 'string' ? last.get(ref.image.toLowerCase()) : undefined
    return position === undefined ? ref : { stage: position }
  }
  const stages = graph.stages.map((stage, index): Stage => {
    const { base, name } = stage.from.args
    const position = 'image' in base && typeof base.image === 'string' ? earlier.get(base.image) : undefined
    const from: Instruction<FromArgs> =
      position === undefined ? stage.from : { ...stage.from, args: { ...stage.from.args, base: { stage: position } } }
    if (name !== undefined) earlier.set(name, index)
    return { from, instructions: stage.instructions.map((instruction) => linkInstruction(instruction, copy, mount)) }
  })
  return { ...graph, stages }
}

type Linker = (ref: StageRef) => StageRef

/** One instruction with its stage references linked. Mounts are found by their field, which only RUN has. */
function linkInstruction(instruction: Instruction, copy: Linker, mount: Linker): Instruction {
  const args = instruction.args as { from?: StageRef; mount?: readonly { from?: StageRef }[] }
  if (args.from) return { ...instruction, args: { ...args, from: copy(args.from) } }
  if (!args.mount?.some(({ from }) => from)) return instruction
  const mounts = args.mount.map((value) => (value.from ? { ...value, from: mount(value.from) } : value))
  return { ...instruction, args: { ...args, mount: mounts } }
}

function inRange(index: number, count: number): number | undefined {
  return index < count ? index : undefined
}
