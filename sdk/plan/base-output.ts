/** Where stages begin: the ops of base images, and of what named contexts put in their place. */
import type { History, ImageConfig } from '../oci/types.ts'
import { isLayout } from './contexts.ts'
import { usedPaths } from './finish.ts'
import type { SourceOp } from './op.ts'
import { type Node, type OpPool, toOpPlatform } from './ops.ts'
import type { StageState } from './stage-state.ts'
import { countSteps, prefix } from './title.ts'

/** What is used of the folders of named contexts, by their ops: a set for each stage. */
export type Folders = Map<Node, ReadonlySet<string>[]>

/** The output that a stage without a base in the graph begins with: an image, a folder, a repository, or nothing. */
export function baseOutput(stage: StageState, pool: OpPool, folders: Folders): void {
  if (stage.context?.kind === 'files') {
    const { identifier, attrs } = stage.context
    const op = { source: { identifier, ...(attrs ? { attrs } : {}) } }
    const node = pool.add(op, [], undefined, { name: `[internal] load ${identifier}`, at: stage.from?.at })
    stage.output = { node, index: 0 }
    if (identifier.startsWith('local://')) folders.set(node, [...(folders.get(node) ?? []), stage.paths])
    return
  }
  if (stage.baseName === 'scratch') return
  if (hasNoLayers(stage.image.rootfs, stage.history)) return
  stage.total = countSteps(stage)
  const source = { identifier: isLayout(stage.baseName) ? stage.baseName : `docker-image://${stage.baseName}` }
  const name = `${prefix(stage, 1)}FROM ${stage.baseName}`
  const node = pool.add({ source }, [], toOpPlatform(stage.platform!), { name, at: stage.from?.at })
  stage.output = { node, index: 0 }
}

/** Whether an image counts as `scratch` with a config. An old one may have layers that only its history tells of. */
export function hasNoLayers({ diff_ids }: ImageConfig['rootfs'], history: readonly History[] = []): boolean {
  return diff_ids.length === 0 && history.every((entry) => entry.empty_layer)
}

/** Says in each folder's op what is used of it, once that is known. Source: conformance D9.25. */
export function finishFolders(folders: Folders): void {
  for (const [node, used] of folders) {
    const { source } = node.op as { source: SourceOp }
    const attrs = { ...source.attrs, ...usedPaths(new Set(used.flatMap((paths) => [...paths]))) }
    node.op = { source: { ...source, ...(Object.keys(attrs).length > 0 ? { attrs } : {}) } }
  }
}
