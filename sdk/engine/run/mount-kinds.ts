/** One mount of each kind, planned: bind, cache, tmpfs, secret, ssh. Source: conformance D5.20 to D5.29. */
import { chmodSync, lchownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import { type Mount, mountType } from '../../plan/op.ts'
import { bindInside, type CacheDirectory, fillCache } from './cache-mount.ts'
import type { Cell } from './cell.ts'
import { follow } from './follow.ts'
import type { ExecMount, MountSite, PlannedMount } from './mounts.ts'
import { secret } from './secret.ts'
import { command } from './shell-text.ts'
import type { Stack } from './stack.ts'

/**
 * Plans one mount.
 *
 * @param cache  for a cache mount, its directory
 * @param index  of the mount, for names
 * @throws       MOUNT_FAILED when a secret or agent that it needs was not given
 */
export function plan(
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
  const stack = await stackOf(source, site, !mount.readonly)
  const { written } = stack
  const output = mount.output ?? 0
  return {
    lines: stack.lines,
    ...(written && output >= 0 && { output: { index: output, written } }),
    async finish(cell) {
      const { path, stat } = follow(cell.see(stack.path), mount.selector ?? '')
      if (!stat) throw missingSource(mount)
      const options = [access(mount), ...(site.nodev ? ['nodev'] : [])]
      const from = join(stack.path, path)
      return { target: mount.dest, source: from, type: 'bind', options, directory: stat.isDirectory() }
    },
  }
}

const missingSource = (mount: Mount) =>
  new ImgError('MOUNT_FAILED', `"${mount.selector}" is not in what RUN mounts on "${mount.dest}"`, {
    hint: 'the source of a mount is a path in the build context, or in the stage or image that from= names',
  })

function stackOf({ snapshot }: ExecMount, site: MountSite, writable: boolean): Promise<Stack> {
  const { userxattr, nodev } = site
  return site.stacks.lay(snapshot?.layers ?? [], { writable, userxattr, nodev })
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
