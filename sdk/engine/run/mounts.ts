/** The mounts of an exec op, prepared for a container. Each is planned before the cell's mounts are made, and finished after. */
import { chmodSync, lchownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import { type ExecOp, type Mount, mountType } from '../../plan/op.ts'
import type { Io, Secrets, Snapshot } from '../ports.ts'
import { bindInside, type CacheDirectory, type CacheRequest, cacheKey, fillCache, takeCache } from './cache-mount.ts'
import type { Cell } from './cell.ts'
import type { ContainerMount } from './container.ts'
import { follow } from './follow.ts'
import type { Stack, Stacks } from './overlay.ts'
import { command, type MountLine } from './shell-text.ts'

/** What a mount of an op has its content from, parallel to `op.mounts`. */
export interface ExecMount {
  readonly snapshot?: Snapshot
  /** A directory that is ready and that nobody changes, in place of a snapshot. */
  readonly directory?: string
}

export interface PlannedMount {
  /** What the cell must mount first. */
  readonly lines: readonly MountLine[]
  /** The upper directory that becomes the op's output of that number. */
  readonly output?: { readonly index: number; readonly upper: string }
  /** The mount for the container; undefined for an optional one that is not there. */
  finish(cell: Cell): Promise<ContainerMount | undefined>
  release?(): void
}

export interface MountSite {
  readonly stacks: Stacks
  readonly secrets: Secrets
  /** The store's folder. */
  readonly folder: string
  /** A folder in the cell's memory. */
  readonly memory: string
  readonly cacheNamespace: string
  readonly userxattr: boolean
  /** Options for what the container may write to. */
  readonly nodev: boolean
  readonly io: Io
  /** The directories of the layers of a snapshot. */
  directories(snapshot: Snapshot): Promise<readonly string[]>
}

/** Plans all mounts but the root. Caches are taken in the order of their keys, so that two builds never wait for each other in a circle. */
export async function planMounts(op: ExecOp, sources: readonly ExecMount[], site: MountSite): Promise<PlannedMount[]> {
  const wanted = op.mounts
    .map((mount, index) => ({ mount, source: sources[index] ?? {} }))
    .filter(({ mount }) => mount.dest !== '/')
  const caches = await takeCaches(wanted, site)
  try {
    return await Promise.all(
      wanted.map(({ mount, source }, index) => plan(mount, source, site, caches.get(index), index)),
    )
  } catch (thrown) {
    for (const { lock } of caches.values()) lock.release()
    throw thrown
  }
}

type Wanted = { readonly mount: Mount; readonly source: ExecMount }

async function takeCaches(wanted: readonly Wanted[], site: MountSite): Promise<Map<number, CacheDirectory>> {
  const requests = wanted.flatMap(({ mount, source }, index) => {
    if (mount.mountType !== mountType.cache) return []
    const request: CacheRequest = {
      id: mount.cacheOpt?.ID || mount.dest,
      namespace: site.cacheNamespace,
      sharing: mount.cacheOpt?.sharing ?? 0,
      base: source.snapshot,
    }
    return [{ index, request, key: cacheKey(request) }]
  })
  requests.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.index - b.index))
  const taken = new Map<number, CacheDirectory>()
  let last: { readonly key: string; readonly cache: CacheDirectory } | undefined
  try {
    for (const { index, request, key } of requests) {
      // Two mounts of one cache in one RUN are one directory.
      const cache =
        last?.key === key
          ? { path: last.cache.path, lock: { release() {} } }
          : await takeCache(site.folder, request, site.io.signal)
      last = { key, cache }
      taken.set(index, cache)
    }
  } catch (thrown) {
    for (const { lock } of taken.values()) lock.release()
    throw thrown
  }
  return taken
}

function plan(
  mount: Mount,
  source: ExecMount,
  site: MountSite,
  cache: CacheDirectory | undefined,
  index: number,
): Promise<PlannedMount> {
  const name = `${site.memory}/mount-${index}`
  switch (mount.mountType ?? mountType.bind) {
    case mountType.tmpfs:
      return planTmpfs(mount)
    case mountType.secret:
      return planSecret(mount, site, name)
    case mountType.ssh:
      return planAgent(mount, site)
    case mountType.cache:
      return planCache(mount, source, site, cache!, name)
    default:
      return planBind(mount, source, site)
  }
}

const access = (mount: Mount) => (mount.readonly ? 'ro' : 'rw')

