/** The arguments of an instruction with variables filled in. */
import type { Instruction } from '../graph/graph.ts'
import { positional, type Row } from '../instruction/define.ts'
import type { Lookup } from '../instruction/shape/shape.ts'

/** Positional part and flags, each by its shape. */
export function expandArgs(row: Row, { args }: Instruction, lookup: Lookup): object {
  const values = args as Record<string, unknown>
  const { shape, field } = positional(row)
  const first =
    field === undefined ? (shape.expand(values, lookup) as object) : { [field]: shape.expand(values[field], lookup) }
  const flags: Record<string, unknown> = {}
  for (const [name, flag] of Object.entries(row.flags ?? {})) {
    const value = values[name]
    if (value === undefined) continue
    flags[name] = flag.repeatable
      ? (value as unknown[]).map((one) => flag.expand(one, lookup))
      : flag.expand(value, lookup)
  }
  return { ...first, ...flags }
}
