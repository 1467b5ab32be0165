/** The values of build arguments: what was given, else what is inherited, else the default. */
import { expand } from '../../graph/expand.ts'
import type { LowerContext } from '../define.ts'
import type { ArgDeclaration } from '../shape/names.ts'
import type { Lookup } from '../shape/shape.ts'

/** Read by the builder itself, never by commands, nor by other variables. Source: D3.28. */
export const unexported: ReadonlySet<string> = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE'])

type Declared = { readonly name: string; readonly value?: string }

/** The arguments of one ARG, left to right; each sees those before it. Source: conformance D3.7, D3.8, D3.14. */
export function evaluateDefaults(variables: readonly ArgDeclaration[], context: LowerContext): Declared[] {
  const set = new Map<string, string>()
  const declared = new Set<string>()
  const lookup: Lookup = {
    get: (name) => set.get(name) ?? context.env.get(name),
    unset: (name) => {
      if (!declared.has(name)) context.env.unset?.(name, set.keys())
    },
  }
  return variables.map((variable): Declared => {
    const value = valueOf(variable, context, lookup)
    declared.add(variable.name)
    if (value === undefined) return { name: variable.name }
    if (!unexported.has(variable.name)) set.set(variable.name, value)
    return { name: variable.name, value }
  })
}

function valueOf(variable: ArgDeclaration, context: LowerContext, lookup: Lookup): string | undefined {
  const given = context.buildArgs.get(variable.name)
  if (given !== undefined) return given
  if (variable.default === undefined) return context.globalArgs.get(variable.name)
  return expand(variable.default, lookup)
}
