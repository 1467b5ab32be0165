/** Long synchronous work that still lets the event loop breathe, and that stops when it is told to. */
import { ImgError } from '../../error.ts'
import type { Io } from '../ports.ts'

const slice = 20 // milliseconds of work between two breaths

/** Called often; true, at most every 20 ms, when it is time to `await breathe()`. */
export interface Pace {
  due(): boolean
  breathe(): Promise<void>
}

/**
 * The pace of one piece of work.
 * @throws BUILD_CANCELLED from `breathe`, when the signal is aborted
 */
export function pace(io?: Pick<Io, 'signal'>): Pace {
  let last = performance.now()
  return {
    due: () => performance.now() - last > slice,
    async breathe() {
      stopIfCancelled(io)
      await new Promise((resolve) => setImmediate(resolve))
      stopIfCancelled(io)
      last = performance.now()
    },
  }
}

/** @throws BUILD_CANCELLED */
export function stopIfCancelled(io?: Pick<Io, 'signal'>): void {
  if (io?.signal.aborted)
    throw new ImgError('BUILD_CANCELLED', 'the build was interrupted', { cause: io.signal.reason })
}
