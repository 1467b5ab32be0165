/** What an `image.ts` exports, as targets by name. */
import { readFileSync } from 'node:fs'
import { ImgError, type Location, wrapError } from '../sdk/error.ts'
import { type ImageDefinition, instantiate, isDefinition, type State } from '../sdk/index.ts'
import { placeOf } from './load/locate.ts'
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
  const named: Record<string, State> = {}
  for (const [name, value] of Object.entries(exports)) {
    if (name === 'default') continue
    if (isState(value)) named[name] = value
    if (isPromise(value)) throw promised(`the export "${name}"`, file, new RegExp(`export\\s.*\\b${name}\\b`))
  }
  const exported = exports['default']
  if (isDefinition(exported)) return readTargets(named, define(exported, file, params), file)
  if (params.length > 0) {
    throw new ImgError('USAGE', `${file} does not export defineImage(…) by default, so it takes no --param`)
  }
  const found = readTargets(named, exported, file)
  if (Object.keys(found.all).length === 0) throw nothing(file, Object.keys(exports))
  return found
}

/** The targets of a definition. What its `build` throws is told as a fault of the file, as if it stood at the top of it. */
function define(definition: ImageDefinition, file: string, params: readonly string[]): unknown {
  try {
    return instantiate(definition, readPairs(params, '--param'))
  } catch (error) {
    if (error instanceof ImgError && error.code === 'USAGE') throw error
    throw wrapError(error, 'IMAGE_FILE_FAILED', { at: placeOf(error) ?? lineOf(file, /\bdefineImage\b.*\(/) })
  }
}

function readTargets(named: Readonly<Record<string, State>>, standard: unknown, file: string): ExportedTargets {
  if (isPromise(standard)) throw promised('the default export', file, /export\s+default\b/)
  const all = { ...named, ...(standard === undefined ? {} : defaultTargets(standard, file)) }
  const targets: Record<string, State> = {}
  for (const [name, state] of Object.entries(all)) {
    if (name === 'default' || !Object.values(targets).includes(state)) targets[name] = state
  }
  for (const [name, state] of Object.entries(targets))
    if (name !== 'default' && state === targets['default']) delete targets[name]
  return { targets, all }
}

function defaultTargets(value: unknown, file: string): Record<string, State> {
  if (isState(value)) return { default: value }
  const at = lineOf(file, /export\s+default\b/)
  if (typeof value !== 'object' || value === null) {
    throw new ImgError(
      'IMAGE_FILE_EXPORTS',
      `the default export is ${kindOf(value)}; expected a stage, or an object of stages`,
      {
        at,
        hint: typeof value === 'function' ? 'export what the function returns' : "export default from('…')",
      },
    )
  }
  for (const [name, member] of Object.entries(value)) {
    if (isPromise(member)) throw promised(`"${name}" of the default export`, file, new RegExp(`\\b${name}\\b`))
    if (!isState(member)) {
      throw new ImgError(
        'IMAGE_FILE_EXPORTS',
        `"${name}" of the default export is ${kindOf(member)}; expected a stage`,
        { at },
      )
    }
  }
  return value as Record<string, State>
}

function promised(what: string, file: string, form: RegExp): ImgError {
  return new ImgError('IMAGE_FILE_EXPORTS', `${what} is a promise; expected a stage`, {
    at: lineOf(file, form),
    hint: 'await it: export default await …',
  })
}

function nothing(file: string, names: readonly string[]): ImgError {
  const found = names.length > 0 ? `it exports ${names.join(', ')}, of which none is a stage` : 'it exports nothing'
  return new ImgError('IMAGE_FILE_EXPORTS', `there is no image in this file: ${found}`, {
    at: { file, line: 1 },
    hint: "export default from('…'), or export const web = from('…')",
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

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : `${/^[aeiou]/.test(typeof value) ? 'an' : 'a'} ${typeof value}`
}

function lineOf(file: string, form: RegExp): Location {
  const lines = readFileSync(file, 'utf8').split('\n')
  const index = lines.findIndex((line) => form.test(line))
  if (index < 0) return { file, line: 1 }
  const column = lines[index]!.search(/\S/) + 1
  return { file, line: index + 1, column, endColumn: lines[index]!.trimEnd().length + 1 }
}
