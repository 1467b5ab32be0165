/** A part of an export that progress shows as a line of its own. */
import type { Io } from '../engine/ports.ts'

/** Does the work between a `start` and a `done` or `failed`. */
export async function step<T>(io: Io, id: string, name: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  io.emit({ type: 'start', id, name })
  try {
    const result = await work()
    io.emit({ type: 'done', id, milliseconds: performance.now() - started })
    return result
  } catch (error) {
    io.emit({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) })
    throw error
  }
}
