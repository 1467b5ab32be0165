/** Where a chain may not be cut into two stages, because the cut would change what it means. */
import type { Instruction } from '../graph/graph.ts'
import { chainOf, type Link, type State } from './state.ts'

/**
 * Whether starting a new stage at `prefix` would change what the links after it mean: triggers would fire, a CMD would be
 * cleared by ENTRYPOINT, or ENV would win over ARG again. Source: conformance D8.3, D4.4.2, D3.17.
 */
export function boundaryMatters(prefix: State, links: readonly { readonly link: Link }[]): boolean {
  const before = instructionsOf(prefix)
  const after = links.map(({ link }) => link.instruction)
  if (before.some(({ keyword }) => keyword === 'ONBUILD')) return true
  const entrypoint = after.findIndex(({ keyword }) => keyword === 'ENTRYPOINT')
  const cmd = after.findIndex(({ keyword }) => keyword === 'CMD')
  if (entrypoint >= 0 && (cmd < 0 || cmd > entrypoint) && before.some(({ keyword }) => keyword === 'CMD')) return true
  const args = new Set(before.filter(({ keyword }) => keyword === 'ARG').flatMap(({ args }) => namesOf(args)))
  return (
    args.size > 0 &&
    before.some(({ keyword, args: fields }) => keyword === 'ENV' && namesOf(fields).some((name) => args.has(name)))
  )
}

function instructionsOf(state: State): Omit<Instruction, 'at'>[] {
  const found: Omit<Instruction, 'at'>[] = []
  for (let at: State | undefined = state; at; at = chainOf(at).previous) {
    const { link } = chainOf(at)
    if (link) found.push(link.instruction)
  }
  return found
}

function namesOf(args: object): string[] {
  const { variables } = args as { variables: { name?: string; key?: unknown }[] }
  return variables.map(({ name, key }) => name ?? (typeof key === 'string' ? key : ''))
}
