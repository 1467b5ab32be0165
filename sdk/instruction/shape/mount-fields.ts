/** From the fields of a `--mount` record to a mount. */
import { ImgError } from '../../error.ts'
import type { Template } from '../../graph/template.ts'
import { lexWord } from './lex-word.ts'
import type { MountFields, RepeatedMount } from './mount.ts'
import { checkValue, parseBool } from './mount-values.ts'
import { didYouMean } from './nearest.ts'

const aliases: Readonly<Record<string, string>> = {
  src: 'source',
  dst: 'target',
  destination: 'target',
  ro: 'readonly',
  rw: 'readwrite',
}
/** Keys that take a value. */
export const plain: readonly string[] = [
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
/** Keys that may stand alone. */
export const switches: readonly string[] = ['readonly', 'readwrite', 'required']
const known = [...plain, ...switches, ...Object.keys(aliases)]
/** The record is refused once the stage is built. */
export class Refused {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}

/** One key of a record, its alias resolved. True: the key alone. */
interface Field {
  readonly key: string
  readonly value: Template | true
}

/** The mount that a record says. Throws Refused. Source: D5.2, D5.6, D5.7. */
export function readFields(record: readonly string[], escape: string): MountFields | RepeatedMount {
  const fields = record.map((field) => readField(field, escape))
  const { mount, lost } = meaning(fields)
  if (!lost) return mount
  return {
    ...(mount.from ? { from: mount.from } : {}),
    fields: fields
      .filter(({ key }) => key !== 'from')
      .map(({ key, value }) => (value === true ? { key } : { key, value })),
  }
}

function readField(field: string, escape: string): Field {
  const equals = field.indexOf('=')
  const written = (equals < 0 ? field : field.slice(0, equals)).toLowerCase()
  const key = aliases[written] ?? written
  if (equals < 0 && !switches.includes(key)) throw new Refused(`invalid field '${field}' must be a key=value pair`)
  if (!plain.includes(key) && !switches.includes(key)) {
    throw new Refused(['unexpected key ', `'${written}' in '${field}'`, hintFor(written)].join(''))
  }
  const text = field.slice(equals + 1)
  const value = equals < 0 ? true : key === 'from' ? text : lexWord(text, escape)
  if (switches.includes(key)) refuseNonsense(written, value)
  return { key, value }
}

/**
 * The last of each key, in its one form.
 *
 * @returns  `lost`: a value with a variable is not part of the mount, or it is not known which type was seen when; BuildKit reads all
 * @throws Refused
 */
export function meaning(fields: readonly Field[]): { mount: MountFields; lost: boolean } {
  const out: Record<string, unknown> = {}
  let type: Template = 'bind'
  for (const { key, value } of fields) {
    // `required` and `size` look at the type seen so far (D5.6)
    const late = key === 'size' ? ['tmpfs'] : key === 'required' ? ['secret', 'ssh'] : undefined
    if (late && typeof type === 'string' && !late.includes(type))
      throw new Refused(`unexpected key '${key}' for mount type '${type}'`)
    refuseOverwritten(key, out[key])
    if (key === 'from') out['from'] = { image: value }
    else if (switches.includes(key)) setSwitch(out, key, value)
    else out[key] = key === 'type' || key === 'sharing' ? lower(value as Template) : value
    if (key === 'type') type = out['type'] as Template
  }
  const mount = canonical(out, type)
  const templates = fields.filter(({ value }) => Array.isArray(value)).length
  const types = fields.filter(({ key }) => key === 'type').length
  const lost = templates > Object.values(mount).filter(Array.isArray).length || (types > 1 && templates > 0)
  return { mount, lost }
}

/** A value that does not count is checked all the same. */
function refuseOverwritten(key: string, value: unknown): void {
  if (typeof value !== 'string') return
  try {
    if (key === 'type' || ['sharing', 'size', 'mode', 'uid', 'gid'].includes(key)) checkValue(key, value)
  } catch (thrown) {
    if (thrown instanceof ImgError) throw new Refused(thrown.message)
    throw thrown
  }
}

function refuseNonsense(name: string, value: Template | true): void {
  if (typeof value === 'string' && parseBool(value) === undefined)
    throw new Refused(`invalid value for ${name}: "${value}"; expected true or false`)
}

function setSwitch(out: Record<string, unknown>, key: string, value: Template | true): void {
  refuseNonsense(key, value)
  const on = typeof value === 'string' ? parseBool(value)! : value
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
    if (type !== 'tmpfs') {
      refuseOverwritten('size', out['size'])
      delete out['size']
    }
    if (type !== 'secret' && type !== 'ssh') delete out['required']
  }
  return out
}

// Of ASCII alone: a byte of another letter, lowered, would be part of no letter, and no known word has any.
function lower(value: Template): Template {
  return typeof value === 'string' ? value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : value
}

function hintFor(key: string): string {
  const hint = didYouMean(key, known)
  return hint === undefined ? '' : ` (${hint})`
}
