/** Plans as JSON: the form of BuildKit's own debug output, which can be compared op for op. */
import type { ImageConfig } from '../oci/types.ts'
import type { FileAction, Op, Plan } from './op.ts'

/** A plan in the form of `--format llb-json`. */
export interface LlbJson {
  readonly ops: readonly object[]
  readonly image: ImageConfig
}

/** `{ ops, image }`: each op as `{ Op, inputs, platform }` with BuildKit's JSON field names, in the plan's order. */
export function encodeLlbJson(plan: Plan): LlbJson {
  const ops = plan.vertices.map(({ op, inputs, platform }) => ({
    Op: respell(op),
    ...(inputs.length > 0 ? { inputs } : {}),
    ...(platform ? { platform } : {}),
  }))
  return { ops, image: plan.image }
}

// The three members whose names BuildKit's JSON does not write in camel case.
const spellings: Record<string, string> = {
  includePatterns: 'include_patterns',
  excludePatterns: 'exclude_patterns',
  requiredPaths: 'required_paths',
}

function respell(op: Op): object {
  if (!('file' in op)) return op
  return { file: { actions: op.file.actions.map((action) => ({ ...action, Action: respellAction(action.Action) })) } }
}

function respellAction(action: FileAction['Action']): object {
  if (!('copy' in action)) return action
  return {
    copy: Object.fromEntries(Object.entries(action.copy).map(([name, value]) => [spellings[name] ?? name, value])),
  }
}
