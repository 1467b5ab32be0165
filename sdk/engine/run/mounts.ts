/** The mounts of an exec op, prepared for a container. Each is planned before the cell's mounts are made, and finished after. */
import { type ExecOp, type Mount, mountType } from '../../plan/op.ts'
import type { Io, Secrets, Snapshot } from '../ports.ts'
import { type CacheDirectory, type CacheRequest, cacheKey, takeCache } from './cache-mount.ts'
import type { Cell } from './cell.ts'
import type { ContainerMount } from './container.ts'
import { plan } from './mount-kinds.ts'
import type { MountLine } from './shell-text.ts'
import type { Stacks, Written } from './stack.ts'

/** What a mount of an op has its content from, parallel to `op.mounts`. */
export interface ExecMount {
  readonly snapshot?: Snapshot
}

/** A mount on its way. */
export interface PlannedMount {
  /** What the cell must mount first. */
  readonly lines: readonly MountLine[]
  /** What becomes the op's output of that number. */
  readonly output?: { readonly index: number; readonly written: Written }
  /** The mount for the container; undefined for an optional one that is not there. */
  finish(cell: Cell): Promise<ContainerMount | undefined>
  release?(): void
}

/** Where mounts are planned. */
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
