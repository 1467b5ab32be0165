/** WORKDIR: the directory that later instructions and the container start in. */
import { toTemplate } from '../graph/token.ts'
import { instruction } from './define.ts'
import { parseChown } from './part/chown.ts'
import { joinPath } from './part/path.ts'
import { word } from './shape/word.ts'

/**
 * Sets the directory that later instructions and the container start in.
 * A relative path joins the previous one; a missing directory becomes a layer.
 *
 * @source Dockerfile reference, WORKDIR
 */
export const workdir = instruction({
  keyword: 'WORKDIR',
  summary: 'Sets the directory that later instructions and the container start in.',
  args: { path: word },
  build: (path: string) => ({ path: toTemplate(path, 'the path of WORKDIR') }),
  lower({ path }, { config, epoch }) {
    const current = config.WorkingDir || '/'
    const dir = path === '' ? current : path.startsWith('/') ? path : joinPath(current, path)
    const history = `WORKDIR ${dir}`
    if (dir === '/') return { config: { WorkingDir: dir }, workdir: dir, history }
    const owner = config.User ? { owner: parseChown(config.User) } : {}
    const timestamp = epoch === undefined ? -1 : epoch * 1e9
    return {
      config: { WorkingDir: dir },
      workdir: dir,
      history,
      draft: { file: [{ mkdir: { path: dir, mode: 0o755, parents: true, timestamp, ...owner } }] },
    }
  },
  examples: ['WORKDIR /srv/app', 'WORKDIR sub/dir', 'WORKDIR $HOME'],
})
