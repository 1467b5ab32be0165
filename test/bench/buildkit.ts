/** A current BuildKit as a builder, where `buildkitd` and `buildctl` are installed: unlike docker.io's it writes OCI archives. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run as runQuietly } from '../helpers/program.ts'
import { hasProgram } from '../helpers/suite.ts'
import type { Builder } from './builders.ts'
import { run } from './measure.ts'

/** Starts a daemon with a root folder of its own; undefined where it is not installed. @param host  of the registry that it pulls from */
export async function buildkit(host: string): Promise<Builder | undefined> {
  if (!hasProgram('buildkitd') || !hasProgram('buildctl') || process.getuid?.() !== 0) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'imgsdk-buildkit-'))
  const address = `unix://${join(folder, 'socket')}`
  const config = join(folder, 'buildkitd.toml')
  writeFileSync(config, `[registry."${host}"]\n  http = true\n  insecure = true\n`)
  const places = ['--addr', address, '--root', join(folder, 'root'), '--config', config]
  const daemon = spawn('buildkitd', [...places, '--containerd-worker=false', '--oci-worker-net=host'], {
    stdio: 'ignore',
  })
  const kill = () => daemon.kill('SIGTERM')
  process.once('exit', kill)
  const ended = new Promise<void>((done) => daemon.on('exit', () => done()))
  const client = ['--addr', address]
  for (let tries = 0; (await runQuietly('buildctl', [...client, 'debug', 'workers'])).code !== 0; tries++) {
    if (tries > 100) throw new Error('buildkitd did not start')
    await sleep(100)
  }
  return {
    name: 'buildkit',
    build: (context, { fresh, archive } = {}) => {
      const sources = ['--local', `context=${context}`, '--local', `dockerfile=${context}`]
      const output = archive ? ['--output', `type=oci,dest=${archive}`] : []
      return run('buildctl', [
        ...client,
        ...['build', '--frontend', 'dockerfile.v0', '--progress', 'plain'],
        ...sources,
        ...output,
        ...(fresh ? ['--no-cache'] : []),
      ])
    },
    async stop() {
      kill()
      await ended
      process.off('exit', kill)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
