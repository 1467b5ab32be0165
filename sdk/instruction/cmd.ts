/** CMD: what the container runs, unless told otherwise. */

import { instruction } from './define.ts'
import { type CommandLike, historyList, toCommand, withShell } from './part/command-line.ts'
import { command } from './shape/command.ts'

/**
 * Sets what the container runs, or the default arguments of its entrypoint.
 * A string is given to the shell; a list is run as it is.
 *
 * @source Dockerfile reference, CMD
 */
export const cmd = instruction({
  keyword: 'CMD',
  summary: 'Sets what the container runs, or the default arguments of its entrypoint.',
  args: { command },
  build: (command: CommandLike) => ({ command: toCommand(command, 'CMD') }),
  lower({ command }, context) {
    const args = withShell(command, context)
    return {
      config: { Cmd: args.length > 0 ? args : undefined, ArgsEscaped: true },
      history: `CMD ${historyList(args)}`,
    }
  },
  examples: ['CMD ["node", "server.js"]', 'CMD exec node server.js', 'CMD []'],
})
