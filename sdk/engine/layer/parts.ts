/** What layers are made from: the store that they are in, and the one way a new tar gets into it. */
import { closeSync, openSync, rmSync } from 'node:fs'
import type { Digest } from '../../oci/digest.ts'
import type { BlobStore, Io, OutsideIds, PackEntry } from '../ports.ts'
import { FileDrain } from './drain.ts'
import { type Packed, packTar } from './pack.ts'
import { guarded } from './write.ts'

/** What layers need of the store that they are in. */
export interface LayerParts {
  /** Of the layers: one folder each. */
  readonly folder: string
  readonly blobs: BlobStore & {
    path(digest: Digest): string
    size(digest: Digest): number | undefined
    take(file: string, digest: Digest): Promise<void>
    remove(digest: Digest): void
  }
  locked<T>(key: string, work: () => Promise<T>, io?: Pick<Io, 'signal'>): Promise<T>
  /** A path on the store's file system that nothing uses yet. */
  temporary(): string
  /** Which start of the machine this is; '' where it cannot be told. */
  readonly boot: string
  /** Whose ids the files of layers have, where that is not the image's: those of a user namespace that we are not in. */
  readonly idMap?: OutsideIds | undefined
}

/** Packs into a blob of the store. */
export async function packInto(
  entries: AsyncIterable<PackEntry> | Iterable<PackEntry>,
  parts: LayerParts,
  io?: Io,
): Promise<Packed> {
  const { blobs, temporary } = parts
  const path = temporary()
  return guarded(path, async () => {
    const file = openSync(path, 'wx')
    const drain = new FileDrain(file, path)
    try {
      const packed = await packTar(entries, drain, io).finally(() => drain.close())
      // also where it is already: what was packed just now is right, whatever became of the older one
      await blobs.take(path, packed.diffId)
      return packed
    } finally {
      closeSync(file)
      rmSync(path, { force: true })
    }
  })
}
