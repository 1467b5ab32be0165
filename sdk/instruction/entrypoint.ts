/** ENTRYPOINT: the program of the container. */

import { instruction } from './define.ts'
import { type CommandLike, historyList, toCommand, withShell } from './part/command-line.ts'
import { command } from './shape/command.ts'

/**
 * Sets the program of the container; CMD gives it arguments.
 * A CMD that came from the base image or the parent stage is cleared.
 *
 * @source Dockerfile reference, ENTRYPOINT
 */
export const entrypoint = instruction({
  keyword: 'ENTRYPOINT',
  summary: 'Sets the program of the container.',
  args: { command },
  build: (command: CommandLike) => ({ command: toCommand(command, 'ENTRYPOINT') }),
  lower({ command }, context) {
    const args = withShell(command, context)
    const cleared = context.cmdSeen ? {} : { Cmd: undefined }
    return {
      config: { Entrypoint: args.length > 0 ? args : undefined, ...cleared },
      history: `ENTRYPOINT ${historyList(args)}`,
    }
  },
  examples: ['ENTRYPOINT ["/usr/bin/tini", "--"]', 'ENTRYPOINT exec top -b'],
})
