/** SHELL: what shell-form commands are given to. */
import { ImgError } from '../error.ts'
import { listOf } from '../graph/given.ts'
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
  build: (shell: readonly string[]) => ({ shell: toShellWords(shell) }),
  lower: ({ shell }) => ({ config: { Shell: shell }, history: `SHELL [${shell.join(' ')}]` }),
  examples: ['SHELL ["/bin/bash", "-o", "pipefail", "-c"]'],
})

function toShellWords(shell: readonly string[]): string[] {
  const words = listOf(shell, 'SHELL', "write .shell(['/bin/bash', '-c'])")
  if (words.length === 0) throw new ImgError('ARGUMENT_VALUE', '.shell() was given an empty list')
  return words.map((word) => toPlain(word, 'a word of SHELL'))
}
