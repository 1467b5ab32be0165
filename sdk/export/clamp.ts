/** A layer whose files are not later than a moment (`rewrite-timestamp=true`). */
import type { StoredIndex } from '../engine/layer/builder.ts'
import { readEntry } from '../engine/layer/content.ts'
import type { SourcedIndex } from '../engine/layer/tree.ts'
import { sortNames } from '../engine/name.ts'
import type { IndexEntry, Io, Layer, LayerStore, PackEntry, Records } from '../engine/ports.ts'

/** What is needed of a store. */
export interface ClampStore {
  readonly layers: LayerStore
  readonly records: Records
}

const kind = 'clamped-layer'

/**
 * The layer with the times that are later than the epoch set to it; the layer itself where none is. A base's layer stays as it is.
 * What was made once is remembered.
 *
 * @param epoch  seconds
 * @throws what reading and packing layers throw
 * @source D11.8; BuildKit, exporter option rewrite-timestamp
 */
export async function clampTimes(layer: Layer, epoch: number, store: ClampStore, io: Io): Promise<Layer> {
  if (layer.base) return layer
  const { diffId } = await layer.tar(io)
  const key = `${diffId} ${epoch}`
  const known = await store.records.get<string>(kind, key)
  const kept = known === undefined ? undefined : await store.layers.get(known)
  if (kept) return kept
  const index = (await layer.index(io)) as SourcedIndex
  const isLate = [...index.entries.values()].some(({ mtime }) => mtime > epoch)
  const clamped = isLate || hasMarks(index) ? await store.layers.pack(entriesOf(index, epoch), io) : layer
  await store.records.put(kind, key, clamped.id)
  return clamped
}

/** Marks of deletions have times too, which the index does not tell. */
function hasMarks({ whiteouts, opaque }: StoredIndex): boolean {
  return whiteouts.size + opaque.size > 0
}

/** What the layer says, sorted by byte value, so that parents come first. */
function* entriesOf(index: SourcedIndex, epoch: number): Generator<PackEntry> {
  const { entries, whiteouts, opaque, source } = index
  const firsts = new Map<string, string>()
  for (const path of sortNames([...new Set([...entries.keys(), ...whiteouts, ...opaque])])) {
    if (whiteouts.has(path)) yield { ...mark, path, type: 'whiteout' }
    const entry = entries.get(path)
    if (entry) yield packed(entry)
    if (opaque.has(path)) yield { ...mark, path, type: 'opaque' }
  }

  function packed({ inode, digest: _, offset: __, ...rest }: IndexEntry): PackEntry {
    const clamped = { ...rest, mtime: Math.min(rest.mtime, epoch) }
    const first = inode === undefined ? undefined : firsts.get(inode)
    if (first !== undefined) return { ...clamped, type: 'hardlink', link: first, size: 0 }
    if (inode !== undefined) firsts.set(inode, rest.path)
    return rest.type === 'file' ? { ...clamped, content: () => readEntry(entries.get(rest.path)!, source) } : clamped
  }
}

const mark = { mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 }
