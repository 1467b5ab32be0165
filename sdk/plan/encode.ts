/** Plans as JSON: the form of BuildKit's own debug output, which can be compared op for op. */
import type { ImageConfig } from '../oci/types.ts'
import type { Plan } from './op.ts'

/** A plan in the form of `--format llb-json`. */
export interface LlbJson {
  readonly ops: readonly object[]
  readonly image: ImageConfig
}

/** `{ ops, image }`: each op as `{ Op, inputs, platform }` with BuildKit's JSON field names, in the plan's order. */
export function encodeLlbJson(plan: Plan): LlbJson {
  const ops = plan.vertices.map(({ op, inputs, platform }) => ({
    Op: op,
    ...(inputs.length > 0 ? { inputs } : {}),
    ...(platform ? { platform } : {}),
  }))
  return { ops, image: plan.image }
}
