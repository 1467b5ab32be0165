/** Several things at once, but not too many; the first failure stops the others. */
import type { Io } from '../engine/ports.ts'

/**
 * Calls `work` for each item, at most `n` calls at a time, and waits until all have ended.
 * @throws what the first call that failed threw; the others' signal is aborted then
 */
export async function eachLimited<T>(
  items: readonly T[],
  n: number,
  io: Io,
  work: (item: T, io: Io) => Promise<void>,
): Promise<void> {
  const stop = new AbortController()
  const inner: Io = { signal: AbortSignal.any([io.signal, stop.signal]), emit: (event) => io.emit(event) }
  const failures: unknown[] = []
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) {
      if (failures.length > 0) return
      await work(item, inner).catch((error: unknown) => {
        failures.push(error)
        stop.abort(error)
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(n, items.length) }, worker))
  if (failures.length > 0) throw failures[0]
}
