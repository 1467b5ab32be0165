/** USER: who later commands and the container run as. */
import { wordOf } from '../graph/given.ts'
import { toTemplate } from '../graph/token.ts'
import { instruction } from './define.ts'
import { word } from './shape/word.ts'

/**
 * Sets who later RUN commands and the container run as: `name`, `uid`, `name:group` or `uid:gid`.
 * Files that COPY and ADD bring do not get this owner; a directory that WORKDIR makes does.
 *
 * @source Dockerfile reference, USER
 */
export const user = instruction({
  keyword: 'USER',
  summary: 'Sets who later commands and the container run as.',
  args: { user: word },
  build: (user: string | number) => ({ user: toTemplate(wordOf(user, 'the user of USER')) }),
  lower: ({ user }) => ({ config: { User: user || undefined }, history: `USER ${user}` }),
  examples: ['USER node', 'USER 1000:1000', 'USER $NAME'],
})
