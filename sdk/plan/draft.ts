/** From drafts to ops: links the inputs of what an instruction asked for. */
import { ImgError } from '../error.ts'
import type { CopyDraft, ExecDraft, FileActionDraft, FileDraft, MountDraft, Origin } from '../instruction/define.ts'
import { cleanPath } from '../instruction/part/path.ts'
import type { ChownOpt, CopyAction, ExecOp, FileAction, Mount, OpPlatform, UserOpt } from './op.ts'
import { type Beside, Inputs, type Node, type OpPool, type Output } from './ops.ts'
import { refKey, type StageState } from './stage-state.ts'

/** What drafts are linked with. */
export interface Linker {
  readonly pool: OpPool
  readonly context: Output
  /** Paths of the build context that are used. */
  readonly contextPaths: Set<string>
  readonly platform: OpPlatform
  readonly proxies: Record<string, string> | undefined
}

/** The output that an origin means. */
function originOutput(origin: Origin, stage: StageState, linker: Linker, name: string): Output {
  switch (origin.kind) {
    case 'scratch':
      return undefined
    case 'context':
      linker.contextPaths.add(origin.path)
      return linker.context
    case 'stage':
      return stageOutput(origin, stage)
    case 'inline':
      return output(inlineFile(origin, linker))
    case 'http': {
      const attrs = {
        ...(origin.checksum ? { 'http.checksum': origin.checksum } : {}),
        'http.filename': origin.filename,
      }
      return output(linker.pool.add({ source: { identifier: origin.url, attrs } }, [], undefined, { name }))
    }
    case 'git':
      return output(
        linker.pool.add({ source: { identifier: origin.remote, attrs: origin.attrs } }, [], undefined, { name }),
      )
  }
}

function output(node: Node): Output {
  return { node, index: 0 }
}

function stageOutput(origin: Origin & { kind: 'stage' }, stage: StageState): Output {
  const source = stage.uses.get(refKey(origin.ref))!
  if (source.dispatched) return source.output
  throw new ImgError(
    'STAGE_ORDER',
    `cannot ${origin.verb} from stage "${source.name}": it needs to be defined before stage "${stage.name}"`,
  )
}

function inlineFile({ path, mode, data }: Origin & { kind: 'inline' }, linker: Linker): Node {
  const mkfile = { path, mode, data: Buffer.from(data).toString('base64'), timestamp: -1 }
  const action = { input: -1, secondaryInput: -1, output: 0, Action: { mkfile } }
  return linker.pool.add({ file: { actions: [action] } }, [], undefined, {
    name: '[internal] preparing inline document',
  })
}

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
  const source = originOutput(mount.source, stage, linker, mount.target)
  if (!mount.owner) return source
  const { uid, gid, mode } = mount.owner
  const owner = { user: { User: byId(uid) }, group: { User: byId(gid) } }
  return fileOutput([{ mkdir: { path: '/cache', mode, owner, timestamp: -1 } }], source, stage, linker, {
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

function meta(draft: ExecDraft['exec'], stage: StageState, { proxies }: Linker): ExecOp['meta'] {
  const env = stage.env.entries()
  const agent = draft.ssh[0]
  if (agent && stage.env.get('SSH_AUTH_SOCK') === undefined) env.push(`SSH_AUTH_SOCK=${agent.target}`)
  return {
    args: draft.args,
    env,
    cwd: stage.workdir,
    ...(stage.user ? { user: stage.user } : {}),
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

/** COPY, ADD and WORKDIR: one op whose actions follow each other. */
export function fileOutput(
  drafts: FileDraft['file'],
  base: Output,
  stage: StageState,
  linker: Linker,
  beside: Beside,
): Output {
  const inputs = new Inputs()
  const input = inputs.position(base)
  const sources = drafts.map((draft) =>
    'copy' in draft ? inputs.position(originOutput(draft.copy.source, stage, linker, beside.name)) : -1,
  )
  const actions = drafts.map(
    (draft, index): FileAction => ({
      input: index === 0 ? input : inputs.list.length + index - 1,
      secondaryInput: sources[index]!,
      output: index === drafts.length - 1 ? 0 : -1,
      Action: action(draft, input),
    }),
  )
  return output(linker.pool.add({ file: { actions } }, inputs.list, undefined, beside))
}

/** COPY --link: the files alone, merged on top of the stage. */
export function linkedOutput(draft: FileDraft, stage: StageState, linker: Linker, beside: Beside): Output {
  const files = fileOutput(draft.file, undefined, stage, linker, beside)
  if (!stage.output) return files
  const inputs = new Inputs()
  const merge = [stage.output, files].map((part) => {
    const input = inputs.position(part)
    return input === 0 ? {} : { input }
  })
  return output(
    linker.pool.add({ merge: { inputs: merge } }, inputs.list, undefined, {
      ...beside,
      name: beside.name.replace('] ', '] LINK '),
    }),
  )
}

function action(draft: FileActionDraft, base: number): FileAction['Action'] {
  if ('mkdir' in draft) {
    const { path, mode, parents, owner, timestamp } = draft.mkdir
    const makeParents = parents ? { makeParents: true } : {}
    return {
      mkdir: {
        path: cleanPath(path),
        mode,
        ...makeParents,
        ...(owner ? { owner: withInput(owner, base) } : {}),
        timestamp,
      },
    }
  }
  return { copy: copyAction(draft.copy, base) }
}

function copyAction(draft: CopyDraft, base: number): CopyAction {
  const { src, dest, mode, modeStr, owner, includePatterns, excludePatterns, requiredPaths } = draft
  return {
    src,
    dest,
    mode,
    timestamp: -1,
    createDestPath: true,
    ...(modeStr === undefined ? {} : { modeStr }),
    ...(owner ? { owner: withInput(owner, base) } : {}),
    ...(draft.paths
      ? { followSymlink: true, dirCopyContents: true, allowWildcard: true, allowEmptyWildcard: true }
      : {}),
    ...(draft.unpack ? { attemptUnpackDockerCompatibility: true } : {}),
    ...(includePatterns ? { includePatterns } : {}),
    ...(excludePatterns ? { excludePatterns } : {}),
    ...(requiredPaths ? { requiredPaths } : {}),
  }
}

/** Names are looked up in the op's base input. */
function withInput(owner: ChownOpt, base: number): ChownOpt {
  const part = (one: UserOpt | undefined): UserOpt | undefined =>
    one && 'byName' in one.User && base !== 0 ? { User: { byName: { ...one.User.byName, input: base } } } : one
  const [user, group] = [part(owner.user), part(owner.group)]
  return { ...(user ? { user } : {}), ...(group ? { group } : {}) }
}
