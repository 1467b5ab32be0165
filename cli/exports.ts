/** What an `image.ts` exports, as targets by name. */
import { readFileSync } from 'node:fs'
import { ImgError, type Location } from '../sdk/error.ts'
import type { State } from '../sdk/index.ts'
import type { Exports } from './load.ts'

/** The targets of an image.ts. */
export interface ExportedTargets {
  /** Each image once, under its first name; `default` comes last, as the target of a build that names none. */
  readonly targets: Readonly<Record<string, State>>
  /** Every name. */
  readonly all: Readonly<Record<string, State>>
}

/**
 * Stages exported by name, or by default, or as members of the default export.
 * @throws IMAGE_FILE_EXPORTS
 */
export function readExports(exports: Exports, file: string, params: readonly string[]): ExportedTargets {
  const named: Record<string, State> = {}
  for (const [name, value] of Object.entries(exports)) {
    if (name === 'default') continue
    if (isState(value)) named[name] = value
    if (isPromise(value)) throw promised(`the export "${name}"`, file, new RegExp(`export\\s.*\\b${name}\\b`))
  }
  const standard = exports['default']
  if (isPromise(standard)) throw promised('the default export', file, /export\s+default\b/)
  const all = { ...named, ...(standard === undefined ? {} : defaultTargets(standard, file)) }
  if (params.length > 0) throw new ImgError('USAGE', `${file} does not export defineImage(…), so it takes no --param`)
  if (Object.keys(all).length === 0) throw nothing(file, Object.keys(exports))
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
