/** What stages are called. */
import { ImgError, type Location } from '../error.ts'
import { toPlain } from '../graph/token.ts'
import { stageName } from '../instruction/shape/base.ts'
import { isReference } from '../oci/reference.ts'
import type { Draft } from './cut.ts'
import { chainOf, type State } from './state.ts'

/** The name that `.as()` gives, in lower case. Throws ARGUMENT_VALUE. */
export function toStageName(given: string): string {
  const name = toPlain(given, 'the name of a stage').toLowerCase()
  if (stageName.test(name) && isReference(name)) return name
  throw new ImgError('ARGUMENT_VALUE', `"${given}" is not a stage name`, {
    hint: 'start it with a letter, and use letters and digits, with single "-", "_" and "." between them',
  })
}

/** Names: the author's; the export's; for a stage that others start from, `stage-N`, as BuildKit calls it. */
export function nameStages(
  order: readonly State[],
  drafts: ReadonlyMap<State, Draft>,
  targetNames: ReadonlyMap<State, string>,
): Map<State, string> {
  const bases = new Set(order.flatMap((state) => drafts.get(state)!.base ?? []))
  const names = new Map<State, string>()
  const taken = new Map<string, State>()
  for (const state of order) {
    const name = drafts.get(state)!.name ?? asStageName(targetNames.get(state))
    if (name === undefined) continue
    const other = taken.get(name)
    if (other) throw twice(name, placeOf(state, drafts), placeOf(other, drafts))
    taken.set(name, state)
    names.set(state, name)
  }
  order.forEach((state, index) => {
    if (names.has(state) || !bases.has(state)) return
    let name = `stage-${index}`
    for (let more = 2; taken.has(name); more++) name = `stage-${index}-${more}`
    taken.set(name, state)
    names.set(state, name)
  })
  return names
}

function placeOf(state: State, drafts: ReadonlyMap<State, Draft>): Location | undefined {
  return (drafts.get(state)!.namedAt ?? chainOf(state).site)?.location()
}

function twice(name: string, at: Location | undefined, other: Location | undefined): ImgError {
  const where =
    other === undefined
      ? ''
      : `the other is named in line ${other.line}${other.file === at?.file ? '' : ` of ${other.file}`}; `
  return new ImgError('ARGUMENT_VALUE', `two stages are called "${name}"`, {
    at,
    hint: `${where}give one of them another name with .as('…')`,
  })
}

// An export may be called anything that JavaScript allows; as a stage it gets the nearest name that docker allows.
function asStageName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const lower = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, (between) => (/^[_.]$/.test(between) ? between : '-'))
    .replace(/^[-_.]|[-_.]$/g, '')
  return /^[a-z]/.test(lower) ? lower : ['target', lower].filter((part) => part !== '').join('-')
}
