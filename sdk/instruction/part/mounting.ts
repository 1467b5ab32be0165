/** The mounts of RUN: from builder calls to graph values, and from graph values to drafts. */
import { ImgError } from '../../error.ts'
import { choiceOf, flagOf, modeOf, wordOf, wrongKind } from '../../graph/given.ts'
import type { Template } from '../../graph/template.ts'
import { toTemplate } from '../../graph/token.ts'
import type { LowerContext, MountDraft, Origin, SecretDraft, SshDraft } from '../define.ts'
import { type ExpandedMount, expandMount, type Mount } from '../shape/mount.ts'
import { didYouMean } from '../shape/nearest.ts'
import { cleanPath, joinPath } from './path.ts'
import { type StageLike, toStageRef } from './stage-like.ts'

/** A mount as the builder's `cache`, `bind`, `tmpfs`, `secret` and `ssh` make it. Options have the flag's own names. */
export interface MountLike {
  readonly type: 'bind' | 'cache' | 'tmpfs' | 'secret' | 'ssh'
  readonly from?: StageLike | string
  readonly source?: string
  readonly target?: string
  readonly readonly?: boolean
  readonly id?: string
  readonly sharing?: 'shared' | 'private' | 'locked'
  readonly required?: boolean
  readonly size?: string | number
  readonly mode?: string | number
  readonly uid?: number
  readonly gid?: number
  readonly env?: string
}

const mountTypes = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'] as const

/** What may be said of a mount besides its type. */
export const mountOptions: readonly string[] =
  'env from gid id mode readonly required sharing size source target uid'.split(' ')

/** The graph value of a builder's mount. Throws ARGUMENT_VALUE. */
export function toMount(mount: MountLike): Mount {
  if (!isMountLike(mount))
    throw wrongKind(mount, 'a mount of RUN', 'what cache(), bind(), tmpfs(), secret() or ssh() gives')
  choiceOf(mount.type, mountTypes, 'type of a mount')
  const unknown = Object.keys(mount).find((key) => key !== 'type' && !mountOptions.includes(key))
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, mountOptions) ?? `its options are ${mountOptions.join(', ')}`
    throw new ImgError('ARGUMENT_VALUE', `a mount of RUN has no option "${unknown}"`, { hint })
  }
  const { from, readonly, required, mode, size, ...rest } = mount
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(rest)) {
    if (value === undefined || (key === 'type' && value === 'bind')) continue
    out[key] = toTemplate(wordOf(value, `${key} of a mount`)) satisfies Template
  }
  if (from !== undefined) out['from'] = toStageRef(from)
  if (flagOf(readonly, 'readonly of a mount') !== undefined && readonly !== readonlyByDefault(mount.type))
    out['readonly'] = readonly
  if (flagOf(required, 'required of a mount')) out['required'] = true
  if (size !== undefined) out['size'] = toTemplate(wordOf(size, 'size of a mount'))
  if (mode !== undefined) out['mode'] = toTemplate(modeOf(mode, 'mode of a mount'))
  return out as Mount
}

function isMountLike(value: unknown): value is MountLike {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}

function readonlyByDefault(type: MountLike['type']): boolean {
  return type === 'bind' || type === 'secret' || type === 'ssh'
}

/** What the mounts of one RUN mean. Throws ARGUMENT_VALUE and FLAG_VALUE. Source: conformance chapter 5. */
export function mounting(mounts: readonly (Mount | ExpandedMount)[], context: LowerContext) {
  const drafts: MountDraft[] = []
  const secrets: SecretDraft[] = []
  const ssh: SshDraft[] = []
  for (const value of mounts) {
    const mount = expandMount(value as Mount, context.env)
    if (mount.type === 'secret') secrets.push(secretDraft(mount))
    else if (mount.type === 'ssh') ssh.push(sshDraft(mount, ssh.length))
    else drafts.push(mountDraft(mount, context))
  }
  return { mounts: drafts, secrets, ssh }
}

function mountDraft(mount: ExpandedMount, context: LowerContext): MountDraft {
  const raw = mount.target ?? ''
  const target = cleanPath(raw).startsWith('/') ? raw : joinPath('/', context.workdir, raw)
  if (target === '/') {
    throw new ImgError('ARGUMENT_VALUE', `RUN --mount: invalid mount target "${target}"`, {
      hint: 'give the mount a target=/path',
    })
  }
  const selector = joinPath('/', mount.source ?? '')
  const owned = mount.uid !== undefined || mount.gid !== undefined || mount.mode !== undefined
  const sharing = mount.sharing === 'private' ? 1 : mount.sharing === 'locked' ? 2 : 0
  return {
    target,
    source: originOf(mount, selector),
    // BuildKit counts it as a use of the context, although nothing is read.
    ...(mount.type === 'tmpfs' && mount.from === undefined ? { contextPath: selector } : {}),
    ...(mount.readonly ? { readonly: true } : mount.type === 'bind' ? { noOutput: true } : {}),
    ...(mount.type === 'tmpfs' ? { tmpfs: mount.size ? { size: mount.size } : {} } : {}),
    ...(mount.type === 'cache'
      ? { cache: { id: `${context.cacheNamespace}/${mount.id || cleanPath(raw)}`, sharing } }
      : {}),
    ...(selector !== '/' ? { selector } : owned ? { selector: '/cache', owner: ownerOf(mount) } : {}),
  }
}

function ownerOf(mount: ExpandedMount) {
  return { uid: mount.uid ?? 0, gid: mount.gid ?? 0, mode: mount.mode ?? 0o755 }
}

// A cache is of scratch unless it says otherwise: of the stage of that name, where there is one.
function originOf(mount: ExpandedMount, selector: string): Origin {
  if (mount.type === 'tmpfs') return { kind: 'scratch' }
  if (mount.from !== undefined) return { kind: 'stage', ref: mount.from, verb: 'mount', path: selector }
  return mount.type === 'cache'
    ? { kind: 'stage', ref: { image: 'scratch' }, verb: 'mount', path: selector }
    : { kind: 'context', path: selector }
}

function secretDraft(mount: ExpandedMount): SecretDraft {
  const id = mount.source || mount.id || baseName(mount.target ?? '')
  if (id === '')
    throw new ImgError('ARGUMENT_VALUE', 'RUN --mount=type=secret needs an id or a target', { hint: 'write id=NAME' })
  const file = mount.target || (mount.env === undefined ? `/run/secrets/${baseName(id)}` : undefined)
  return {
    id,
    ...(file === undefined ? {} : { target: file }),
    ...(mount.env === undefined ? {} : { env: mount.env }),
    ...access(mount, 0o400),
  }
}

function sshDraft(mount: ExpandedMount, index: number): SshDraft {
  if (mount.source) throw new ImgError('ARGUMENT_VALUE', 'RUN --mount=type=ssh does not take a source')
  return { id: mount.id ?? '', target: mount.target || `/run/buildkit/ssh_agent.${index}`, ...access(mount, 0o600) }
}

function access(mount: ExpandedMount, mode: number) {
  return { optional: !mount.required, uid: mount.uid ?? 0, gid: mount.gid ?? 0, mode: mount.mode ?? mode }
}

function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, '')
  return trimmed === '' ? (path === '' ? '' : '/') : trimmed.slice(trimmed.lastIndexOf('/') + 1)
}
