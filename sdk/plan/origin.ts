/** Where the files of a step come from, as outputs of ops. */
import { ImgError } from '../error.ts'
import type { Origin } from '../instruction/define.ts'
import type { OpPlatform } from './op.ts'
import type { Node, OpPool, Output } from './ops.ts'
import { refKey, type StageState } from './stage-state.ts'

/** What drafts are linked with. */
export interface Linker {
  readonly pool: OpPool
  readonly context: Output
  /** Paths of the build context that are used. */
  readonly contextPaths: Set<string>
  readonly platform: OpPlatform
  readonly proxies: Record<string, string> | undefined
  /** Of RUN. @default the runtime's own */
  readonly hostname: string | undefined
}

/** The output that an origin means. */
export function originOutput(origin: Origin, stage: StageState, linker: Linker, name: string): Output {
  switch (origin.kind) {
    case 'scratch':
      return undefined
    case 'context':
      linker.contextPaths.add(origin.path)
      return linker.context
    case 'stage':
      return stageOutput(origin, stage)
    case 'inline':
      return output(inlineFile(origin, linker))
    case 'http': {
      const attrs = {
        ...(origin.checksum ? { 'http.checksum': origin.checksum } : {}),
        'http.filename': origin.filename,
      }
      return output(linker.pool.add({ source: { identifier: origin.url, attrs } }, [], undefined, { name }))
    }
    case 'git':
      if (origin.contextPath !== undefined) linker.contextPaths.add(origin.contextPath)
      return output(
        linker.pool.add({ source: { identifier: origin.remote, attrs: origin.attrs } }, [], undefined, { name }),
      )
  }
}

/** The first output of an op. */
export function output(node: Node): Output {
  return { node, index: 0 }
}

function stageOutput(origin: Origin & { kind: 'stage' }, stage: StageState): Output {
  const source = stage.uses.get(refKey(origin.ref))!
  source.paths.add(origin.path)
  if (source.dispatched) return source.output
  throw new ImgError(
    'STAGE_ORDER',
    `cannot ${origin.verb} from stage "${source.name}": it needs to be defined before stage "${stage.name}"`,
  )
}

function inlineFile({ path, mode, data }: Origin & { kind: 'inline' }, linker: Linker): Node {
  const mkfile = { path, mode, data: Buffer.from(data).toString('base64'), timestamp: -1 }
  const action = { input: -1, secondaryInput: -1, output: 0, Action: { mkfile } }
  return linker.pool.add({ file: { actions: [action] } }, [], undefined, {
    name: '[internal] preparing inline document',
  })
}
