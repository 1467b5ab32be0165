/** What a mount means once variables are filled in. */
import { ImgError } from '../../error.ts'
import { expand } from '../../graph/expand.ts'
import type { StageRef } from '../../graph/graph.ts'
import type { Template } from '../../graph/template.ts'
import type { Mount, MountFields, RepeatedMount } from './mount.ts'
import { meaning, Refused } from './mount-fields.ts'
import { oneOf, parseBool, parseNumber, parseSize, refuse, sharings, types } from './mount-values.ts'
import type { Lookup } from './shape.ts'

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
  if ('fields' in mount) return expandMount(settled(mount, lookup), lookup)
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

/** Every value filled in, then the last of each key: so a value counts that is replaced. */
function settled({ from, fields }: RepeatedMount, lookup: Lookup): MountFields {
  try {
    const filled = fields.map(({ key, value }) => ({
      key,
      value: value === undefined ? (true as const) : expand(value, lookup),
    }))
    return { ...meaning(filled).mount, ...present('from', from) }
  } catch (thrown) {
    if (thrown instanceof Refused) return refuse(thrown.reason)
    throw thrown
  }
}

function present<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })
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
