/** A docker daemon of one's own, for tests that need a real one. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Ran, run } from './program.ts'

/** A running daemon. It has no network of its own: run containers with `--network=host` or `none`. */
export interface Docker {
  /** The path of its Unix socket. */
  readonly socket: string
  /** The docker client, pointed at this daemon. */
  run(args: readonly string[], input?: Uint8Array): Promise<Ran>
  /** Ends the daemon and removes what it kept. */
  stop(): Promise<void>
}

/** Starts a daemon in its own temporary folder; takes about a second. Needs root and `dockerd`. */
export async function startDocker(): Promise<Docker> {
  const folder = await mkdtemp(join(tmpdir(), 'imgsdk-docker-'))
  const socket = join(folder, 'docker.sock')
  const daemon = spawn(
    'dockerd',
    [
      ...['--bridge=none', '--iptables=false', '--storage-driver', 'overlay2', '-H', `unix://${socket}`],
      ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '-p', join(folder, 'pid')],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let log = ''
  daemon.stderr.on('data', (bytes: Buffer) => {
    log = (log + bytes.toString()).slice(-20_000)
  })
  const kill = () => daemon.kill('SIGTERM')
  process.once('exit', kill)
  const ended = new Promise<void>((done) => daemon.on('exit', () => done()))
  const env = { DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: folder }
  const docker: Docker = {
    socket,
    run: (args, input) => run('docker', args, { env, ...(input && { input }) }),
    async stop() {
      kill()
      await ended
      daemon.stderr.destroy()
      process.off('exit', kill)
      await unmountBelow(folder)
      await rm(folder, { recursive: true, force: true })
    },
  }
  for (let tries = 0; ; tries++) {
    if (existsSync(socket) && (await docker.run(['version'])).code === 0) return docker
    if (daemon.exitCode !== null || tries >= 150) {
      await docker.stop()
      throw new Error(`dockerd did not start:\n${log}`)
    }
    await sleep(100)
  }
}

/** The daemon leaves a mount of its network namespace behind, which nothing could be removed under. */
async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '')
  for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).reverse()) await run('umount', [mount])
}
