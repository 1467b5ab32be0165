/** The shape of `--mount`: one CSV record of keys and values. */
import type { Code } from '../../codes.ts'
import type { StageRef } from '../../graph/graph.ts'
import type { Template } from '../../graph/template.ts'
import { readCsv, writeCsv } from './csv.ts'
import { plain, Refused, readFields, switches } from './mount-fields.ts'
import { objectSchema, stageSchema, templateSchema } from './schema.ts'
import type { Shape, Source, Style } from './shape.ts'
import { inexpressible, spellWord } from './spell.ts'

export { type ExpandedMount, expandMount } from './mount-expand.ts'

/** A mount with its aliases resolved. Values that mean the default are absent. */
export interface MountFields {
  /** Absent: `bind`. */
  readonly type?: Template
  readonly from?: StageRef
  readonly source?: Template
  readonly target?: Template
  /** Absent: true for bind, secret and ssh. */
  readonly readonly?: boolean | Template
  /** `rw=` with a variable: the opposite of `readonly`. */
  readonly readwrite?: Template
  readonly id?: Template
  readonly sharing?: Template
  readonly required?: boolean | Template
  readonly size?: Template
  readonly mode?: Template
  readonly uid?: Template
  readonly gid?: Template
  readonly env?: Template
}

/** A record that BuildKit refuses when, and only when, the stage is built (D5.5). */
export interface InvalidMount {
  readonly invalid: string
  readonly code: Code
  readonly reason: string
}

/** A record that repeats a key, and has a variable in a value that does not count: it is filled in before that is known (D5.4). */
export interface RepeatedMount {
  readonly from?: StageRef
  /** All but `from`, as they stand. A value that is absent: the key alone. */
  readonly fields: readonly { readonly key: string; readonly value?: Template }[]
}

/** One `--mount`. */
export type Mount = MountFields | RepeatedMount | InvalidMount

/** The stage or image that a mount refers to: known also of a record that will be refused (conformance D5.5). */
export function mountFrom(mount: Mount): StageRef | undefined {
  if (!('invalid' in mount)) return mount.from
  const last = readCsv(mount.invalid)?.findLast((field) => /^from=./is.test(field))
  return last === undefined ? undefined : { image: last.slice('from='.length) }
}

/** Variables are filled in by `expandMount`, not by `expand`. Source: chapter 5a. */
export const mount: Shape<Mount> = {
  read(source) {
    const fields = readCsv(source.text)
    if (!fields) {
      return source.fail('FLAG_VALUE', `--mount is not a list of key=value: "${source.text}"`, {
        hint: 'double the quotes inside a quoted value',
      })
    }
    refuseVariableFrom(fields, source)
    try {
      return readFields(fields, source.wordEscape ?? source.escape)
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown
      return { invalid: source.text, code: 'FLAG_VALUE', reason: thrown.reason }
    }
  },
  write: (value, style) =>
    'invalid' in value
      ? value.invalid
      : writeCsv('fields' in value ? writeRepeated(value, style) : writeFields(value, style)),
  expand: (value) => value,
  schema: {
    anyOf: [
      objectSchema(
        {
          ...Object.fromEntries(plain.map((key) => [key, templateSchema])),
          from: stageSchema,
          readonly: { anyOf: [{ type: 'boolean' }, templateSchema] },
          readwrite: templateSchema,
          required: { anyOf: [{ type: 'boolean' }, templateSchema] },
        },
        [],
      ),
      objectSchema(
        {
          from: stageSchema,
          fields: {
            type: 'array',
            items: objectSchema({ key: { enum: [...plain, ...switches] }, value: templateSchema }, ['key']),
          },
        },
        ['fields'],
      ),
      objectSchema({ invalid: { type: 'string' }, code: { type: 'string' }, reason: { type: 'string' } }, [
        'invalid',
        'code',
        'reason',
      ]),
    ],
  },
}

/** The one check that every stage undergoes. Source: D5.4. */
function refuseVariableFrom(fields: readonly string[], source: Source): void {
  for (const field of fields) {
    const value = /^from=(.*)$/is.exec(field)?.[1]
    const at = value?.indexOf('$') ?? -1
    if (value === undefined || at < 0 || at === value.length - 1) continue
    source.fail('FLAG_VALUE', `--mount: 'from' doesn't support variable expansion, it is "${value}"`, {
      hint: 'define a stage with FROM and the variable, and name that stage',
    })
  }
}

function writeRepeated({ from, fields }: RepeatedMount, style: Style): string[] {
  const written = fields.map(({ key, value }) =>
    value === undefined ? key : `${key}=${spellWord(value, { escape: style.escape })}`,
  )
  return from ? [`from=${writeFrom(from, style)}`, ...written] : written
}

function writeFields(value: MountFields, style: Style): string[] {
  const word = (template: Template) => spellWord(template, { escape: style.escape })
  const fields: string[] = []
  if (value.type !== undefined) fields.push(`type=${word(value.type)}`)
  if (value.from) fields.push(`from=${writeFrom(value.from, style)}`)
  for (const key of ['id', 'source', 'target', 'sharing', 'size', 'mode', 'uid', 'gid', 'env'] as const) {
    const template = value[key]
    if (template !== undefined) fields.push(`${key}=${word(template)}`)
  }
  for (const key of ['readonly', 'readwrite', 'required'] as const) {
    const on = value[key]
    if (on === true) fields.push(key)
    else if (on === false) fields.push(key === 'readonly' ? 'readwrite' : `${key}=false`)
    else if (on !== undefined) fields.push(`${key}=${word(on)}`)
  }
  // a mount of the working directory, with nothing said about it
  if (fields.length === 0) return ['type=bind']
  // a letter that a flag can only end in, for its second byte is a blank to what cuts out flags
  const isLast = (field: string) => field.charCodeAt(field.length - 1) > 0x7f
  return [...fields.filter((field) => !isLast(field)), ...fields.filter(isLast)]
}

function writeFrom(from: StageRef, style: Style): string {
  if ('image' in from) return from.image as string
  const name = style.stageName(from.stage)
  if (/^[0-9]/.test(name))
    throw inexpressible(
      `a mount from the stage at position ${from.stage}, which has no name of its own`,
      'give that stage a name',
    )
  return name
}
