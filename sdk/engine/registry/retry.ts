/** Tries again what may work the next time, waiting longer each time. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ImgError } from '../../error.ts'

/** How often and how long. Times in milliseconds. */
export interface RetryOptions {
  /** Attempts in all. @default 6 */
  readonly attempts: number
  /** The longest wait after the first attempt; it doubles with each. @default 500 */
  readonly delay: number
  /** No wait is longer; a server that asks for more is taken at its word and given up. @default 60000 */
  readonly longest: number
}

/** What is done where nothing else is asked for. */
export const defaultRetry: RetryOptions = { attempts: 6, delay: 500, longest: 60_000 }

/** A failure that another attempt may mend, around the error to throw if none does. */
export class Transient extends Error {
  readonly error: ImgError
  /** Milliseconds that the server asked us to wait. */
  readonly after: number | undefined
  /** The attempt got somewhere, so it does not count. */
  readonly progress: boolean

  constructor(error: ImgError, options: { after?: number | undefined; progress?: boolean } = {}) {
    super(error.message)
    this.error = error
    this.after = options.after
    this.progress = options.progress ?? false
  }
}

/**
 * Runs `work` until it succeeds, fails for good, or has failed too often.
 * @throws the error inside the last Transient, or whatever else `work` throws; BUILD_CANCELLED at once when the signal is aborted
 */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions, signal?: AbortSignal): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      throwIfCancelled(signal)
      return await work()
    } catch (error) {
      throwIfCancelled(signal)
      if (!(error instanceof Transient)) throw error
      failures = error.progress ? 1 : failures + 1
      if (failures >= options.attempts || (error.after ?? 0) > options.longest) throw error.error
      await pause(error.after ?? jitter(options, failures), signal)
    }
  }
}

/** Half of the wait is fixed and half is chance, so that many clients do not come back together. */
function jitter({ delay, longest }: RetryOptions, failures: number): number {
  const wait = Math.min(longest, delay * 2 ** (failures - 1))
  return wait / 2 + (Math.random() * wait) / 2
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal && { signal })
  } catch {
    throwIfCancelled(signal)
  }
}

/** Throws BUILD_CANCELLED once the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ImgError('BUILD_CANCELLED', 'the transfer was interrupted', { cause: signal.reason })
}

/** The work's outcome, or the signal's reason once it is aborted. The work goes on, for others who share it. */
export async function unlessCancelled<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  let stop = () => {}
  const cancelled = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
  })
  cancelled.catch(() => {})
  return Promise.race([work, cancelled]).finally(() => signal.removeEventListener('abort', stop))
}

/** The wait that a Retry-After header asks for, in milliseconds: whole seconds, or a date. */
export function retryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
