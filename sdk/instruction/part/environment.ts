/** Lists of `NAME=value`, as an image config keeps them. */
import type { Template } from '../../graph/template.ts'
import { toTemplate } from '../../graph/token.ts'

/** The name and the value of one entry. */
export function splitEnv(entry: string): [name: string, value: string] {
  const at = entry.indexOf('=')
  return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)]
}

/** The list with variables set: each in place of the first entry of its name, else at the end. */
export function assignEnv(
  list: readonly string[],
  variables: readonly { readonly key: string; readonly value: string }[],
): string[] {
  const out = list.slice()
  const places = placesIn(list)
  for (const { key, value } of variables) {
    // The entry is read back by its first `=`, as all others are.
    const entry = `${key}=${value}`
    const at = places.get(key)
    if (at !== undefined) {
      out[at] = entry
      continue
    }
    const [name] = splitEnv(entry)
    if (!places.has(name)) places.set(name, out.length)
    out.push(entry)
  }
  // The map has moved on with the list: who starts from the old one counts again.
  known.delete(list)
  known.set(out, places)
  return out
}

// Where the names of a list are: the next ENV of a stage starts from there, so that many cost no more than their number.
const known = new WeakMap<readonly string[], Map<string, number>>()

function placesIn(list: readonly string[]): Map<string, number> {
  const counted = known.get(list)
  if (counted) return counted
  const places = new Map<string, number>()
  list.forEach((entry, index) => {
    const [name] = splitEnv(entry)
    if (!places.has(name)) places.set(name, index)
  })
  return places
}

type Value = string | number | boolean

/** Names and values as the builder takes them. A list of pairs may repeat a name, and keeps numbers in their place. */
export type PairsLike = Readonly<Record<string, Value>> | readonly (readonly [name: string, value: Value])[]

/** The pairs of templates that names and values mean, in order of definition. */
export function toPairs(values: PairsLike): { key: Template; value: Template }[] {
  const entries = Array.isArray(values) ? (values as readonly (readonly [string, Value])[]) : Object.entries(values)
  return entries.map(([key, value]) => ({ key: toTemplate(key), value: toTemplate(String(value)) }))
}
