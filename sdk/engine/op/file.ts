/** The FileOp: files copied, made and removed without a file system, as the entries of one layer. */
import { randomUUID } from 'node:crypto'
import type { Digest } from '../../oci/digest.ts'
import type { FileOp } from '../../plan/op.ts'
import type { Io, LayerIndex, PackEntry } from '../ports.ts'
import { type FileOptions, Run } from './actions.ts'
import type { Content } from './body.ts'
import type { Change } from './changes.ts'
import type { FileSource } from './file-source.ts'
import { ContentKey, contentKeyOf, quickKeyOf } from './keys.ts'
import { packEntries } from './pack-entries.ts'

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
   * @param packed  the index of the layer that was made of the entries, all of them; not needed when every digest is known before
   * @returns       undefined when a digest is missing
   */
  contentKey(packed?: LayerIndex): string | undefined
  /** Tells the sources where in the layer their files came to lie. @param tar the layer's diff ID */
  learn(packed: LayerIndex, tar: Digest): void
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
  const walk = new Walk(run.times)
  const common = {
    base,
    contentKey: (packed?: LayerIndex) => run.seal(packed && walk.key.finish(packed)),
    learn: (packed: LayerIndex, tar: Digest) => walk.learn(packed, tar),
    close: () => run.close(),
  }
  if (await run.findArchives()) {
    return {
      ...common,
      quickKey: run.definitionKey(),
      async *entries(io) {
        yield* packEntries(await run.result(io), options.sourceDateEpoch, walk.see)
      },
    }
  }
  const target = await run.result()
  const entries = () => packEntries(target, options.sourceDateEpoch, walk.see)
  // A context is known by its times faster than by its content; where all digests are known, one walk answers both questions.
  const content = inputs.some((input) => input?.local) ? undefined : run.seal(contentKeyOf(target, run.times))
  if (content !== undefined) return { ...common, quickKey: content, entries, contentKey: () => content }
  return { ...common, quickKey: run.seal(quickKeyOf(target, run.times)) ?? `file:${randomUUID()}`, entries }
}

/** What is noted while the entries of a layer are walked. */
class Walk {
  readonly key: ContentKey
  /** What files were made of whose digest was not known, by their path in the layer. */
  readonly #unknown = new Map<string, Content>()

  constructor(times: boolean) {
    this.key = new ContentKey(times)
  }

  readonly see = (change: Change): void => {
    this.key.add(change)
    if (change.kind !== 'leaf' || change.body.type !== 'file') return
    const { content } = change.body
    if (content.learn && content.digest === undefined) this.#unknown.set(change.path, content)
  }

  learn({ entries }: LayerIndex, tar: Digest): void {
    for (const [path, content] of this.#unknown) {
      const { digest, offset } = entries.get(path) ?? {}
      if (digest !== undefined && offset !== undefined) content.learn?.({ digest, tar, offset })
    }
  }
}
