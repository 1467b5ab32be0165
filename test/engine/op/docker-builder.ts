/** The BuildKit of Debian's docker.io as a builder to compare with. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startDocker } from '../../helpers/docker.ts'
import { must } from '../../helpers/program.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import type { Builder } from './beside.ts'

/** A docker without the buildx plug-in builds through BuildKit only when it is as old as Debian's. */
const client = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker'

/** A daemon of one's own. */
export async function dockerBuilder(): Promise<{ readonly build: Builder; stop(): Promise<void> }> {
  const docker = await startDocker()
  const folder = join(temporaryFolder(), 'dockerfile')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'Dockerfile')
  const env = { DOCKER_HOST: `unix://${docker.socket}`, DOCKER_CONFIG: folder, DOCKER_BUILDKIT: '1' }
  const build: Builder = async (dockerfile, context, tar) => {
    writeFileSync(file, dockerfile)
    await must(client, ['build', '--no-cache', '-f', file, '-o', `type=tar,dest=${tar}`, context], { env })
  }
  return { build, stop: () => docker.stop() }
}
