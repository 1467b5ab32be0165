/** What an `image.ts` exports, as targets by name. */
import { ImgError, type Location, wrapError } from '../sdk/error.ts'
import { type ImageDefinition, instantiate, isDefinition, kindOf, type State } from '../sdk/index.ts'
import { lineOf, placeOf } from './load/locate.ts'
import type { Exports } from './load.ts'
import { readPairs } from './pairs.ts'

/** The targets of an image.ts. */
export interface ExportedTargets {
  /** Each image once, under its first name; `default` comes last, as the target of a build that names none. */
  readonly targets: Readonly<Record<string, State>>
  /** Every name. */
  readonly all: Readonly<Record<string, State>>
}

/**
 * Stages exported by name, or by default, or as members of the default export; or what `defineImage` makes of the parameters.
 *
 * @param params  `NAME=VALUE` each
 * @throws IMAGE_FILE_EXPORTS, and USAGE for parameters that do not fit
 */
export function readExports(exports: Exports, file: string, params: readonly string[]): ExportedTargets {
  try {
    return targetsOf(exports, file, params)
  } catch (error) {
    // A getter of the user's may throw.
    const at = placeOf(error)
    throw at === undefined ? error : wrapError(error, 'IMAGE_FILE_FAILED', { at })
  }
}

function targetsOf(exports: Exports, file: string, params: readonly string[]): ExportedTargets {
  const named: Record<string, State> = {}
  for (const [name, value] of Object.entries(exports)) {
    if (name === 'default') continue
    if (isState(value)) named[name] = value
    if (isPromise(value)) throw promised(`the export "${name}"`, file, new RegExp(`export\\s.*\\b${name}\\b`))
  }
  const exported = exports['default']
  if (isDefinition(exported)) {
    const value = define(exported, file, params)
    return readTargets(named, {
      value,
      given: true,
      what: 'what build of defineImage() returned',
      at: () => definedAt(file),
    })
  }
  if (params.length > 0) {
    throw new ImgError('USAGE', `${file} does not export defineImage(…) by default, so it takes no --param`)
  }
  const at = () => lineOf(file, /export\s+default\b|\bas\s+default\b|module\.exports\s*=/)
  const found = readTargets(named, { value: exported, given: 'default' in exports, what: 'the default export', at })
  if (Object.keys(found.all).length === 0) throw nothing(file, exports)
  return found
}

/** The targets of a definition. What its `build` throws is told as a fault of the file, as if it stood at the top of it. */
function define(definition: ImageDefinition, file: string, params: readonly string[]): unknown {
  try {
    return instantiate(definition, readPairs(params, '--param'))
  } catch (error) {
    if (error instanceof ImgError && error.code === 'USAGE') throw error
    throw wrapError(error, 'IMAGE_FILE_FAILED', { at: placeOf(error) ?? definedAt(file) })
  }
}

const definedAt = (file: string) => lineOf(file, /\bdefineImage\b.*\(/)

/** What counts as the default export: itself, or what a definition makes. */
interface Standard {
  readonly value: unknown
  /** Whether there is one at all. */
  readonly given: boolean
  readonly what: string
  at(): Location
}

function readTargets(named: Readonly<Record<string, State>>, standard: Standard): ExportedTargets {
  const all = { ...named, ...(standard.given ? defaultTargets(standard) : {}) }
  const targets: Record<string, State> = {}
  for (const [name, state] of Object.entries(all)) {
    if (name === 'default' || !Object.values(targets).includes(state)) targets[name] = state
  }
  for (const [name, state] of Object.entries(targets))
    if (name !== 'default' && state === targets['default']) delete targets[name]
  return { targets, all }
}

function defaultTargets({ value, what, at }: Standard): Record<string, State> {
  if (isState(value)) return { default: value }
  const isMembers = kindOf(value) === 'an object'
  const members = isMembers ? Object.entries(value as object) : []
  if (members.length === 0) {
    const kind = isMembers ? 'an empty object' : kindOf(value)
    throw new ImgError('IMAGE_FILE_EXPORTS', `${what} is ${kind}; expected a stage, or an object of stages`, {
      at: at(),
      hint: hintFor(value),
    })
  }
  for (const [name, member] of members) {
    if (isState(member)) continue
    throw new ImgError('IMAGE_FILE_EXPORTS', `"${name}" of ${what} is ${kindOf(member)}; expected a stage`, {
      at: at(),
      hint: hintFor(member),
    })
  }
  return value as Record<string, State>
}

function hintFor(value: unknown): string {
  if (value === undefined) return "did a function forget its return? export default from('…')"
  if (Array.isArray(value)) return 'give each stage a name: export default { web: …, worker: … }'
  if (kindOf(value) === 'a promise') return 'await it: export default await …'
  if (kindOf(value) === 'a function') return 'export what the function returns: call it'
  return "export default from('…')"
}

function promised(what: string, file: string, form: RegExp): ImgError {
  return new ImgError('IMAGE_FILE_EXPORTS', `${what} is a promise; expected a stage`, {
    at: lineOf(file, form),
    hint: 'await it: export default await …',
  })
}

function nothing(file: string, exports: Exports): ImgError {
  const [first, ...more] = Object.entries(exports)
  const names = Object.entries(exports).map(([name, value]) => `${name} (${kindOf(value)})`)
  const found = first ? `it exports ${names.join(', ')}, and no stage` : 'it exports nothing'
  return new ImgError('IMAGE_FILE_EXPORTS', `there is no image in this file: ${found}`, {
    at: first && more.length === 0 ? lineOf(file, new RegExp(`export\\b.*\\b${first[0]}\\b`)) : { file, line: 1 },
    hint: Object.values(exports).some(isDefinition)
      ? 'a definition is the default export: export default defineImage(…)'
      : "export default from('…'), or export const web = from('…')",
  })
}

/** The mark that every stage carries, of whichever copy of the SDK. */
const stageMark = Symbol.for('imgsdk.stage')

function isState(value: unknown): value is State {
  return typeof value === 'object' && value !== null && stageMark in value
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
