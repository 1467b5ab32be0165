/** ONBUILD: instructions for images that start from this one. */
import { ImgError } from '../error.ts'
import { wrongKind } from '../graph/given.ts'
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
  build: (trigger: string) => ({ trigger: toTrigger(trigger) }),
  lower: ({ trigger }, { config }) => ({ config: { OnBuild: [...(config.OnBuild ?? []), trigger] } }),
  examples: ['ONBUILD COPY . /app', 'ONBUILD RUN make'],
})

function toTrigger(given: string): string {
  if (typeof given !== 'string') throw wrongKind(given, 'the trigger of ONBUILD', 'text', "write .onbuild('RUN make')")
  const trigger = toPlain(given, 'ONBUILD').trim()
  const [, keyword] = /^(FROM|MAINTAINER|ONBUILD)(?:\s|$)/i.exec(trigger) ?? []
  if (keyword === undefined && trigger !== '') return trigger
  throw new ImgError('ARGUMENT_VALUE', `${keyword ?? 'nothing'} cannot be the trigger of ONBUILD`)
}
