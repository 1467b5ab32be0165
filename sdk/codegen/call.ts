/** One instruction as a call of the builder: its own method, or where that cannot say it, `instruction()`. */
import { canonicalJson } from '../graph/canonical.ts'
import type { Instruction, StageRef } from '../graph/graph.ts'
import { isStageLike } from '../instruction/part/stage-like.ts'
import { rowOf } from '../instruction/rows.ts'
import { argumentsOf } from './arguments.ts'
import type { Value } from './command.ts'
import { array, call, type Doc, member, object } from './doc.ts'
import { memberName, quote } from './literal.ts'
import { constantOf, inexpressible, type Scope } from './scope.ts'

/** The call, and the values that it is made with. */
export interface Call {
  readonly doc: Doc
  readonly params: readonly unknown[]
}

/**
 * The call that means an instruction. Each is tried: what the row makes of the values must be the instruction again.
 *
 * @throws PRINT_INEXPRESSIBLE
 */
export function callOf(instruction: Instruction, scope: Scope): Call {
  const row = rowOf(instruction.keyword)
  const values = row && argumentsOf(instruction, scope)
  if (values && means(values, instruction, scope)) {
    return {
      doc: call(
        `.${instruction.keyword.toLowerCase()}`,
        values.map(({ doc }) => doc),
      ),
      params: values.map(({ value }) => value),
    }
  }
  const args = rawValue(instruction.args, scope)
  if (!row || !args) throw inexpressible(`this ${instruction.keyword}`, instruction)
  return {
    doc: call('.instruction', [object([`keyword: ${quote(instruction.keyword)}`, member('args', args)])]),
    params: [],
  }
}

function means(values: readonly Value[], { keyword, args }: Instruction, scope: Scope): boolean {
  try {
    const built = rowOf(keyword)!.build(...values.map(({ value }) => value))
    return canonicalJson(withPositions(built)) === canonicalJson(withNames(args, scope))
  } catch {
    return false
  }
}

/** States replaced by the positions that they stand for. */
function withPositions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPositions)
  if (value === null || typeof value !== 'object') return value
  const { state } = value as { state?: unknown }
  if (isStageLike(state)) return { stage: (state as unknown as { index: number }).index }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withPositions(inner)]))
}

/** References that only a name can make, by that name; linking the graph will find the stage again. */
function withNames(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => withNames(item, scope))
  if (value === null || typeof value !== 'object') return value
  const { stage } = value as { stage?: unknown }
  if (typeof stage === 'number') return constantOf({ stage }, scope) ? value : { image: nameOf(stage, scope) }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withNames(inner, scope)]))
}

function nameOf(stage: number, scope: Scope): string {
  return scope.stages[stage]?.name ?? String(stage)
}

/** Plain data as a literal; undefined for a value that has none. */
function rawValue(value: unknown, scope: Scope): Doc | undefined {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) {
    const items = value.map((item) => rawValue(item, scope))
    return items.includes(undefined) ? undefined : array(items as Doc[])
  }
  if (value === null || typeof value !== 'object') return undefined
  if (typeof (value as { stage?: unknown }).stage === 'number')
    return rawReference(value as StageRef & { stage: number }, scope)
  const members = Object.entries(value).map(([key, inner]) => [key, rawValue(inner, scope)] as const)
  if (members.some(([, inner]) => inner === undefined)) return undefined
  return object(members.map(([key, inner]) => member(memberName(key), inner!)))
}

function rawReference(ref: StageRef & { stage: number }, scope: Scope): Doc {
  const constant = constantOf(ref, scope)
  return object([constant ? `state: ${constant.constant}` : `image: ${quote(nameOf(ref.stage, scope))}`])
}
