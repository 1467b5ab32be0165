/** The mounts of RUN as code: `cache(…)`, `bind(…)` and so on. */
import type { StageRef } from '../graph/graph.ts'
import type { Template } from '../graph/template.ts'
import type { Mount } from '../instruction/shape/mount.ts'
import type { Value } from './command.ts'
import { call, member, object } from './doc.ts'
import { quote } from './literal.ts'
import { constantOf, type Scope } from './scope.ts'
import { textCode } from './text.ts'

const types: readonly string[] = ['bind', 'cache', 'secret', 'ssh', 'tmpfs']
/** What each function takes before its options. */
const leading: Readonly<Record<string, string | undefined>> = { cache: 'target', tmpfs: 'target', secret: 'id' }
const order = ['from', 'source', 'target', 'id', 'sharing', 'required', 'env', 'size', 'mode', 'uid', 'gid', 'readonly']

/** The code of a mount; undefined where the functions cannot say it. */
export function mountValue(mount: Mount, scope: Scope): Value | undefined {
  if ('invalid' in mount || 'fields' in mount) return undefined
  const { type = 'bind', ...fields } = mount
  if (typeof type !== 'string' || !types.includes(type)) return undefined
  const options = new Map<string, Value>()
  for (const key of order) {
    const field = (fields as Record<string, unknown>)[key]
    if (field === undefined) continue
    const value = key === 'from' ? stageValue(field as StageRef, scope) : fieldValue(key, field, scope)
    if (!value) return undefined
    options.set(key, value)
  }
  if (Object.keys(fields).some((key) => !options.has(key))) return undefined
  const value = { type, ...Object.fromEntries([...options].map(([key, option]) => [key, option.value])) }
  const members = (skip?: string) =>
    [...options].filter(([key]) => key !== skip).map(([key, option]) => member(key, option.doc))
  const first = leading[type]
  const known = type in leading || (type === 'bind' && options.has('target')) || type === 'ssh'
  if (!known || (first !== undefined && !options.has(first))) {
    return { doc: object([`type: ${quote(type)}`, ...members()]), value }
  }
  const rest = members(first)
  const head = first === undefined ? [] : [options.get(first)!.doc]
  return { doc: call(type, rest.length === 0 ? head : [...head, object(rest)]), value }
}

/** A stage by its constant, or an image, a context or a later stage by name. */
export function stageValue(ref: StageRef, scope: Scope): Value | undefined {
  const constant = constantOf(ref, scope)
  if (constant) return { doc: constant.constant, value: constant.mark }
  const name = 'stage' in ref ? (scope.stages[ref.stage]?.name ?? String(ref.stage)) : ref.image
  return typeof name === 'string' ? { doc: quote(name), value: name } : undefined
}

function fieldValue(key: string, field: unknown, scope: Scope): Value | undefined {
  if (typeof field === 'boolean') return { doc: String(field), value: field }
  const numeric = (key === 'uid' || key === 'gid') && typeof field === 'string' && /^(0|[1-9]\d{0,9})$/.test(field)
  if (numeric) return { doc: field, value: Number(field) }
  if (key === 'sharing' && !['shared', 'private', 'locked'].includes(field as string)) return undefined
  if (key === 'uid' || key === 'gid' || key === 'readonly' || key === 'required') return undefined
  const text = textCode(field as Template, scope)
  return text && { doc: text.code, value: text.value }
}
