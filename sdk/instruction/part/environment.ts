/** Lists of `NAME=value`, as an image config keeps them. */
import { ImgError } from '../../error.ts'
import { hintFor, kindOf, wordOf, wrongKind } from '../../graph/given.ts'
import type { Template } from '../../graph/template.ts'
import { toTemplate } from '../../graph/token.ts'

/** The name and the value of one entry. */
export function splitEnv(entry: string): [name: string, value: string] {
  const at = entry.indexOf('=')
  return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)]
}

/**
 * The list with variables set: each in place of the first entry of its name, else at the end. A list that came from here is changed
 * and answered again, for a copy per ENV would make many of them cost their square; whoever hands one on says so by `shareEnv`.
 */
export function assignEnv(
  list: readonly string[],
  variables: readonly { readonly key: string; readonly value: string }[],
): readonly string[] {
  const { out, places } = own.get(list) ?? take(list)
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
  return out
}

/** From now on the list stays as it is, for another stage starts from it. */
export function shareEnv(list: readonly string[]): void {
  own.delete(list)
}

/** A list that nobody else has, and where the names in it are. */
interface Owned {
  readonly out: string[]
  readonly places: Map<string, number>
}

const own = new WeakMap<readonly string[], Owned>()

function take(list: readonly string[]): Owned {
  const places = new Map<string, number>()
  list.forEach((entry, index) => {
    const [name] = splitEnv(entry)
    if (!places.has(name)) places.set(name, index)
  })
  const owned = { out: list.slice(), places }
  own.set(owned.out, owned)
  return owned
}

type Value = string | number | boolean

/** Names and values as the builder takes them. A list of pairs may repeat a name, and keeps numbers in their place. */
export type PairsLike = Readonly<Record<string, Value>> | readonly (readonly [name: string, value: Value])[]

/** The pairs of templates that names and values mean, in order of definition. */
export function toPairs(values: PairsLike, keyword: string): { key: Template; value: Template }[] {
  const call = `.${keyword.toLowerCase()}`
  if (typeof values !== 'object' || values === null || kindOf(values) === 'a promise')
    throw wrongKind(
      values,
      `what ${keyword} sets`,
      'names and values',
      hintFor(values) ?? `write ${call}({ NAME: 'value' })`,
    )
  if (!Array.isArray(values) && Symbol.iterator in values)
    throw wrongKind(values, `what ${keyword} sets`, 'names and values', `write ${call}([...pairs])`)
  const entries = Array.isArray(values) ? (values as readonly (readonly [string, Value])[]) : Object.entries(values)
  if (entries.length === 0) throw new ImgError('ARGUMENT_VALUE', `${call}() was given no name and value`)
  return entries.map((entry) => toPair(entry, keyword))
}

function toPair(entry: readonly [string, Value], keyword: string): { key: Template; value: Template } {
  if (!Array.isArray(entry) || entry.length !== 2)
    throw wrongKind(entry, `an item of the list of ${keyword}`, 'a pair', "write ['NAME', 'value']")
  const [key, value] = entry as readonly [string, Value]
  if (key === '') throw new ImgError('ARGUMENT_VALUE', `${keyword} cannot set a name that is empty`)
  const what = `the value of ${key} in ${keyword}`
  if (value !== undefined)
    return { key: toTemplate(key, `a name of ${keyword}`), value: toTemplate(wordOf(value, what)) }
  throw wrongKind(value, what, 'text, a number, true or false', "leave the name out, or give a default: value ?? ''")
}
