/** defineImage: images with typed parameters, given on the command line and checked before anything runs. */
import { ImgError } from '../error.ts'
import { choiceOf, flagOf, kindOf, listOf, wrongKind } from '../graph/given.ts'
import { didYouMean } from '../instruction/shape/nearest.ts'
import { atCall } from './call-site.ts'
import type { Targets } from './graph.ts'
import { checkNames } from './known-options.ts'

/** What one parameter may be. */
export type Param =
  | { readonly type: 'string'; readonly default?: string; readonly required?: boolean; readonly description?: string }
  | { readonly type: 'number'; readonly default?: number; readonly required?: boolean; readonly description?: string }
  | { readonly type: 'boolean'; readonly default?: boolean; readonly required?: boolean; readonly description?: string }
  | {
      readonly type: 'enum'
      readonly values: readonly string[]
      readonly default?: string
      readonly required?: boolean
      readonly description?: string
    }

type TypeOf<P> = P extends { type: 'number' }
  ? number
  : P extends { type: 'boolean' }
    ? boolean
    : P extends { type: 'enum'; values: readonly (infer V)[] }
      ? V
      : string

/** The values that `build` is given: undefined only where there is neither a default nor `required`. */
export type ParamValues<P> = {
  readonly [K in keyof P]: P[K] extends { default: unknown } | { required: true }
    ? TypeOf<P[K]>
    : TypeOf<P[K]> | undefined
}

/** An image with parameters. */
export interface ImageDefinition<P extends Readonly<Record<string, Param>> = Readonly<Record<string, Param>>> {
  readonly kind: 'imgsdk.definition'
  readonly params: P
  build(params: ParamValues<P>): Targets
}

/** An image whose parameters are given as `--param name=value`. Export it as the default of an `image.ts`. */
export function defineImage<const P extends Readonly<Record<string, Param>>>(definition: {
  readonly params: P
  build(params: ParamValues<P>): Targets
}): ImageDefinition<P> {
  atCall(defineImage, () => check(definition))
  return Object.freeze({ kind: 'imgsdk.definition', params: definition.params, build: definition.build })
}

const paramOptions = ['type', 'default', 'required', 'values', 'description']
const types = ['string', 'number', 'boolean', 'enum'] as const

function check(definition: { readonly params: Readonly<Record<string, Param>>; readonly build: unknown }): void {
  if (kindOf(definition) !== 'an object')
    throw wrongKind(
      definition,
      'what defineImage() was given',
      'an object of params and build',
      'write defineImage({ params: { … }, build: (params) => … })',
    )
  if (typeof definition.build !== 'function') throw wrongKind(definition.build, 'build of defineImage()', 'a function')
  if (kindOf(definition.params) !== 'an object')
    throw wrongKind(definition.params, 'params of defineImage()', 'an object of parameters')
  for (const [name, param] of Object.entries(definition.params)) {
    if (kindOf(param) !== 'an object')
      throw wrongKind(param, `the parameter "${name}"`, 'an object', `write ${name}: { type: 'string' }`)
    checkNames(`the parameter "${name}"`, { ...param }, paramOptions)
    flagOf(param.required, `required of the parameter "${name}"`)
    choiceOf(param.type, types, `the type of the parameter "${name}"`)
    if (param.type === 'enum') listOf(param.values, `values of the parameter "${name}"`)
    if (param.default !== undefined) checkDefault(name, param)
  }
}

function checkDefault(name: string, param: Param): void {
  const what = `the default of the parameter "${name}"`
  if (param.type === 'enum') choiceOf(param.default!, param.values, what)
  else if (typeof param.default !== param.type) throw wrongKind(param.default, what, `a ${param.type}`)
}

/** Whether a value is what `defineImage` made. */
export function isDefinition(value: unknown): value is ImageDefinition {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'imgsdk.definition'
}

/**
 * The targets of a definition for the values given as text.
 * @throws USAGE for a parameter that is not known, is missing, or has a value of another type
 */
export function instantiate(definition: ImageDefinition, given: Readonly<Record<string, string>>): Targets {
  const names = Object.keys(definition.params)
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue
    throw new ImgError('USAGE', `there is no parameter "${name}"`, {
      hint: names.length > 0 ? `the parameters are: ${names.join(', ')}` : 'this image has no parameters',
    })
  }
  const values: Record<string, unknown> = {}
  for (const [name, param] of Object.entries(definition.params)) {
    const text = given[name]
    if (text === undefined && param.default === undefined && param.required) {
      throw new ImgError('USAGE', `the parameter "${name}" is required`, { hint: `add --param ${name}=VALUE` })
    }
    values[name] = text === undefined ? param.default : convert(name, param, text)
  }
  return definition.build(known(values) as ParamValues<typeof definition.params>)
}

/** The values, of which no other may be asked: it would be undefined without a word. */
function known(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return new Proxy(values, {
    get(target, name) {
      if (typeof name !== 'string' || name in target || name === 'then' || name === 'toJSON')
        return Reflect.get(target, name)
      const names = Object.keys(target)
      throw new ImgError('ARGUMENT_VALUE', `there is no parameter "${name}"`, {
        hint: didYouMean(name, names) ?? `the parameters are: ${names.join(', ')}`,
      })
    },
  })
}

function convert(name: string, param: Param, text: string): unknown {
  const refuse = (expected: string) => {
    throw new ImgError('USAGE', `the parameter "${name}" is "${text}"; expected ${expected}`)
  }
  switch (param.type) {
    case 'string':
      return text
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : refuse('a number')
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : refuse('true or false')
    case 'enum':
      return param.values.includes(text) ? text : refuse(`one of ${param.values.join(', ')}`)
  }
}
