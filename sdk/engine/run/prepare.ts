/** Makes an exec op into a container in a cell: layers stacked, mounts made, user, environment and files in place. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import type { ExecOp } from '../../plan/op.ts'
import type { Io, LayerStore, Secrets } from '../ports.ts'
import type { Cell } from './cell.ts'
import type { Container, ContainerMount, Runtime } from './container.ts'
import { environment } from './environment.ts'
import type { Standing } from './id-map.ts'
import { own } from './mount-kinds.ts'
import { type ExecMount, type PlannedMount, planMounts } from './mounts.ts'
import { defaultHostname, hosts, resolvConf } from './network-files.ts'
import { Places } from './places.ts'
import { secretVariables } from './secret.ts'
import { fstab } from './shell-text.ts'
import type { Stacking, Written } from './stack.ts'
import { Stubs } from './stub.ts'
import { findUser, type ProcessUser } from './user.ts'

/** Where a container is prepared. */
export interface Site {
  readonly runtime: Runtime
  readonly stacking: Stacking
  readonly layers: Pick<LayerStore, 'copy' | 'fused'>
  readonly cell: Cell
  /** A temporary folder, on the file system of the store. */
  readonly folder: string
  /** A folder in memory that only the cell sees. */
  readonly memory: string
  /** The folder that keeps caches. */
  readonly store: string
  readonly secrets: Secrets
  readonly standing: Standing
  readonly hostname: string | undefined
  readonly cacheNamespace: string
  /** Whether the container gets our terminal. */
  readonly terminal: boolean
  /** A name server for a cell with a network of its own. */
  readonly nameserver: string | undefined
  readonly io: Io
}

/** A container that can be started. */
export interface Prepared {
  readonly container: Container
  /** What was written, by output of the op. */
  readonly written: ReadonlyMap<number, Written>
  /** Takes the stubs of mounts away again, when the cell is gone. Answers directories that are as they were, where that cannot be seen. */
  clean(): ReadonlySet<string>
  /** Lets go of caches. */
  release(): void
  /** Removes what was not taken over, when the cell is gone. */
  remove(): void
}

let count = 0

/**
 * Prepares a container for an op.
 *
 * @param sources  what each of `op.mounts` has its content from
 * @throws         MOUNT_FAILED, USER_UNKNOWN, PATH_ESCAPES
 */
export async function prepare(op: ExecOp, sources: readonly ExecMount[], site: Site): Promise<Prepared> {
  const { cell, runtime, io } = site
  const { memory } = site
  const { folder, layers } = site
  const stacks = site.stacking.open({ folder, memory, layers, io, see: (path) => cell.see(path) })
  const stackOptions = { userxattr: site.standing.rootless, nodev: runtime.nodev }

  const rootIndex = op.mounts.findIndex((mount) => mount.dest === '/')
  const rootMount = op.mounts[rootIndex]
  if (!rootMount) throw new ImgError('MOUNT_FAILED', 'An exec op has no mount on "/"')
  const rootOutput = rootMount.output ?? 0
  const [root, planned, secrets] = await Promise.all([
    stacks.lay(sources[rootIndex]?.snapshot?.layers ?? [], { ...stackOptions, writable: true }),
    planMounts(op, sources, {
      ...stackOptions,
      stacks,
      memory,
      io,
      secrets: site.secrets,
      folder: site.store,
      cacheNamespace: site.cacheNamespace,
    }),
    secretVariables(op, site.secrets),
  ])
  const release = () => {
    for (const mount of planned) mount.release?.()
  }
  try {
    const lines = [...root.lines, ...planned.flatMap(({ lines }) => lines)]
    writeFileSync(cell.see(join(memory, 'fstab')), fstab(lines))
    await cell.ask(stacks.mount(join(memory, 'fstab')))

    const view = cell.see(root.path)
    const stubs = new Stubs(view)
    const user = allowedUser(findUser(view, op.meta.user ?? ''), site.standing)
    const hostname = op.meta.hostname || site.hostname || defaultHostname
    const shared = op.network !== 2
    const reach = site.nameserver === undefined ? 'shared' : { nameserver: site.nameserver }
    const files = [
      fileMount(cell, `${memory}/resolv.conf`, '/etc/resolv.conf', resolvConf(shared ? reach : 'none')),
      fileMount(cell, `${memory}/hosts`, '/etc/hosts', hosts(hostname, op.meta.extraHosts ?? [])),
    ]
    const asked: ContainerMount[] = []
    for (const mount of planned) {
      const made = await mount.finish(cell)
      if (made) asked.push(made)
    }
    // These stay in the layer: BuildKit's runtime makes them, and nothing takes them away.
    const [proc, dev, sys] = (['/proc', '/dev', '/sys'] as const).map((path) => stubs.make(path, true, true))
    const system = { proc: proc!, dev: dev!, sys: sys! }
    const placed = new Places(view, stubs)
    const mounts = lastOfEach([...files, ...asked]).map((mount) => placed.mount(mount))
    const cwd = placed.directory(op.meta.cwd || '/')
    if (placed.made.length > 0)
      await own(
        cell,
        placed.made.map((path) => join(root.path, path)),
        user,
      )

    const container: Container = {
      id: `${process.pid}-${count++}-${Date.now().toString(36)}`,
      root: root.path,
      readonly: rootMount.readonly === true,
      args: op.meta.args,
      env: environment(op.meta, user.home, secrets),
      cwd,
      system,
      user,
      hostname,
      network: shared ? 'shared' : 'none',
      insecure: op.security === 1,
      mounts,
      limits: (op.meta.ulimit ?? []).map(({ Name, Soft, Hard }) => ({ name: Name, soft: Soft, hard: Hard })),
      memory,
      terminal: site.terminal,
      rootless: site.standing.rootless,
      singleId: site.standing.singleId,
    }
    return {
      container,
      written: allWritten(rootOutput, root.written!, planned),
      clean: () => stubs.clean(root.written!),
      release,
      remove: () => stacks.remove(),
    }
  } catch (thrown) {
    release()
    throw thrown
  }
}

function allWritten(rootOutput: number, root: Written, planned: readonly PlannedMount[]): Map<number, Written> {
  const all = new Map<number, Written>(rootOutput < 0 ? [] : [[rootOutput, root]])
  for (const { output } of planned) if (output && !all.has(output.index)) all.set(output.index, output.written)
  return all
}

function fileMount(cell: Cell, source: string, target: string, text: string): ContainerMount {
  writeFileSync(cell.see(source), text, { mode: 0o644 })
  return { target, source, type: 'bind', options: ['ro', 'nosuid', 'nodev', 'noexec'], directory: false }
}

/** Of several mounts on one target the last, at the place of the first. */
function lastOfEach(mounts: readonly ContainerMount[]): readonly ContainerMount[] {
  const byTarget = new Map<string, ContainerMount>()
  for (const mount of mounts) byTarget.set(mount.target, mount)
  return [...byTarget.values()]
}

/** The user, where this machine lets us become one. */
function allowedUser(user: ProcessUser, { singleId }: Standing): ProcessUser {
  if (!singleId || (user.uid === 0 && user.gid === 0)) return user
  throw new ImgError(
    'RUN_UNAVAILABLE',
    `RUN as user ${user.uid}:${user.gid} needs more user ids than this account has`,
    {
      hint: 'install uidmap and give the account a range in /etc/subuid and /etc/subgid, or build as root',
    },
  )
}
