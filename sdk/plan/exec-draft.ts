/** From the draft of RUN to an ExecOp with its inputs linked. */
import type { ExecDraft, MountDraft } from '../instruction/define.ts'
import { fileOutput } from './file-draft.ts'
import type { ExecOp, Mount, UserOpt } from './op.ts'
import { type Beside, Inputs, type Output } from './ops.ts'
import { type Linker, originOutput } from './origin.ts'
import type { StageState } from './stage-state.ts'

/** RUN: the op, and its root file system as output. */
export function execOutput(draft: ExecDraft['exec'], stage: StageState, linker: Linker, beside: Beside): Output {
  const inputs = new Inputs()
  const root: MountDraft = { target: '/', source: { kind: 'scratch' } }
  const drafts = [root, ...draft.mounts].sort((a, b) => (a.target < b.target ? -1 : a.target > b.target ? 1 : 0))
  const sources = new Map(draft.mounts.map((mount) => [mount, mountSource(mount, stage, linker)]))
  const mounts: Mount[] = []
  let nextOutput = 0
  for (const mount of drafts) {
    const input = inputs.position(mount === root ? stage.output : sources.get(mount))
    const none = mount.noOutput || mount.readonly || mount.cache !== undefined || mount.tmpfs !== undefined
    mounts.push(toMount(mount, input, none ? -1 : nextOutput++))
  }
  for (const { id, target, optional, ...owner } of draft.secrets) {
    if (target !== undefined)
      mounts.push({ input: -1, dest: target, mountType: 1, secretOpt: idOpt(id, optional, owner) })
  }
  for (const { id, target, optional, ...owner } of draft.ssh) {
    mounts.push({ input: -1, dest: target, mountType: 2, SSHOpt: idOpt(id, optional, owner) })
  }
  const rootIndex = mounts.find(({ dest }) => dest === '/')?.output ?? 0
  const exec: ExecOp = { meta: meta(draft, stage, linker), mounts, ...modes(draft) }
  const node = linker.pool.add({ exec }, inputs.list, linker.platform, beside)
  return { node, index: rootIndex }
}

function mountSource(mount: MountDraft, stage: StageState, linker: Linker): Output {
  if (mount.contextPath !== undefined) linker.contextPaths.add(mount.contextPath)
  const source = originOutput(mount.source, stage, linker, mount.target)
  if (!mount.owner) return source
  const { uid, gid, mode } = mount.owner
  const owner = { user: { User: byId(uid) }, group: { User: byId(gid) } }
  return fileOutput([{ mkdir: { path: '/cache', mode: mode & 0o777, owner, timestamp: -1 } }], source, stage, linker, {
    name: '[internal] setting cache mount permissions',
  })
}

function byId(id: number): UserOpt['User'] {
  return id === 0 ? {} : { byId: id }
}

function toMount(mount: MountDraft, input: number, index: number): Mount {
  return {
    dest: mount.target,
    ...(input === 0 ? {} : { input }),
    ...(index === 0 ? {} : { output: index }),
    ...(mount.selector === undefined ? {} : { selector: mount.selector }),
    ...(mount.readonly ? { readonly: true } : {}),
    ...(mount.cache ? { mountType: 3 as const, cacheOpt: cacheOpt(mount.cache) } : {}),
    ...(mount.tmpfs ? { mountType: 4 as const, TmpfsOpt: mount.tmpfs } : {}),
  }
}

function cacheOpt({ id, sharing }: NonNullable<MountDraft['cache']>) {
  return { ID: id, ...(sharing === 0 ? {} : { sharing }) }
}

function idOpt(id: string, optional: boolean, { uid, gid, mode }: { uid: number; gid: number; mode: number }) {
  return {
    ...(id === '' ? {} : { ID: id }),
    ...(uid === 0 ? {} : { uid }),
    ...(gid === 0 ? {} : { gid }),
    ...(mode === 0 ? {} : { mode }),
    ...(optional ? { optional } : {}),
  } as Mount['secretOpt'] & {}
}

function meta(draft: ExecDraft['exec'], stage: StageState, { proxies, hostname }: Linker): ExecOp['meta'] {
  const env = stage.env.entries()
  const agent = draft.ssh[0]
  if (agent && stage.env.get('SSH_AUTH_SOCK') === undefined) env.push(`SSH_AUTH_SOCK=${agent.target}`)
  return {
    args: draft.args,
    env,
    cwd: stage.workdir,
    ...(stage.user ? { user: stage.user } : {}),
    ...(hostname === undefined ? {} : { hostname }),
    ...(proxies ? { proxy_env: proxies } : {}),
    removeMountStubsRecursive: true,
  }
}

function modes(draft: ExecDraft['exec']) {
  const secretenv = draft.secrets.flatMap(({ id, env, optional }) =>
    env === undefined ? [] : [{ ID: id, name: env, ...(optional ? { optional } : {}) }],
  )
  return {
    ...(draft.network === 0 ? {} : { network: draft.network }),
    ...(draft.security === 0 ? {} : { security: draft.security }),
    ...(secretenv.length > 0 ? { secretenv } : {}),
    ...(draft.devices.length > 0 ? { cdiDevices: draft.devices } : {}),
  }
}
