/** SHELL: what shell-form commands are given to. */
import { toPlain } from '../graph/token.ts'
import { instruction } from './define.ts'
import { execForm } from './shape/exec-form.ts'

/**
 * Sets the program that later shell-form commands are handed to, in this stage and in images that start from it.
 *
 * @source Dockerfile reference, SHELL
 */
export const shell = instruction({
  keyword: 'SHELL',
  summary: 'Sets the program that later shell-form commands are handed to.',
  args: { shell: execForm },
  build: (shell: readonly string[]) => ({ shell: shell.map((part) => toPlain(part, 'SHELL')) }),
  lower: ({ shell }) => ({ config: { Shell: shell }, history: `SHELL [${shell.join(' ')}]` }),
  examples: ['SHELL ["/bin/bash", "-o", "pipefail", "-c"]'],
})
