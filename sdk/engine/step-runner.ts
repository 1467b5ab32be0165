/** FileOps and ExecOps as steps that are looked up before they are run. */
import { ImgError } from '../error.ts'
import { canonicalJson } from '../graph/canonical.ts'
import { isDigest } from '../oci/digest.ts'
import type { ExecOp, FileOp } from '../plan/op.ts'
import { definitionKey } from './definition-key.ts'
import type { ExecMount } from './op/exec.ts'
import { type FileSource, type PreparedFile, prepareFile } from './op/file.ts'
import type { ScanArchive } from './op/unpack.ts'
import type { Io, Layer, LayerStore, Tree } from './ports.ts'
import type { OpCache } from './solve/cache.ts'
import { empty, hash, type Result, type SnapshotResult, snapshot } from './solve/result.ts'
import type { Work } from './solve/solve.ts'
import { layersOf } from './stack-runner.ts'

/** What steps are made from. */
export interface StepParts {
  readonly layers: LayerStore
  readonly cache: OpCache
  /** Seconds since the epoch: for directories that a step makes. */
  readonly now: number
  readonly sourceDateEpoch?: number | undefined
  openTree(layers: readonly Layer[], io: Io): Promise<Tree>
  /** Reads archives for ADD. */
  readonly scan: ScanArchive
  /** A folder where contents of archives wait for their turn: there they need to fit anyway. */
  readonly temporary: string
  /** Runs a command; answers one layer per output. */
  exec(work: Work<ExecOp>, mounts: readonly ExecMount[]): Promise<readonly Layer[]>
  /** Told when each layer was made: RFC 3339. */
  made(layer: Layer, created: string): void
}

/** The runner of FileOps. */
export function fileRunner(parts: StepParts) {
  return async (work: Work<FileOp>) => {
    try {
      return await runFile(work.op, work.inputs, work, parts)
    } catch (error) {
      const local = work.inputs.some(({ kind }) => kind === 'local')
      if (local || !(error instanceof ImgError) || error.code !== 'COPY_SOURCE_MISSING' || error.hint) throw error
      const { message, detail, cause } = error
      const hint = 'the stage or image that it copies from has no such path'
      throw new ImgError(error.code, message, { detail, cause, hint })
    }
  }
}

async function runFile(
  op: FileOp,
  inputs: readonly Result[],
  work: Pick<Work<FileOp>, 'io' | 'cached'>,
  parts: StepParts,
): Promise<readonly Result[]> {
  const baseIndex = op.actions[0]?.input ?? -1
  const base = baseIndex >= 0 ? layersOf(inputs[baseIndex]) : empty
  const early = definitionKey(op, inputs, parts.sourceDateEpoch)
  const known = early === undefined ? undefined : await parts.cache.find(early)
  if (known) {
    const layer = known.outputs[0]![0]!
    work.cached()
    parts.made(layer, known.created)
    return [snapshot([...base.layers, layer])]
  }
  const sources = await Promise.all(inputs.map((input) => toFileSource(input, parts, work.io)))
  const { now, sourceDateEpoch, scan, temporary } = parts
  const prepared = await prepareFile(op, sources, {
    now,
    scan,
    temporary,
    ...(sourceDateEpoch === undefined ? {} : { sourceDateEpoch }),
  })
  try {
    const { layer, created } = await findOrPack(prepared, base, work, parts)
    if (early !== undefined) await parts.cache.remember(early, [[layer]], created)
    return [snapshot([...base.layers, layer])]
  } finally {
    prepared.close()
  }
}

