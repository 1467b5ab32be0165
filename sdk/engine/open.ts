/** Opens a store with its layers: the two parts that each know nothing of the other. */
import { openLayers } from './layer/layers.ts'
import { outsideIds, ownStanding } from './run/id-map.ts'
import { openStoreWith, type Store } from './store/store.ts'

/** Opens the store in a folder, which is made where it is missing. Throws DISK_FULL, CONTEXT_INVALID. */
export function openStore(folder: string): Promise<Store> {
  const idMap = process.platform === 'linux' ? ownStanding().idMap : undefined
  return openStoreWith(folder, (parts) => openLayers({ ...parts, idMap: idMap && outsideIds(idMap) }))
}
