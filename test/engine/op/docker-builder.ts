/** The BuildKit of Debian's docker.io as a builder to compare with. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startDocker } from '../../helpers/docker.ts'
import { must } from '../../helpers/program.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import type { Builder } from './beside.ts'
import type { ImageBuilder } from './beside-image.ts'

/** A docker without the buildx plug-in builds through BuildKit only when it is as old as Debian's. */
const client = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker'

/** The daemon has no network. */
const network = ['--network', 'none']

/** A daemon of one's own. */
export async function dockerBuilder(): Promise<ImageBuilder & { stop(): Promise<void> }> {
  const docker = await startDocker()
  const folder = join(temporaryFolder(), 'dockerfile')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'Dockerfile')
  const env = { DOCKER_HOST: `unix://${docker.socket}`, DOCKER_CONFIG: folder, DOCKER_BUILDKIT: '1' }
  const build: Builder = async (dockerfile, context, tar) => {
    writeFileSync(file, dockerfile)
    await must(client, ['build', '--no-cache', ...network, '-f', file, '-o', `type=tar,dest=${tar}`, context], { env })
  }
  const image: ImageBuilder['image'] = async (dockerfile, context, archive) => {
    writeFileSync(file, dockerfile)
    await must(client, ['build', ...network, '-t', 'beside', '-f', file, context], { env })
    await must(client, ['save', '-o', archive, 'beside'], { env })
  }
  return { build, image, stop: () => docker.stop() }
}
