/** ARG: variables given at build time. */
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
          : Object.entries(name).map(([key, member]) => variable(key, member)),
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

function variable(name: string, value: Default): ArgDeclaration {
  return {
    name: toPlain(name, 'the name of a build argument'),
    ...(value === undefined ? {} : { default: toTemplate(String(value)) }),
  }
}
