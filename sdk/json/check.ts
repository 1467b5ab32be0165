/** What must hold for a graph beyond its schema. */
import type { Graph, Instruction } from '../graph/graph.ts'
import { rowOf } from '../instruction/rows.ts'
import type { Path } from './scan.ts'

/** Something wrong, and the value that it is about. */
export interface Finding {
  readonly path: Path
  readonly message: string
}

/**
 * Everything wrong with a graph that fits the schema: references to stages that do not exist, a stage that starts from
 * itself or a later one, triggers that may not be.
 */
export function checkGraph(graph: Graph): Finding[] {
  const count = graph.stages.length
  return graph.stages.flatMap(({ from, instructions }, index) => {
    const base = from.args.base
    const path: Path = ['stages', index, 'from', 'args', 'base', 'stage']
    const findings: Finding[] = []
    if ('stage' in base && base.stage >= index) {
      const which = base.stage === index ? 'itself' : base.stage < count ? 'a later one' : 'one that does not exist'
      findings.push({
        path,
        message: `stage ${index} starts from stage ${base.stage}, ${which}; expected a position below ${index}`,
      })
    }
    const inner = instructions.flatMap((instruction, at) => {
      const start: Path = ['stages', index, 'instructions', at]
      return [...checkReferences(instruction, start, count), ...checkTrigger(instruction, start)]
    })
    return [...findings, ...inner]
  })
}

/** The edges of COPY and of mounts. They may lead to any stage that exists; an order that cannot be built is found when it is. */
function checkReferences(instruction: Instruction, path: Path, count: number): Finding[] {
  const { from, mount = [] } = instruction.args as { from?: object; mount?: readonly { from?: object }[] }
  const edges: { ref: object | undefined; path: Path }[] = [
    { ref: from, path: [...path, 'args', 'from'] },
    ...mount.map((value, index) => ({ ref: value.from, path: [...path, 'args', 'mount', index, 'from'] })),
  ]
  return edges.flatMap(({ ref, path }) => {
    const { stage } = (ref ?? {}) as { stage?: number }
    if (stage === undefined || stage < count) return []
    const stages = count === 1 ? 'is 1 stage' : `are ${count} stages`
    return [
      {
        path: [...path, 'stage'],
        message: `${instruction.keyword} refers to stage ${stage}, but there ${stages}, counted from 0`,
      },
    ]
  })
}

function checkTrigger({ keyword, args }: Instruction, path: Path): Finding[] {
  const { trigger } = args as { trigger?: string }
  if (keyword !== 'ONBUILD' || trigger === undefined) return []
  const inner = /^\s*(\S+)/.exec(trigger)?.[1]?.toUpperCase() ?? ''
  if (!rowOf(inner)?.noTrigger) return []
  return [{ path: [...path, 'args', 'trigger'], message: `${inner} may not be an ONBUILD trigger` }]
}
