/** VOLUME: directories whose content lives outside the container's layers. */
import { ImgError } from '../error.ts'
import { wordsOf } from '../graph/given.ts'
import { toTemplate } from '../graph/token.ts'
import { instruction } from './define.ts'
import { list } from './shape/list.ts'

/**
 * Marks directories as volumes. Nothing happens to the file system: later steps may still write there.
 *
 * @source Dockerfile reference, VOLUME
 */
export const volume = instruction({
  keyword: 'VOLUME',
  summary: 'Marks directories as volumes.',
  args: { paths: list },
  build: (...paths: string[]) => ({
    paths: wordsOf(paths, 'path of VOLUME', '.volume(...paths)').map((path) => toTemplate(path)),
  }),
  lower({ paths }, { config }) {
    if (paths.includes('')) throw new ImgError('ARGUMENT_VALUE', 'VOLUME cannot be an empty path')
    const added = Object.fromEntries(paths.map((path) => [path, {} as Record<string, never>]))
    return { config: { Volumes: { ...config.Volumes, ...added } }, history: `VOLUME [${paths.join(' ')}]` }
  },
  examples: ['VOLUME /var/lib/data', 'VOLUME ["/a b", "/c"]'],
})
