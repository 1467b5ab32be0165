/** The builders that are compared, behind one face. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDocker } from '../helpers/docker.ts'
import { hasProgram, projectRoot } from '../helpers/suite.ts'
import { type Run, run } from './measure.ts'

/** Builds a Dockerfile in its folder. */
export interface Builder {
  readonly name: string
  build(folder: string, options?: { fresh?: boolean; archive?: string; args?: readonly string[] }): Promise<Run>
  stop(): Promise<void>
}

/** Ours, as a user runs it: a new process each time. */
export function ours(store: string): Builder {
  const cli = join(projectRoot(), 'dist', 'bundle', 'cli-main.js')
  return {
    name: 'imgsdk',
    build: (folder, { fresh, archive, args = [] } = {}) => {
      const output = archive ? ['--output', `type=oci,dest=${archive},compression=gzip`] : ['-t', 'bench:ours']
      return run(
        'node',
        [cli, 'build', ...(fresh ? ['--no-cache'] : []), ...output, ...args, '--progress', 'plain', folder],
        {
          env: { IMGSDK_STORE: store, CI: '1' },
        },
      )
    },
    stop: async () => {},
  }
}

/** BuildKit inside Debian's dockerd; undefined where it is not installed. */
export async function docker(): Promise<Builder | undefined> {
  if (!hasProgram('dockerd') || process.getuid?.() !== 0) return undefined
  const daemon = await startDocker()
  const env = { DOCKER_BUILDKIT: '1', DOCKER_HOST: `unix://${daemon.socket}` }
  return {
    name: 'docker',
    build: (folder, { fresh, archive, args = [] } = {}) => {
      const output = archive ? ['--output', `type=tar,dest=${archive}`] : ['-t', 'bench']
      return run(
        '/usr/bin/docker',
        ['build', '--network=host', '-q', ...(fresh ? ['--no-cache'] : []), ...output, ...args, folder],
        { env },
      )
    },
    stop: () => daemon.stop(),
  }
}

/** Buildah with layers; undefined where it is not installed. */
export async function buildah(): Promise<Builder | undefined> {
  if (!hasProgram('buildah') || process.getuid?.() !== 0) return undefined
  const root = mkdtempSync(join(tmpdir(), 'imgsdk-buildah-'))
  const global = ['--root', join(root, 'root'), '--runroot', join(root, 'run'), '--storage-driver', 'overlay']
  return {
    name: 'buildah',
    build: (folder, { fresh, args = [] } = {}) => {
      const flags = [
        'bud',
        '--layers',
        '--isolation=chroot',
        '--tls-verify=false',
        '-q',
        ...(fresh ? ['--no-cache'] : []),
      ]
      return run('buildah', [...global, ...flags, ...args, '-t', 'bench', folder])
    },
    stop: async () => {
      await run('buildah', [...global, 'rm', '--all']).catch(() => {})
      await run('buildah', [...global, 'rmi', '--all', '--force']).catch(() => {})
      rmSync(root, { recursive: true, force: true })
    },
  }
}
