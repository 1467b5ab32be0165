/** A lock file, for a directory that other processes may be adding to. */
import { randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { ImgError } from '../error.ts'

const patience = 600_000
const interval = 25

/**
 * Runs `body` while holding the lock file. A lock whose process is gone is taken over.
 *
 * @throws STORE_BUSY  another process held it for ten minutes
 */
export async function withLock<T>(path: string, signal: AbortSignal, body: () => Promise<T>): Promise<T> {
  for (let waited = 0; !(await take(path)); waited += interval) {
    const owner = await readFile(path, 'utf8').catch(() => '')
    if (isGone(owner)) await removeStale(path, owner)
    if (waited >= patience) throw busy(path)
    await sleep(interval, undefined, { signal })
  }
  try {
    return await body()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function isGone(owner: string): boolean {
  if (!/^[1-9]\d{0,9}$/.test(owner)) return false
  try {
    process.kill(Number(owner), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Moves the lock away before deleting it: had somebody else taken it over just now, it goes back. */
async function removeStale(path: string, owner: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  await rename(path, aside).catch(() => {})
  const found = await readFile(aside, 'utf8').catch(() => owner)
  if (found !== owner) await link(aside, path).catch(() => {})
  await rm(aside, { force: true })
}

function busy(path: string): ImgError {
  return new ImgError('STORE_BUSY', `another process holds "${path}"`, { hint: 'remove the file if none is running' })
}
