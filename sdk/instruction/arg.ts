/** ARG: variables given at build time. */
import { toPlain, toTemplate } from '../graph/token.ts'
import { instruction } from './define.ts'
import { evaluateDefaults } from './part/defaults.ts'
import { names } from './shape/names.ts'

/**
 * Declares a build argument. It is a variable for later instructions of the stage and their commands, and is not kept in the image.
 *
 * @source Dockerfile reference, ARG
 */
export const arg = instruction({
  keyword: 'ARG',
  summary: 'Declares a build argument.',
  args: { variables: names },
  swallowsFlags: true,
  build: (name: string, value?: string | number | boolean) => ({
    variables: [
      {
        name: toPlain(name, 'the name of a build argument'),
        ...(value === undefined ? {} : { default: toTemplate(String(value)) }),
      },
    ],
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

// Read by the builder itself, never by commands (conformance D3.28).
const unexported = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE'])
