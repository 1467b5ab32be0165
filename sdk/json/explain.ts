/** Tells in words what a validator found. */
import { table } from '../instruction/rows.ts'
import { didYouMean } from '../instruction/shape/nearest.ts'
import { fieldsOf } from './encode.ts'
import type { Path } from './scan.ts'

/** What ajv reports; the members that are used here. */
export interface SchemaError {
  readonly instancePath: string
  readonly schemaPath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
}

/** `key`: it is about the name of the member that the path ends in. */
export interface Explanation {
  readonly path: Path
  readonly key: boolean
  readonly message: string
  readonly hint?: string | undefined
}

/**
 * The most telling of the errors that a failed validation left behind. Where a value may have several forms each form
 * complains; the complaint that lies deepest belongs to the form that was meant.
 */
export function explain(errors: readonly SchemaError[], value: unknown): Explanation {
  // Why each item is not what a list must contain says less than that nothing is.
  const concrete = errors.filter(
    ({ keyword, schemaPath }) => keyword !== 'anyOf' && keyword !== 'oneOf' && !schemaPath.includes('/contains/'),
  )
  const depthOf = ({ instancePath }: SchemaError) => instancePath.split('/').length
  const deepest = concrete.reduce((depth, error) => Math.max(depth, depthOf(error)), 0)
  const candidates = concrete.filter((error) => depthOf(error) === deepest)
  const path = pathOf(candidates[0]?.instancePath ?? '', value)
  const tag = candidates.find(({ keyword }) => keyword === 'discriminator')
  if (tag) return explainTag(tag, path, value)
  // A form that asks for nothing more and only has a member too many is the one that was meant.
  const unknown = candidates.find(({ keyword }) => keyword === 'additionalProperties')
  if (unknown) return explainUnknown(String(unknown.params['additionalProperty']), path, value)
  const expected = [...new Set(candidates.map(expectation))]
  return { path, key: false, message: `expected ${expected.join(' or ')}, found ${describe(valueAt(value, path))}` }
}

function explainTag({ params }: SchemaError, path: Path, value: unknown): Explanation {
  const tag = String(params['tag'])
  const given = params['tagValue']
  if (given === undefined)
    return {
      path,
      key: false,
      message: `expected an object with the member "${tag}", found ${describe(valueAt(value, path))}`,
    }
  const hint =
    tag === 'keyword' && typeof given === 'string' ? didYouMean(given.toUpperCase(), table.keys()) : undefined
  return { path: [...path, tag], key: false, message: `${describe(given)} is no ${tag} that is known here`, hint }
}

function explainUnknown(name: string, path: Path, value: unknown): Explanation {
  const parent = path.at(-1) === 'args' ? (valueAt(value, path.slice(0, -1)) as { keyword?: unknown }) : undefined
  const known = typeof parent?.keyword === 'string' ? fieldsOf(parent.keyword) : []
  return {
    path: [...path, name],
    key: true,
    message: `there is no member "${name.slice(0, 100)}" here`,
    hint: didYouMean(name, known),
  }
}

const kinds: Record<string, string> = {
  string: 'text',
  array: 'a list',
  object: 'an object',
  integer: 'a whole number',
  boolean: 'true or false',
}

function expectation({ keyword, params }: SchemaError): string {
  if (keyword === 'type')
    return [params['type']]
      .flat()
      .map((type) => kinds[String(type)] ?? String(type))
      .join(' or ')
  if (keyword === 'required') return `the member "${params['missingProperty']}"`
  if (keyword === 'const') return JSON.stringify(params['allowedValue'])
  if (keyword === 'enum')
    return (params['allowedValues'] as unknown[]).map((allowed) => JSON.stringify(allowed)).join(', ')
  if (keyword === 'minItems') return `at least ${params['limit']} item${params['limit'] === 1 ? '' : 's'}`
  if (keyword === 'minLength') return 'text that is not empty'
  if (keyword === 'minimum') return `at least ${params['limit']}`
  if (keyword === 'maximum') return `at most ${params['limit']}`
  if (keyword === 'pattern') return `text of the form ${params['pattern']}`
  if (keyword === 'contains') return 'a variable among the parts (text alone is written as plain text)'
  return keyword
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (value !== null && typeof value === 'object') {
    const keys = Object.keys(value)
    return keys.length === 0
      ? 'an empty object'
      : `an object with ${keys
          .slice(0, 5)
          .map((key) => JSON.stringify(key.slice(0, 40)))
          .join(', ')}`
  }
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

/** The steps of a JSON pointer; those into lists as numbers. */
function pathOf(pointer: string, value: unknown): Path {
  const path: (string | number)[] = []
  let at = value
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(Array.isArray(at) ? Number(name) : name)
    at = (at as Record<string, unknown> | undefined)?.[name]
  }
  return path
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => (at as Record<string | number, unknown> | null | undefined)?.[step], value)
}
