// A service in two stages on one base: what builds it stays out of the image that ships.
import { arg, cache, from, type State } from 'imgsdk'

const version = arg('NODE_VERSION', '22')
const base = from(`node:${version}-slim`).workdir('/app')

/** Installs what the lock file says, with npm's downloads kept from build to build. */
function npmCi(stage: State, ...flags: string[]): State {
  return stage
    .copy(['package.json', 'package-lock.json'], './')
    .run(['npm', 'ci', ...flags].join(' '), { mounts: [cache('/root/.npm')] })
}

const deps = base.with(npmCi, '--omit=dev').as('deps')
export const test = base.with(npmCi).copy('.', '.').run('npm test')

export default base
  .env({ NODE_ENV: 'production', PORT: 3000 })
  .copy('/app/node_modules', 'node_modules', { from: deps, chown: 'node:node' })
  .copy(['package.json', 'server.js'], './', { chown: 'node:node' })
  .user('node')
  .expose(3000)
  .healthcheck(['node', 'server.js', '--check'], { interval: '30s', timeout: '3s' })
  .cmd(['node', 'server.js'])
