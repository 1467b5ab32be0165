/** Lists of `NAME=value`, as an image config keeps them. */
import type { Template } from '../../graph/template.ts'
import { toTemplate } from '../../graph/token.ts'

/** The name and the value of one entry. */
export function splitEnv(entry: string): [name: string, value: string] {
  const at = entry.indexOf('=')
  return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)]
}

/** The list with a variable set: in place of the first entry of that name, else at the end. */
export function assignEnv(list: readonly string[], name: string, value: string): string[] {
  const at = list.findIndex((entry) => splitEnv(entry)[0] === name)
  const entry = `${name}=${value}`
  return at < 0 ? [...list, entry] : list.with(at, entry)
}

type Value = string | number | boolean

/** Names and values as the builder takes them. A list of pairs may repeat a name, and keeps numbers in their place. */
export type PairsLike = Readonly<Record<string, Value>> | readonly (readonly [name: string, value: Value])[]

/** The pairs of templates that names and values mean, in order of definition. */
export function toPairs(values: PairsLike): { key: Template; value: Template }[] {
  const entries = Array.isArray(values) ? (values as readonly (readonly [string, Value])[]) : Object.entries(values)
  return entries.map(([key, value]) => ({ key: toTemplate(key), value: toTemplate(String(value)) }))
}
