/** A client that downloads at most so many blobs at once. */
import type { Readable } from 'node:stream'
import { ImgError } from '../../error.ts'
import type { Io } from '../ports.ts'
import type { RegistryClient } from './client.ts'

/**
 * The same client, with at most `n` blobs on their way; others wait their turn. A blob counts until its stream ends, so read what you
 * open. Uploads do not count: one may be fed by a download, which would wait for it for ever.
 */
export function limited(client: RegistryClient, n: number): RegistryClient {
  const gate = createGate(n)
  return {
    ...client,
    getBlob: (repository, descriptor, options) =>
      gate.whileOpen(() => client.getBlob(repository, descriptor, options), options?.io),
  }
}

function createGate(n: number) {
  const waiting = new Set<() => void>()
  let free = n

  function enter(io: Io | undefined): Promise<void> {
    if (free > 0) {
      free--
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const turn = () => {
        io?.signal.removeEventListener('abort', cancel)
        resolve()
      }
      const cancel = () => {
        waiting.delete(turn)
        reject(new ImgError('BUILD_CANCELLED', 'the transfer was interrupted', { cause: io?.signal.reason }))
      }
      waiting.add(turn)
      io?.signal.addEventListener('abort', cancel, { once: true })
      if (io?.signal.aborted) cancel()
    })
  }

  function leave(): void {
    const [next] = waiting
    if (!next) {
      free++
      return
    }
    waiting.delete(next)
    next()
  }

  return {
    async whileOpen(work: () => Promise<Readable>, io: Io | undefined): Promise<Readable> {
      await enter(io)
      try {
        const stream = await work()
        stream.once('close', leave)
        return stream
      } catch (error) {
        leave()
        throw error
      }
    },
  }
}
