/** ONBUILD: instructions for images that start from this one. */
import { toPlain } from '../graph/token.ts'
import { instruction } from './define.ts'
import { trigger } from './shape/trigger.ts'

/**
 * Keeps an instruction, as text, for when an image starts from this one; there it runs first.
 *
 * @source Dockerfile reference, ONBUILD
 */
export const onbuild = instruction({
  keyword: 'ONBUILD',
  summary: 'Keeps an instruction for when an image starts from this one.',
  args: { trigger },
  heredocs: true,
  noTrigger: true,
  build: (trigger: string) => ({ trigger: toPlain(trigger, 'ONBUILD').trim() }),
  lower: ({ trigger }, { config }) => ({ config: { OnBuild: [...(config.OnBuild ?? []), trigger] } }),
  examples: ['ONBUILD COPY . /app', 'ONBUILD RUN make'],
})
