/** ARG: variables given at build time. */
import { ImgError } from '../error.ts'
import { argNameOf, kindOf, wordOf, wrongKind } from '../graph/given.ts'
import { isToken, type Token, toPlain, toTemplate } from '../graph/token.ts'
import { instruction } from './define.ts'
import { evaluateDefaults, unexported } from './part/defaults.ts'
import { type ArgDeclaration, names } from './shape/names.ts'

/**
 * Declares a build argument. It is a variable for later instructions of the stage and their commands, and is not kept in the image.
 * What `arg()` gave may stand for its name; an object declares several at once, `undefined` meaning no default.
 *
 * @source Dockerfile reference, ARG
 */
export const arg = instruction({
  keyword: 'ARG',
  summary: 'Declares a build argument.',
  args: { variables: names },
  swallowsFlags: true,
  build: (name: string | Token | Readonly<Record<string, Default>>, value?: Default) => ({
    variables:
      typeof name === 'string'
        ? [variable(name, value)]
        : isToken(name)
          ? [variable(name.name, value)]
          : toVariables(name),
  }),
  lower({ variables }, context) {
    const declares = evaluateDefaults(variables, context)
    return {
      declares,
      assign: declares.flatMap(({ name, value }) =>
        value === undefined || unexported.has(name) ? [] : [[name, value] as const],
      ),
      history: `ARG ${declares.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`)).join(' ')}`,
    }
  },
  examples: ['ARG VERSION', 'ARG VERSION=1.2 MIRROR=$DEFAULT_MIRROR'],
})

type Default = string | number | boolean | undefined

function toVariables(given: Readonly<Record<string, Default>>): ArgDeclaration[] {
  if (kindOf(given) !== 'an object') throw wrongKind(given, 'what ARG declares', 'a name, or an object of names')
  const entries = Object.entries(given)
  if (entries.length === 0) throw new ImgError('ARGUMENT_VALUE', '.arg() was given no name')
  return entries.map(([key, member]) => variable(key, member))
}

function variable(name: string, value: Default): ArgDeclaration {
  return {
    name: argNameOf(toPlain(name, 'the name of a build argument')),
    ...(value === undefined ? {} : { default: toTemplate(wordOf(value, `the default of ${name}`)) }),
  }
}
