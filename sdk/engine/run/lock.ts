/** Locks between processes: flock(2) on a file, which the kernel lets go when its holder ends, however it ends. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { ImgError } from '../../error.ts'
import { program } from './program.ts'

/** A lock that is ours. */
export interface Lock {
  release(): void
}

/** How a lock is taken. */
export interface LockOptions {
  readonly shared: boolean
  /** Wait for whoever has it; otherwise the answer is undefined when it is taken. */
  readonly wait: boolean
  readonly signal: AbortSignal
}

/**
 * Takes a lock. The program `flock` does it on a descriptor that it shares with us, so that it stays ours when `flock` ends.
 *
 * @throws BUILD_CANCELLED when the signal comes while waiting; MOUNT_FAILED where there is no `flock`
 */
export async function takeLock(file: string, { shared, wait, signal }: LockOptions): Promise<Lock | undefined> {
  const flock = program('flock')
  if (!flock) {
    const hint = 'install util-linux'
    throw new ImgError('MOUNT_FAILED', 'A cache mount needs the program "flock", which is not on this machine', {
      hint,
    })
  }
  const descriptor = openSync(file, 'a', 0o600)
  try {
    const args = [shared ? '-s' : '-x', ...(wait ? [] : ['-n']), '3']
    const status = await ended(spawn(flock, args, { stdio: ['ignore', 'ignore', 'ignore', descriptor] }), signal)
    if (signal.aborted)
      throw new ImgError('BUILD_CANCELLED', 'The build was interrupted while it waited for a cache mount')
    if (status === 0) return { release: () => closeSync(descriptor) }
  } catch (thrown) {
    closeSync(descriptor)
    throw thrown
  }
  closeSync(descriptor)
  return undefined
}

function ended(child: ChildProcess, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const stop = () => child.kill('SIGKILL')
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    child.once('error', reject)
    child.once('exit', (status) => {
      signal.removeEventListener('abort', stop)
      resolve(status ?? 137)
    })
  })
}
