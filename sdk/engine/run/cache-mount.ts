/** The persistent directories of `--mount=type=cache`: which one a mount gets, and what it starts with. Source: conformance D5.21 to D5.24. */
import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  renameSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import { cacheSharing } from '../../plan/op.ts'
import type { Snapshot } from '../ports.ts'
import type { Cell } from './cell.ts'
import { follow } from './follow.ts'
import { type Lock, takeLock } from './lock.ts'
import { command } from './shell-text.ts'

/** A cache directory that is ours to use until it is released. */
export interface CacheDirectory {
  /** The directory; it may not exist yet. */
  readonly path: string
  readonly lock: Lock
}

export interface CacheRequest {
  /** Any text: it never becomes part of a path. */
  readonly id: string
  readonly namespace: string
  readonly sharing: 0 | 1 | 2
  /** What a new directory starts with. */
  readonly base: Snapshot | undefined
}

/** The name of the directories that serve a request: the same for every process that asks the same. */
export function cacheKey({ id, namespace, base }: CacheRequest): string {
  const text = JSON.stringify([
    namespace === '' ? id : `${namespace}/${id}`,
    base?.layers.map((layer) => layer.id) ?? [],
  ])
  return createHash('sha256').update(text).digest('hex')
}

/**
 * Takes a cache directory: `shared` any that nobody has alone, `private` one that nobody has, `locked` the first, waiting for it.
 *
 * @throws BUILD_CANCELLED while waiting
 */
export async function takeCache(folder: string, request: CacheRequest, signal: AbortSignal): Promise<CacheDirectory> {
  const own = join(folder, 'mounts', cacheKey(request))
  mkdirSync(own, { recursive: true, mode: 0o700 })
  const shared = request.sharing === cacheSharing.shared
  const wait = request.sharing === cacheSharing.locked
  for (let number = 0; ; number++) {
    const lock = await takeLock(join(own, `${number}.lock`), { shared, wait, signal })
    if (lock) return { path: join(own, String(number)), lock }
  }
}

/** Fills a new cache directory, once, whoever else wants it at the same time. `base` is a mounted snapshot in the cell. */
export async function fillCache(
  path: string,
  base: string | undefined,
  cell: Cell,
  signal: AbortSignal,
): Promise<void> {
  if (existsSync(path)) return
  const lock = await takeLock(`${path}.fill`, { shared: false, wait: true, signal })
  try {
    if (existsSync(path)) return
    const fresh = `${path}.new`
    const fill = base === undefined ? [] : [command(['cp', '-a', '--', `${base}/.`, fresh])]
    await cell.ask(
      [command(['rm', '-rf', '--', fresh]), command(['mkdir', '-m', '755', '--', fresh]), ...fill].join(' && '),
    )
    renameSync(fresh, path)
  } finally {
    lock?.release()
  }
}

/**
 * Mounts a path inside a cache directory, which others may be changing meanwhile, at `target` in the cell, and makes sure that
 * what got mounted lies inside.
 *
 * @throws MOUNT_FAILED when there is nothing at the path, or it leads out
 */
export async function bindInside(root: string, selector: string, target: string, cell: Cell): Promise<boolean> {
  const { path, stat } = follow(root, selector)
  if (!stat) throw new ImgError('MOUNT_FAILED', `"${selector}" is not in the cache that RUN mounts`)
  const source = join(root, path)
  const descriptor = openSync(source, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const opened = fstatSync(descriptor)
    const inside = readlinkSync(`/proc/self/fd/${descriptor}`) === source
    await cell.ask(
      command([stat.isDirectory() ? 'mkdir' : 'touch', '--', target]) +
        ' && ' +
        command(['mount', '--no-mtab', '--bind', '--', source, target]),
    )
    const mounted = statSync(cell.see(target))
    if (inside && mounted.dev === opened.dev && mounted.ino === opened.ino) return opened.isDirectory()
  } finally {
    closeSync(descriptor)
  }
  throw new ImgError('MOUNT_FAILED', `"${selector}" of a cache mount was changed while RUN mounted it`)
}