async function findOrPack(
  prepared: PreparedFile,
  base: SnapshotResult,
  { io, cached }: Pick<Work<FileOp>, 'io' | 'cached'>,
  parts: StepParts,
): Promise<{ layer: Layer; created: string }> {
  const { cache, layers, made } = parts
  const keyOf = (kind: string, key: string) => hash([kind, key, base.key, String(parts.sourceDateEpoch ?? '')])
  const quickKey = keyOf('file', prepared.quickKey)
  const known = await cache.find(quickKey)
  if (known) {
    cached()
    made(known.outputs[0]![0]!, known.created)
    return { layer: known.outputs[0]![0]!, created: known.created }
  }
  const byContent = async (content: string | undefined) => {
    const key = content === undefined ? undefined : keyOf('file content', content)
    return { key, same: key === undefined ? undefined : await cache.find(key) }
  }
  // The same content was packed before, with other times: that layer stands, and everything built on it is found again.
  let content = await byContent(prepared.contentKey())
  const packed = content.same ? undefined : await layers.pack(prepared.entries(io), io)
  if (packed) {
    const index = await packed.index(io)
    if (content.key === undefined) content = await byContent(prepared.contentKey(index))
    if (isDigest(packed.id)) prepared.learn(index, packed.id)
  }
  const { key: contentKey, same } = content
  const layer = same?.outputs[0]?.[0] ?? packed!
  const created = same?.created ?? timestamp(parts)
  if (same) cached()
  made(layer, created)
  await cache.remember(quickKey, [[layer]], created)
  if (contentKey !== undefined && !same) await cache.remember(contentKey, [[layer]], created)
  return { layer, created }
}

async function toFileSource(input: Result, parts: StepParts, io: Io): Promise<FileSource> {
  if (input.kind === 'local') {
    await input.context.contents?.recall()
    return { tree: input.context, local: input.context }
  }
  return { tree: await parts.openTree(input.layers, io), key: input.key }
}

/** The runner of ExecOps. */
export function execRunner(parts: StepParts) {
  return async (work: Work<ExecOp>): Promise<readonly Result[]> => {
    const { op, vertex } = work
    const inputs = await Promise.all(vertex.inputs.map((_, index) => mountable(index, work, parts)))
    const key = hash(['exec', execKey(op), canonicalJson(vertex.platform ?? null), ...inputs.map((input) => input.key)])
    const known = vertex.ignoreCache ? undefined : await parts.cache.find(key)
    const made = known?.outputs.map((layers) => layers[0]!) ?? (await run(work, inputs, parts))
    const created = known?.created ?? timestamp(parts)
    if (known) work.cached()
    else
      await parts.cache.remember(
        key,
        made.map((layer) => [layer]),
        created,
      )
    for (const layer of made) parts.made(layer, created)
    const writable = op.mounts.filter(
      (mount) => (mount.output ?? 0) >= 0 && !mount.readonly && (mount.mountType ?? 0) === 0,
    )
    return writable.map((mount, index) => {
      const input = mount.input ?? 0
      return snapshot([...(input >= 0 ? inputs[input]!.layers : []), made[index]!])
    })
  }
}

function run(work: Work<ExecOp>, inputs: readonly SnapshotResult[], parts: StepParts): Promise<readonly Layer[]> {
  const mounts = work.op.mounts.map((mount): ExecMount => {
    const input = mount.input ?? 0
    return input >= 0 ? { snapshot: inputs[input]! } : {}
  })
  return parts.exec(work, mounts)
}

/** Everything that the result depends on, but not proxies, and of secrets only their names. Source: conformance D4.2.10. */
function execKey(op: ExecOp): string {
  const { proxy_env: _, ...meta } = op.meta
  return canonicalJson({ ...op, meta })
}

/** An input of a command as a root file system: what a mount takes of the build context becomes a layer. */
async function mountable(index: number, work: Work<ExecOp>, parts: StepParts): Promise<SnapshotResult> {
  const input = work.inputs[index]!
  if (input.kind === 'snapshot') return input
  const paths = new Set(
    work.op.mounts.filter((mount) => (mount.input ?? 0) === index).map((mount) => mount.selector ?? '/'),
  )
  const chosen = paths.has('/') ? ['/'] : [...paths].sort()
  const actions = chosen.map((path, at): FileOp['actions'][number] => ({
    input: at === 0 ? -1 : at,
    secondaryInput: 0,
    output: at === chosen.length - 1 ? 0 : -1,
    Action: {
      copy: {
        src: path,
        dest: path,
        mode: -1,
        timestamp: -1,
        createDestPath: true,
        dirCopyContents: true,
        followSymlink: true,
      },
    },
  }))
  const [result] = await runFile({ actions }, [input], { io: work.io, cached: () => {} }, parts)
  return result as SnapshotResult
}

function timestamp({ now, sourceDateEpoch }: StepParts): string {
  return new Date((sourceDateEpoch ?? now) * 1000).toISOString()
}
