/** Makes an exec op into a container in a cell: layers stacked, mounts made, user, environment and files in place. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import type { ExecOp } from '../../plan/op.ts'
import type { Io, Secrets, Snapshot } from '../ports.ts'
import type { Cell } from './cell.ts'
import type { Container, ContainerMount, Runtime } from './container.ts'
import { environment } from './environment.ts'
import type { Standing } from './id-map.ts'
import { own } from './mount-kinds.ts'
import { type ExecMount, type PlannedMount, planMounts } from './mounts.ts'
import { defaultHostname, hosts, resolvConf } from './network-files.ts'
import { Stacks } from './overlay.ts'
import { Places } from './places.ts'
import { secretVariables } from './secret.ts'
import { fstab, word } from './shell-text.ts'
import { Stubs } from './stub.ts'
import { findUser, type ProcessUser } from './user.ts'

/** Where a container is prepared. */
export interface Site {
  readonly runtime: Runtime
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
  /** Upper directories by output of the op. */
  readonly uppers: ReadonlyMap<number, string>
  /** Takes the stubs of mounts away again, when the cell is gone. */
  clean(): void
  /** Lets go of caches. */
  release(): void
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
  const stacks = new Stacks({ folder: site.folder, memory, see: (path) => cell.see(path) })
  const stackOptions = { userxattr: site.standing.rootless, nodev: runtime.nodev }
  const directories = (snapshot: Snapshot) => Promise.all(snapshot.layers.map((layer) => layer.directory(io)))

  const rootIndex = op.mounts.findIndex((mount) => mount.dest === '/')
  const rootMount = op.mounts[rootIndex]
  if (!rootMount) throw new ImgError('MOUNT_FAILED', 'An exec op has no mount on "/"')
  const rootOutput = rootMount.output ?? 0
  const [lowers, planned, secrets] = await Promise.all([
    directories(sources[rootIndex]?.snapshot ?? { layers: [] }),
    planMounts(op, sources, {
      ...stackOptions,
      stacks,
      memory,
      directories,
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
    const root = stacks.lay(lowers, { ...stackOptions, writable: true })
    const lines = [...root.lines, ...planned.flatMap(({ lines }) => lines)]
    writeFileSync(cell.see(join(memory, 'fstab')), fstab(lines))
    await cell.ask(`cd ${word(stacks.links)} && mount --no-mtab --all --fstab ../fstab && cd /`)

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
    const system = { proc: stubs.make('/proc', true), dev: stubs.make('/dev', true), sys: stubs.make('/sys', true) }
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
      uppers: uppers(rootOutput, root.upper!, planned),
      clean: () => stubs.clean(root.upper!),
      release,
    }
  } catch (thrown) {
    release()
    throw thrown
  }
}

function uppers(rootOutput: number, rootUpper: string, planned: readonly PlannedMount[]): Map<number, string> {
  const all = new Map<number, string>(rootOutput < 0 ? [] : [[rootOutput, rootUpper]])
  for (const { output } of planned) if (output && !all.has(output.index)) all.set(output.index, output.upper)
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
