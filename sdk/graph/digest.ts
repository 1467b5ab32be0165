/** Digests of graphs and instructions. Locations, comments and spelling are left out, so moving a line costs nothing. */
import { type Digest, digestOf } from '../oci/digest.ts'
import { canonicalJson } from './canonical.ts'
import type { Graph, Instruction, Stage } from './graph.ts'

/** The graph without what rides beside it: what two spellings of one image have in common. */
export function canonicalGraph(graph: Graph): unknown {
  const { version, escape, args, stages } = graph
  return {
    version,
    escape,
    args: args.map(bare),
    stages: stages.map(({ from, instructions }) => ({ from: bare(from), instructions: instructions.map(bare) })),
  }
}

/** The digest of a whole graph. */
export function graphDigest(graph: Graph): Digest {
  return digestOf(canonicalJson(canonicalGraph(graph)))
}

/** One digest per stage: each covers its instructions and every stage that they refer to. */
export function stageDigests(graph: Graph): Digest[] {
  const digests: Digest[] = []
  const args = graph.args.map(bare)
  for (const stage of graph.stages) digests.push(digestOf(canonicalJson({ args, stage: linked(stage, digests) })))
  return digests
}

/** One digest per instruction of a stage: each covers the stage up to and including it. */
export function instructionDigests(graph: Graph, index: number): Digest[] {
  const before = stageDigests({ ...graph, stages: graph.stages.slice(0, index) })
  const stage = linked(graph.stages[index]!, before)
  let input = digestOf(canonicalJson({ args: graph.args.map(bare), from: stage.from }))
  return stage.instructions.map((instruction) => {
    input = digestOf(canonicalJson({ input, instruction }))
    return input
  })
}

function bare({ keyword, args }: Instruction): { keyword: string; args: object } {
  return { keyword, args }
}

/** A stage whose references to earlier stages are those stages' digests; a later one keeps its position. */
function linked({ from, instructions }: Stage, digests: readonly Digest[]) {
  const replace = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replace)
    if (value === null || typeof value !== 'object') return value
    const { stage } = value as { stage?: unknown }
    if (typeof stage === 'number') return { stage: digests[stage] ?? stage }
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, replace(member)]))
  }
  return { from: replace(bare(from)), instructions: instructions.map((instruction) => replace(bare(instruction))) }
}
