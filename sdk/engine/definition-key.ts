/** The first of the keys that a FileOp is looked up by: from its definition, without a look into a layer. */
import { canonicalJson } from '../graph/canonical.ts'
import type { FileOp } from '../plan/op.ts'
import type { LocalContext } from './ports.ts'
import { hash, type Result } from './solve/result.ts'

/**
 * A key that needs no look into a layer: the op, the keys of root file systems, and the stat signatures of what is used of the build
 * context. Undefined where a signature proves nothing.
 */
export function definitionKey(op: FileOp, inputs: readonly Result[], epoch: number | undefined): string | undefined {
  const keys: string[] = []
  for (const [index, input] of inputs.entries()) {
    if (input.kind === 'snapshot') {
      keys.push(input.key)
      continue
    }
    const { context } = input
    const paths = op.actions.flatMap(({ Action, secondaryInput }) =>
      'copy' in Action && secondaryInput === index ? [plainPart(Action.copy.src)] : [],
    )
    const signatures = paths.map((path) => `${path} ${signatureOf(path, context)}`)
    if (context.unsettled) return undefined
    keys.push(context.folder, ...signatures)
  }
  return hash(['file definition', canonicalJson(op), String(epoch ?? ''), ...keys])
}

/** The directories of a source path before its first wildcard. */
function plainPart(path: string): string {
  const clean = path.replace(/^\/+|\/+$/g, '')
  const wild = clean.search(/[*?[\\]/)
  return wild < 0 ? clean : clean.slice(0, clean.lastIndexOf('/', wild) + 1).replace(/\/$/, '')
}

/** Where the path leads through a link, or to nothing, all of the context counts. */
function signatureOf(path: string, context: LocalContext): string | undefined {
  const names = path.split('/')
  for (let depth = 1; path !== '' && depth <= names.length; depth++) {
    const entry = context.entry(names.slice(0, depth).join('/'))
    if (!entry || entry.type === 'symlink') return context.signature('')
  }
  return context.signature(path)
}
