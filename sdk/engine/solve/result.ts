/** What an op gives: a root file system, or the build context as it lies on disk. */
import { createHash } from 'node:crypto'
import type { Layer, LocalContext, Snapshot } from '../ports.ts'

/** A root file system, the key that stands for its content, and what is known of its upper layers. */
export interface SnapshotResult extends Snapshot {
  readonly kind: 'snapshot'
  /** Equal keys, equal layers. */
  readonly key: string
}

/** The build context, or a named local one. It has no key: what COPY selects of it is looked at each time. */
export interface LocalResult {
  readonly kind: 'local'
  readonly context: LocalContext
}

/** What an op gives. */
export type Result = SnapshotResult | LocalResult

/** The empty root file system. */
export const empty: SnapshotResult = snapshot([])

/** Layers as a result. */
export function snapshot(layers: readonly Layer[]): SnapshotResult {
  return { kind: 'snapshot', layers, key: hash(layers.map((layer) => layer.id)) }
}

/** A SHA-256 over the canonical form of some parts: their lengths are part of it, so no two lists collide when joined. */
export function hash(parts: readonly string[]): string {
  const sum = createHash('sha256')
  for (const part of parts) {
    const bytes = Buffer.from(part)
    sum.update(`${bytes.length}:`).update(bytes)
  }
  return sum.digest('hex')
}