async function planBind(mount: Mount, source: ExecMount, site: MountSite): Promise<PlannedMount> {
  const plain = mount.readonly && source.directory
  const stack = plain ? undefined : await stackOf(source, site, !mount.readonly)
  const output = mount.output ?? 0
  return {
    lines: stack?.lines ?? [],
    ...(stack?.upper && output >= 0 && { output: { index: output, upper: stack.upper } }),
    async finish(cell) {
      const root = stack?.path ?? source.directory!
      const { path, stat } = follow(cell.see(root), mount.selector ?? '')
      if (!stat) throw missingSource(mount)
      const options = [access(mount), ...(site.nodev ? ['nodev'] : [])]
      return { target: mount.dest, source: join(root, path), type: 'bind', options, directory: stat.isDirectory() }
    },
  }
}

const missingSource = (mount: Mount) =>
  new ImgError('MOUNT_FAILED', `"${mount.selector}" is not in what RUN mounts on "${mount.dest}"`, {
    hint: 'the source of a mount is a path in the build context, or in the stage or image that from= names',
  })

async function stackOf(source: ExecMount, site: MountSite, writable: boolean): Promise<Stack> {
  const directories = source.directory ? [source.directory] : await site.directories(source.snapshot ?? { layers: [] })
  return site.stacks.lay(directories, { writable, userxattr: site.userxattr, nodev: site.nodev })
}

async function planCache(
  mount: Mount,
  source: ExecMount,
  site: MountSite,
  cache: CacheDirectory,
  name: string,
): Promise<PlannedMount> {
  const base = source.snapshot && source.snapshot.layers.length > 0 ? await stackOf(source, site, false) : undefined
  return {
    lines: base?.lines ?? [],
    release: () => cache.lock.release(),
    async finish(cell) {
      await fillCache(cache.path, base?.path, cell, site.io.signal)
      const selector = mount.selector ?? ''
      const whole = /^[/.]*$/.test(selector) && !selector.includes('..')
      const options = [access(mount), ...(site.nodev ? ['nodev'] : [])]
      if (whole) return { target: mount.dest, source: cache.path, type: 'bind', options, directory: true, common: true }
      const directory = await bindInside(cache.path, selector, name, cell)
      return { target: mount.dest, source: name, type: 'bind', options, directory, common: true }
    },
  }
}

async function planTmpfs(mount: Mount): Promise<PlannedMount> {
  const size = mount.TmpfsOpt?.size
  const options = ['nosuid', access(mount), ...(size ? [`size=${size}`] : [])]
  return {
    lines: [],
    finish: async () => ({ target: mount.dest, source: '', type: 'tmpfs', options, directory: true }),
  }
}

async function planSecret(mount: Mount, site: MountSite, name: string): Promise<PlannedMount> {
  const option = mount.secretOpt ?? { ID: '' }
  const bytes = await secret(site.secrets, option)
  if (!bytes) return { lines: [], finish: async () => undefined }
  const mode = (option.mode ?? 0o400) & 0o777
  return {
    lines: [],
    async finish(cell) {
      writeFileSync(cell.see(name), bytes, { mode: 0o600 })
      await own(cell, [name], option)
      chmodSync(cell.see(name), mode)
      const options = ['ro', 'nosuid', 'nodev', ...(mode & 0o111 ? [] : ['noexec'])]
      return { target: mount.dest, source: name, type: 'bind', options, directory: false }
    },
  }
}

async function planAgent(mount: Mount, site: MountSite): Promise<PlannedMount> {
  const option = mount.SSHOpt ?? { ID: '' }
  const socket = await site.secrets.agent(option.ID || 'default')
  if (socket === undefined) {
    if (option.optional) return { lines: [], finish: async () => undefined }
    throw new ImgError(
      'MOUNT_FAILED',
      `RUN needs the SSH agent "${option.ID || 'default'}", which the build was not given`,
      {
        hint: 'start an agent and build with --ssh default',
      },
    )
  }
  return {
    lines: [],
    async finish() {
      return {
        target: mount.dest,
        source: socket,
        type: 'bind',
        options: ['nosuid', 'nodev', 'noexec'],
        directory: false,
      }
    },
  }
}

/** The bytes of a secret; undefined for an optional one that was not given. */
export async function secret(secrets: Secrets, { ID, optional }: { readonly ID: string; readonly optional?: boolean }) {
  const bytes = await secrets.get(ID)
  if (bytes || optional) return bytes
  throw new ImgError('MOUNT_FAILED', `RUN needs the secret "${ID}", which the build was not given`, {
    hint: `build with --secret id=${ID},src=FILE or --secret id=${ID},env=NAME`,
  })
}

/** Gives files in the cell to a user. In a user namespace only the cell can. */
export async function own(
  cell: Cell,
  paths: readonly string[],
  { uid = 0, gid = 0 }: { uid?: number; gid?: number },
): Promise<void> {
  try {
    for (const path of paths) lchownSync(cell.see(path), uid, gid)
  } catch {
    await cell.ask(command(['chown', '-h', '--', `${uid}:${gid}`, ...paths]))
  }
}
