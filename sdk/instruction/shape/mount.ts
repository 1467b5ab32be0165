/** The shape of `--mount`: one CSV record of keys and values. */
import type { Code } from '../../codes.ts'
import { ImgError } from '../../error.ts'
import type { StageRef } from '../../graph/graph.ts'
import type { Template } from '../../graph/template.ts'
import { readCsv, writeCsv } from './csv.ts'
import { lexWord } from './lex-word.ts'
import { checkValue, parseBool } from './mount-expand.ts'
import { didYouMean } from './nearest.ts'
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

/** One `--mount`. */
export type Mount = MountFields | InvalidMount

const aliases: Readonly<Record<string, string>> = {
  src: 'source',
  dst: 'target',
  destination: 'target',
  ro: 'readonly',
  rw: 'readwrite',
}
const plain: readonly string[] = [
  'source',
  'target',
  'id',
  'sharing',
  'size',
  'mode',
  'uid',
  'gid',
  'env',
  'type',
  'from',
]
const switches: readonly string[] = ['readonly', 'readwrite', 'required']
const known = [...plain, ...switches, ...Object.keys(aliases)]
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
  write: (value, style) => ('invalid' in value ? value.invalid : writeCsv(writeFields(value, style))),
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
      objectSchema({ invalid: { type: 'string' }, code: { type: 'string' }, reason: { type: 'string' } }, [
        'invalid',
        'code',
        'reason',
      ]),
    ],
  },
}

/** The record is refused once the stage is built. */
class Refused {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
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

function readFields(fields: readonly string[], escape: string): MountFields {
  const out: Record<string, unknown> = {}
  let type: Template = 'bind'
  for (const field of fields) {
    const equals = field.indexOf('=')
    const written = (equals < 0 ? field : field.slice(0, equals)).toLowerCase()
    const key = aliases[written] ?? written
    if (equals < 0 && !switches.includes(key)) throw new Refused(`invalid field '${field}' must be a key=value pair`)
    if (!plain.includes(key) && !switches.includes(key)) {
      throw new Refused(['unexpected key ', `'${written}' in '${field}'`, hintFor(written)].join(''))
    }
    const value: Template | true = equals < 0 ? true : lexWord(field.slice(equals + 1), escape)
    // `required` and `size` look at the type seen so far (D5.6)
    const late = key === 'size' ? ['tmpfs'] : key === 'required' ? ['secret', 'ssh'] : undefined
    if (late && typeof type === 'string' && !late.includes(type))
      throw new Refused(`unexpected key '${key}' for mount type '${type}'`)
    refuseOverwritten(key, out[key])
    if (key === 'from') out['from'] = { image: field.slice(equals + 1) }
    else if (switches.includes(key)) setSwitch(out, key, value)
    else out[key] = key === 'type' || key === 'sharing' ? lower(value as Template) : value
    if (key === 'type') type = out['type'] as Template
  }
  return canonical(out, type)
}

/** A value that a later one replaces is checked all the same. */
function refuseOverwritten(key: string, value: unknown): void {
  if (typeof value !== 'string') return
  try {
    if (key === 'type' || ['sharing', 'size', 'mode', 'uid', 'gid'].includes(key)) checkValue(key, value)
  } catch (thrown) {
    if (thrown instanceof ImgError) throw new Refused(thrown.message)
    throw thrown
  }
}

function setSwitch(out: Record<string, unknown>, key: string, value: Template | true): void {
  const on = typeof value === 'string' ? parseBool(value) : value
  if (on === undefined) throw new Refused(`invalid value for ${key}: ${String(value)}`)
  if (key === 'required') {
    out['required'] = on
    return
  }
  delete out['readonly']
  delete out['readwrite']
  if (typeof on === 'boolean') out['readonly'] = key === 'readonly' ? on : !on
  else out[key] = on
}

/** What means the default is left out, and what its type takes no notice of. */
function canonical(out: Record<string, unknown>, type: Template): MountFields {
  if (out['type'] === 'bind') delete out['type']
  for (const key of ['source', 'target', 'id']) if (out[key] === '') delete out[key]
  if ((out['from'] as { image?: unknown } | undefined)?.image === '') delete out['from']
  if (out['required'] === false) delete out['required']
  if (typeof type === 'string') {
    if (out['readonly'] === (type !== 'cache' && type !== 'tmpfs')) delete out['readonly']
    if (type !== 'tmpfs') delete out['size']
    if (type !== 'secret' && type !== 'ssh') delete out['required']
  }
  return out
}

function lower(value: Template): Template {
  return typeof value === 'string' ? value.toLowerCase() : value
}

function hintFor(key: string): string {
  const hint = didYouMean(key, known)
  return hint === undefined ? '' : ` (${hint})`
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
  return fields.length === 0 ? ['type=bind'] : fields
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
