/** The cache of solved ops: which layers an op gave, by a key over the op and what it took. */
import type { Layer, LayerStore, Records } from '../ports.ts'

/** What is remembered of a solved op. */
interface Remembered {
  /** Layer ids, one list per output. */
  readonly outputs: readonly (readonly string[])[]
  /** When the layers were made: RFC 3339. */
  readonly created: string
}

/** The outputs of an op, found again. */
export interface Found {
  readonly outputs: readonly (readonly Layer[])[]
  readonly created: string
}

/** Remembers ops by key, across builds and processes. */
export interface OpCache {
  find(key: string): Promise<Found | undefined>
  remember(key: string, outputs: readonly (readonly Layer[])[], created: string): Promise<void>
}

const kind = 'op'

/** A cache in the store's records. An entry whose layers are gone is no entry. */
export function openCache(records: Records, layers: LayerStore): OpCache {
  return {
    async find(key) {
      const record = await records.get<Remembered>(kind, key)
      if (!record) return undefined
      const outputs: Layer[][] = []
      for (const ids of record.outputs) {
        const found = await Promise.all(ids.map((id) => layers.get(id)))
        if (found.includes(undefined)) return undefined
        outputs.push(found as Layer[])
      }
      return { outputs, created: record.created }
    },
    async remember(key, outputs, created) {
      const ids = outputs.map((layers) => layers.map((layer) => layer.id))
      await records.put<Remembered>(kind, key, { outputs: ids, created })
    },
  }
}

/** A cache that finds nothing, but remembers: `--no-cache`. */
export function forgetful(cache: OpCache): OpCache {
  return { find: async () => undefined, remember: cache.remember }
}
