/** What a mount means once variables are filled in. */
import { ImgError } from '../../error.ts'
import { expand } from '../../graph/expand.ts'
import type { StageRef } from '../../graph/graph.ts'
import type { Template } from '../../graph/template.ts'
import { parseGoFloat } from '../part/go-float.ts'
import type { Mount, MountFields } from './mount.ts'
import { didYouMean } from './nearest.ts'
import type { Lookup } from './shape.ts'

const types = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'] as const
const sharings = ['shared', 'private', 'locked'] as const

/** Absent: not given, or given empty. */
export interface ExpandedMount {
  readonly type: (typeof types)[number]
  readonly from?: StageRef
  readonly source?: string
  readonly target?: string
  readonly readonly: boolean
  readonly id?: string
  readonly sharing?: (typeof sharings)[number]
  readonly required: boolean
  /** Bytes. */
  readonly size?: number
  /** Permission bits. */
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
  /** May be empty. */
  readonly env?: string
}

/**
 * Fills in and checks a mount. What depends on WORKDIR is left to the caller.
 *
 * @throws FLAG_VALUE, EXPANSION
 * @source D5.3, D5.6, D5.7, D5.9, D5.21, D5.26, D5.28
 */
export function expandMount(mount: Mount, lookup: Lookup): ExpandedMount {
  if ('invalid' in mount) throw new ImgError(mount.code, `--mount=${mount.invalid}: ${mount.reason}`)
  const text = (value: Template | undefined) => (value === undefined ? undefined : expand(value, lookup))
  const filled = (value: Template | undefined) => text(value) || undefined
  const type = oneOf('mount type', types, (text(mount.type) ?? 'bind').toLowerCase())
  const sharing = text(mount.sharing)
  const expanded: ExpandedMount = {
    type,
    ...present('from', mount.from),
    ...present('source', filled(mount.source)),
    ...present('target', filled(mount.target)),
    readonly: isReadonly(mount, type, lookup),
    ...present('id', filled(mount.id)),
    ...(sharing === undefined ? {} : { sharing: oneOf('sharing value', sharings, sharing.toLowerCase()) }),
    required: mount.required === undefined ? false : switched('required', mount.required, lookup),
    ...present('size', parseSize(text(mount.size))),
    ...present('mode', parseNumber('mode', text(mount.mode), 8)),
    ...present('uid', parseNumber('uid', text(mount.uid), 10)),
    ...present('gid', parseNumber('gid', text(mount.gid), 10)),
    ...present('env', text(mount.env)),
  }
  check(expanded, mount)
  return expanded
}

/** Throws FLAG_VALUE where the value of a key can never be right. */
export function checkValue(key: string, text: string): void {
  if (key === 'type') oneOf('mount type', types, text)
  else if (key === 'sharing') oneOf('sharing value', sharings, text)
  else if (key === 'size') parseSize(text)
  else parseNumber(key, text, key === 'mode' ? 8 : 10)
}

function present<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })
}

function refuse(message: string, hint?: string): never {
  throw new ImgError('FLAG_VALUE', `--mount: ${message}`, { hint })
}

function oneOf<const V extends string>(what: string, values: readonly V[], text: string): V {
  return (
    values.find((value) => value === text) ??
    refuse(`unsupported ${what} "${text}"`, didYouMean(text, values) ?? `use ${values.join(', ')}`)
  )
}

function isReadonly(mount: MountFields, type: string, lookup: Lookup): boolean {
  if (mount.readonly !== undefined) return switched('readonly', mount.readonly, lookup)
  if (mount.readwrite !== undefined) return !switched('readwrite', mount.readwrite, lookup)
  return type !== 'cache' && type !== 'tmpfs'
}

function switched(key: string, value: boolean | Template, lookup: Lookup): boolean {
  if (typeof value === 'boolean') return value
  const text = expand(value, lookup)
  return parseBool(text) ?? refuse(`invalid value for ${key}: "${text}"`, 'write true or false')
}

/** Source: Go, strconv.ParseBool. */
export function parseBool(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text) ? false : undefined
}

function parseNumber(key: string, text: string | undefined, base: 8 | 10): number | undefined {
  if (text === undefined) return undefined
  const value = (base === 8 ? /^[0-7]+$/ : /^[0-9]+$/).test(text) ? Number.parseInt(text, base) : Number.NaN
  if (value < 2 ** 32) return value
  return refuse(`invalid value "${text}" for ${key}`, base === 8 ? 'write an octal number' : 'write a decimal number')
}

/** Bytes of a size with a unit; units count in 1024s. Source: D5.25; go-units, RAMInBytes. */
function parseSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const [, number = '', unit = ''] = /^(.*[0-9. ])([^0-9. ]*)$/s.exec(text) ?? []
  const count = parseGoFloat(number.replace(/ $/, ''))
  if (count === undefined || count < 0 || !/^(?:|b|[kmgtp](?:i?b)?)$/i.test(unit))
    return refuse(`invalid value for size: "${text}"`, 'write it like 64m')
  const power = unit === '' ? 0 : 'kmgtp'.indexOf(unit[0]!.toLowerCase()) + 1
  // + 0: Go takes -0, and it is no size
  const bytes = Math.trunc(count * 1024 ** power) + 0
  // What BuildKit makes of it depends on the processor that it runs on: a negative size, or the largest.
  if (bytes >= 2 ** 63) return refuse(`size "${text}" is more than 2^63 - 1 bytes`, 'leave it out for no limit')
  return bytes
}

function check(mount: ExpandedMount, given: MountFields): void {
  const { type } = mount
  if (type !== 'tmpfs' && given.size !== undefined) refuse(`unexpected key 'size' for mount type '${type}'`)
  const waits = type === 'secret' || type === 'ssh'
  if (!waits && given.required !== undefined) refuse(`unexpected key 'required' for mount type '${type}'`)
  if (!waits && type !== 'cache') {
    for (const key of ['mode', 'uid', 'gid'] as const) {
      if (mount[key] !== undefined) refuse(`${key} not allowed for "${type}" type mounts`)
    }
  }
  if (type === 'secret') checkSecret(mount)
  if (mount.sharing !== undefined && type !== 'cache') refuse(`invalid cache sharing set for ${type} mount`)
}

function checkSecret(mount: ExpandedMount): void {
  if (mount.from) refuse('secret mount should not have a from')
  if (mount.sharing !== undefined) refuse('secret mount should not define sharing')
  if (!mount.source && !mount.target && !mount.id)
    refuse('invalid secret mount. one of source, target required', 'write id=NAME')
  if (mount.source && mount.id) refuse("both source and id can't be set")
}
