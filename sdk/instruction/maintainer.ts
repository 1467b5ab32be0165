/** MAINTAINER: the author of the image. Deprecated in favour of a label. */
import { toPlain } from '../graph/token.ts'
import { instruction } from './define.ts'
import { text } from './shape/text.ts'

/**
 * Sets the author of the image. Deprecated: use `.label({ 'org.opencontainers.image.authors': … })`.
 *
 * @source Dockerfile reference, MAINTAINER
 */
export const maintainer = instruction({
  keyword: 'MAINTAINER',
  summary: 'Sets the author of the image (deprecated: use a label).',
  args: { name: text },
  noTrigger: true,
  build: (name: string) => ({ name: toPlain(name, 'MAINTAINER') }),
  lower: ({ name }) => ({ author: name, history: `MAINTAINER ${name}` }),
  examples: ['MAINTAINER Ada Lovelace <ada@example.com>'],
})
