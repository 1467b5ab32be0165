/** ENV: environment variables of later commands and of the container. */
import { instruction } from './define.ts'
import { assignEnv, type PairsLike, toPairs } from './part/environment.ts'
import { pairs } from './shape/pairs.ts'

/**
 * Sets environment variables for later instructions, commands and the container.
 * All values are taken before any of them is set.
 *
 * @source Dockerfile reference, ENV
 */
export const env = instruction({
  keyword: 'ENV',
  summary: 'Sets environment variables for later instructions, commands and the container.',
  args: { variables: pairs },
  build: (variables: PairsLike) => ({ variables: toPairs(variables, 'ENV') }),
  lower({ variables }, { config }) {
    return {
      config: { Env: assignEnv(config.Env ?? [], variables) },
      assign: variables.map(({ key, value }) => [key, value] as const),
      history: `ENV ${variables.map(({ key, value }) => `${key}=${value}`).join(' ')}`,
    }
  },
  examples: ['ENV NODE_ENV=production', 'ENV A="x y" B=$A', 'ENV PATH=/app/bin:$PATH'],
})
