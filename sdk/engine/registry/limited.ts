/** A client that does at most so many things at once. */
import type { Readable } from 'node:stream'
import { ImgError } from '../../error.ts'
import type { Io } from '../ports.ts'
import type { RegistryClient } from './client.ts'

/**
 * The same client, with at most `n` calls under way; others wait their turn. A blob counts until its stream ends, so read what you open.
 */
export function limited(client: RegistryClient, n: number): RegistryClient {
  const gate = createGate(n)
  return {
    host: client.host,
    getManifest: (repository, reference, io) => gate.during(() => client.getManifest(repository, reference, io), io),
    headManifest: (repository, reference, io, options) =>
      gate.during(() => client.headManifest(repository, reference, io, options), io),
    putManifest: (repository, reference, manifest, io) =>
      gate.during(() => client.putManifest(repository, reference, manifest, io), io),
    hasBlob: (repository, digest, io) => gate.during(() => client.hasBlob(repository, digest, io), io),
    getBlob: (repository, descriptor, options) =>
      gate.whileOpen(() => client.getBlob(repository, descriptor, options), options?.io),
    mountBlob: (repository, descriptor, from, io) =>
      gate.during(() => client.mountBlob(repository, descriptor, from, io), io),
    uploadBlob: (repository, descriptor, open, options) =>
      gate.during(() => client.uploadBlob(repository, descriptor, open, options), options?.io),
    tags: (repository, io) => gate.during(() => client.tags(repository, io), io),
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
    async during<T>(work: () => Promise<T>, io: Io | undefined): Promise<T> {
      await enter(io)
      return work().finally(leave)
    },
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
