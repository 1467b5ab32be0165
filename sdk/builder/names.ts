/** What stages are called. */
import { ImgError } from '../error.ts'
import type { Draft } from './cut.ts'
import { chainOf, type State } from './state.ts'

/** Names: the author's; the export's; for a stage that others start from, `stage-N`, as BuildKit calls it. */
export function nameStages(
  order: readonly State[],
  drafts: ReadonlyMap<State, Draft>,
  targetNames: ReadonlyMap<State, string>,
): Map<State, string> {
  const bases = new Set(order.flatMap((state) => drafts.get(state)!.base ?? []))
  const names = new Map<State, string>()
  const taken = new Set<string>()
  for (const state of order) {
    const name = drafts.get(state)!.name ?? asStageName(targetNames.get(state))
    if (name === undefined) continue
    if (!/^[a-z][a-z0-9-_.]*$/.test(name)) {
      throw new ImgError(
        'ARGUMENT_VALUE',
        `"${name}" is not a stage name; expected a letter, then letters, digits, "-", "_" or "."`,
        {
          at: chainOf(state).site?.location(),
        },
      )
    }
    if (taken.has(name))
      throw new ImgError('ARGUMENT_VALUE', `two stages are called "${name}"`, { at: chainOf(state).site?.location() })
    taken.add(name)
    names.set(state, name)
  }
  order.forEach((state, index) => {
    if (names.has(state) || !bases.has(state)) return
    let name = `stage-${index}`
    while (taken.has(name)) name += '-'
    taken.add(name)
    names.set(state, name)
  })
  return names
}

// An export may be called anything that JavaScript allows; as a stage it gets the nearest name that FROM allows.
function asStageName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const lower = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9-_.]/g, '-')
  return /^[a-z]/.test(lower) ? lower : `target-${lower}`
}
