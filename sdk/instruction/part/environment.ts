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

/** The members of an object as pairs of templates, in order of definition. */
export function toPairs(
  values: Readonly<Record<string, string | number | boolean>>,
): { key: Template; value: Template }[] {
  return Object.entries(values).map(([key, value]) => ({ key: toTemplate(key), value: toTemplate(String(value)) }))
}
