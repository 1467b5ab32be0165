/** The layers of a store: found, packed from entries, taken over from a RUN, or those of a base image. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Layer, LayerStore, PackEntry } from '../ports.ts'
import { FusedRoot } from './fused-root.ts'
import { type LayerParts, packInto } from './parts.ts'
import { RootCopies } from './root-copy.ts'
import { StoredLayer } from './stored-layer.ts'
import { entriesOf, type IdMap } from './walk.ts'
import { diskError, guarded } from './write.ts'

/** The layer store. `adopt` may be told how the ids of a user namespace map to those of the image. */
export interface Layers extends LayerStore {
  adopt(directory: string, options?: { readonly idMap?: IdMap }): Promise<Layer>
}

/** The layers in a folder. */
export function openLayers(parts: LayerParts): Layers {
  const known = new Map<string, StoredLayer>()
  const remember = (layer: StoredLayer) => {
    known.set(layer.id, layer)
    return layer
  }
  const layers: Layers = {
    async get(id) {
      const found = known.get(id)
      if (found?.isThere()) return found
      known.delete(id)
      const layer = new StoredLayer(id, parts, { idMap: parts.idMap })
      return layer.isThere() ? remember(layer) : undefined
    },
    async pack(entries, io) {
      const { diffId, index } = await packInto(entries, parts, io)
      const found = known.get(diffId)
      const layer = found?.isThere() ? found : remember(new StoredLayer(diffId, parts))
      await guarded(layer.folder, async () => layer.keepIndex(index))
      return layer
    },
    async adopt(directory, { idMap } = {}) {
      const id = `upper-${randomBytes(12).toString('hex')}`
      const layer = new StoredLayer(id, parts, { idMap })
      return moveIn(directory, layer.folder, parts) ? remember(layer) : this.pack(packAway(directory, idMap))
    },
    async base(base) {
      const found = known.get(base.diffId)
      return found?.base ? found : remember(new StoredLayer(base.diffId, parts, { base }))
    },
    copy: (below, io) => copies.copy(below, io),
    fused: (directory, below) => new FusedRoot(directory, below, layers.pack),
  }
  const copies = new RootCopies(parts, layers.pack)
  return layers
}

/** Makes the directory the `fs` of a layer, in one step that shows. False when it is on another file system. */
function moveIn(directory: string, folder: string, { temporary, boot }: LayerParts): boolean {
  const made = temporary()
  try {
    mkdirSync(made, { mode: 0o700 })
    writeFileSync(join(made, 'meta.json'), JSON.stringify({ boot }))
    renameSync(directory, join(made, 'fs'))
    renameSync(made, folder)
    return true
  } catch (error) {
    rmSync(made, { recursive: true, force: true })
    if ((error as NodeJS.ErrnoException).code === 'EXDEV') return false
    throw diskError(error, folder)
  }
}

/** The entries of a directory, which is removed once they have all been read. */
async function* packAway(directory: string, idMap: IdMap | undefined): AsyncGenerator<PackEntry> {
  yield* await entriesOf(directory, idMap)
  rmSync(directory, { recursive: true, force: true })
}
