/** SOURCE_DATE_EPOCH: the one time of a reproducible build. Source: conformance D11.8 to D11.10. */
import { ImgError } from '../error.ts'
import type { Graph, Instruction, Stage } from '../graph/graph.ts'
import type { ArgDeclaration } from '../instruction/shape/names.ts'
import { contextOf } from './contexts.ts'
import { locate } from './locate.ts'
import type { LowerOptions } from './options.ts'
import type { Environment } from './scope.ts'

const variable = 'SOURCE_DATE_EPOCH'

/**
 * The time that a build asks for: a build argument, the option, or the default of an ARG before the first FROM.
 * The variable then holds the seconds, or is unset where the value means no time.
 *
 * @param given    build arguments; changed
 * @param globals  variables before the first FROM; changed
 * @returns        seconds; undefined where nothing is asked for
 * @throws ARGUMENT_VALUE  neither a number, nor `context`, a named context or a stage that may stand for a time
 */
export function resolveEpoch(
  graph: Graph,
  given: Map<string, string>,
  globals: Environment,
  options: LowerOptions,
): number | undefined {
  const value = given.get(variable) ?? globals.get(variable)
  const at = given.has(variable) ? undefined : declaration(graph)
  const epoch = value ? locate(at, () => epochOf(value, graph, options)) : undefined
  if (epoch === undefined) {
    // an empty default stays one
    if (given.delete(variable) || value !== '') globals.delete(variable)
    return undefined
  }
  if (given.has(variable)) given.set(variable, String(epoch))
  if (globals.get(variable) !== undefined) globals.set(variable, String(epoch))
  return Number(epoch)
}

/** The last ARG before the first FROM that names it. */
function declaration({ args }: Graph): Instruction | undefined {
  return args.findLast((one) => (one.args as { variables: readonly ArgDeclaration[] }).variables.some(isEpoch))
}

function isEpoch({ name }: ArgDeclaration): boolean {
  return name === variable
}

function epochOf(value: string, graph: Graph, options: LowerOptions): bigint | undefined {
  const seconds = /^[+-]?[0-9]+$/.test(value) ? BigInt(value.replace('+', '')) : undefined
  if (seconds !== undefined && seconds === BigInt.asIntN(64, seconds)) return seconds
  // A local directory has no time of its own, and neither has an image.
  if (value === 'context') return undefined
  const context = contextOf(options.contexts, value, options.platform ?? options.buildPlatform)
  if (context && !/^(git|https?):/.test(context.kind === 'files' ? context.identifier : '')) return undefined
  const stage = graph.stages.find(({ from }) => from.args.name === value.toLowerCase())
  if (!context && !stage) {
    throw new ImgError('ARGUMENT_VALUE', `invalid ${variable} "${value}"; expected whole seconds since 1970`)
  }
  if (!context && stage) checkSource(stage)
  throw new ImgError('UNSUPPORTED', `${variable} "${value}" would have to be fetched to know its time`, {
    hint: 'give the seconds since 1970 instead',
    ...(stage?.from.at ? { at: stage.from.at } : {}),
  })
}

/** A stage that stands for a time is nothing but one remote file or repository. */
function checkSource({ from, instructions }: Stage): void {
  const refuse = (why: string): never => {
    throw new ImgError('ARGUMENT_VALUE', `the stage of ${variable} ${why}`, { at: from.at })
  }
  if (!('image' in from.args.base) || from.args.base.image !== 'scratch') refuse('must be FROM scratch')
  let adds = 0
  for (const { keyword, args } of instructions) {
    if (keyword === 'ARG') continue
    if (keyword !== 'ADD') refuse(`has ${keyword}; it may have ARG and one ADD`)
    const { sources, contents } = args as { sources: readonly unknown[]; contents?: readonly unknown[] }
    if (sources.length !== 1 || (contents ?? []).length > 0) refuse('must add exactly one remote source')
    adds++
  }
  if (adds !== 1) refuse('must have exactly one ADD')
}
