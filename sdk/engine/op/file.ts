/** The FileOp: files copied, made and removed without a file system, as the entries of one layer. */
import { randomUUID } from 'node:crypto'
import type { FileOp } from '../../plan/op.ts'
import type { Io, LayerIndex, PackEntry } from '../ports.ts'
import { type FileOptions, Run } from './actions.ts'
import type { FileSource } from './file-source.ts'
import { contentKeyOf, quickKeyOf } from './keys.ts'
import { packEntries } from './pack-entries.ts'
import type { Target } from './target.ts'

export type { FileOptions } from './actions.ts'
export type { FileSource } from './file-source.ts'

/** A FileOp that is ready to become a layer. */
export interface PreparedFile {
  /** The input that the layer goes on top of; -1 when it stands alone. */
  readonly base: number
  /** Equal keys, equal layers (times that were copied apart), found without reading content. */
  readonly quickKey: string
  /** The layer's entries, parents first, sorted. May be walked once. Archives are unpacked before the first comes. */
  entries(io?: Io): Iterable<PackEntry> | AsyncIterable<PackEntry>
  /**
   * The same question answered by content instead of file times: equal keys, equal layers.
   *
   * @param packed  the index of the layer that was made of the entries; not needed when every digest is known before
   * @returns       undefined when a digest is missing
   */
  contentKey(packed?: LayerIndex): string | undefined
  /** Gives back temporary space. */
  close(): void
}

/**
 * Works out what a FileOp does. No content is read, but for a look at the files that ADD may unpack.
 *
 * @param inputs  a source per input of the op; undefined is an empty root
 * @throws COPY_SOURCE_MISSING (`detail.path`), COPY_CONFLICT, PATH_MISSING, PATH_ESCAPES, USER_UNKNOWN, CONTEXT_INVALID …
 * @source moby/buildkit, solver/llbsolver/ops/file.go
 */
export async function prepareFile(
  op: FileOp,
  inputs: readonly (FileSource | undefined)[],
  options: FileOptions,
): Promise<PreparedFile> {
  const run = new Run(op, inputs, options)
  const base = run.base()
  if (await run.findArchives()) {
    const quickKey = run.definitionKey()
    let target: Target | undefined
    return {
      base,
      quickKey,
      async *entries(io) {
        target = await run.result(io)
        yield* packEntries(target, options.sourceDateEpoch)
      },
      contentKey: (packed) => target && run.seal(contentKeyOf(target, packed, run.times)),
      close: () => run.close(),
    }
  }
  const target = await run.result()
  // A context is known by its times faster than by its content; where all digests are known, one walk answers both questions.
  const content = inputs.some((input) => input?.local)
    ? undefined
    : run.seal(contentKeyOf(target, undefined, run.times))
  return {
    base,
    quickKey: content ?? run.seal(quickKeyOf(target, run.times)) ?? `file:${randomUUID()}`,
    entries: () => packEntries(target, options.sourceDateEpoch),
    contentKey: (packed) => content ?? run.seal(contentKeyOf(target, packed, run.times)),
    close: () => run.close(),
  }
}
