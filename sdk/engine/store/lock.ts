/** One process at a time per key, also when the one before was killed. */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ImgError } from '../../error.ts'
import type { Io } from '../ports.ts'
import { diskError } from './disk.ts'
import { owner, ownerState } from './owner.ts'

const beat = 10_000 // milliseconds between two signs of life
const silence = 60_000 // milliseconds without one, after which an owner that cannot be looked up is taken for dead

/** Does the work while holding the lock of the key. Within one process, calls with the same key wait for each other. */
export type Locked = <T>(key: string, work: () => Promise<T>, io?: Pick<Io, 'signal'>) => Promise<T>

/**
 * Locks in a folder. A lock is a directory that holds one file named after its owner. It is taken by renaming a directory that already holds
 * the name onto it, which fails unless it is absent or empty; it is given up, or taken from the dead, by removing the file of that name.
 * So a lock is never removed by somebody who means an earlier owner's.
 *
 * @param folder     of the locks
 * @param temporary  a path, not yet used, on the same file system
 */
export function openLocks(folder: string, temporary: () => string): Locked {
  const queues = new Map<string, Promise<unknown>>()
  return async (key, work, io) => {
    const before = queues.get(key)
    const mine = (async () => {
      await waited(before, io)
      const release = await acquire(join(folder, nameOf(key)), temporary, io)
      try {
        return await work()
      } finally {
        release()
      }
    })()
    queues.set(key, mine)
    try {
      return await mine
    } finally {
      if (queues.get(key) === mine) queues.delete(key)
    }
  }
}

/** Until those before have ended, well or not; or until the signal says stop. */
async function waited(before: Promise<unknown> | undefined, io?: Pick<Io, 'signal'>): Promise<void> {
  if (!before) return
  if (io?.signal.aborted) throw cancelled(io)
  let stop: (() => void) | undefined
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(cancelled(io))
    io?.signal.addEventListener('abort', stop, { once: true })
  })
  try {
    await Promise.race([before.catch(() => undefined), stopped])
  } finally {
    if (stop) io?.signal.removeEventListener('abort', stop)
  }
}

function nameOf(key: string): string {
  const readable = key.replace(/[^a-z0-9]+/gi, '-').slice(0, 24)
  return `${readable}-${createHash('sha256').update(key).digest('hex').slice(0, 24)}`
}

async function acquire(lock: string, temporary: () => string, io?: Pick<Io, 'signal'>): Promise<() => void> {
  const name = owner()
  for (let wait = 2; !take(lock, name, temporary()); wait = Math.min(wait * 1.5, 100)) {
    removeDead(lock)
    if (io?.signal.aborted) throw cancelled(io)
    await sleep(wait, undefined, io ? { signal: io.signal } : {}).catch(() => {
      throw cancelled(io)
    })
  }
  const file = join(lock, name)
  const alive = setInterval(() => touch(file), beat)
  alive.unref()
  return () => {
    clearInterval(alive)
    rmSync(file, { force: true })
    removeEmpty(lock)
  }
}

function cancelled(io?: Pick<Io, 'signal'>): ImgError {
  return new ImgError('BUILD_CANCELLED', 'the build was interrupted while it waited for another one', {
    cause: io?.signal.reason,
  })
}

/** Whether the lock is now ours. */
function take(lock: string, name: string, made: string): boolean {
  try {
    mkdirSync(made)
    writeFileSync(join(made, name), '')
    renameSync(made, lock)
    return true
  } catch (error) {
    rmSync(made, { recursive: true, force: true })
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EPERM') return false
    throw diskError(error, lock)
  }
}

/** Removes the name of an owner that is dead. */
function removeDead(lock: string): void {
  for (const name of list(lock)) {
    const state = ownerState(name)
    if (state === 'dead' || (state === 'unknown' && silentFor(join(lock, name)) > silence)) {
      rmSync(join(lock, name), { force: true })
    }
  }
  // Windows renames no directory onto an empty one
  if (process.platform === 'win32') removeEmpty(lock)
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function silentFor(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch {
    return 0
  }
}

function touch(path: string): void {
  try {
    const now = new Date()
    utimesSync(path, now, now)
  } catch {
    // taken away: only after a minute of silence, when this process was stopped
  }
}

function removeEmpty(lock: string): void {
  try {
    rmdirSync(lock)
  } catch {
    // somebody else has it by now
  }
}
