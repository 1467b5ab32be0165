/** Git servers that are not HTTP: `git daemon` and a real sshd, both on loopback; and files without any git behind them. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createReadStream, existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { userInfo } from 'node:os'
import { join, normalize } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startServer } from './registry.ts'
import { temporaryFolder } from './temporary.ts'

/** A server of the repositories in a folder. */
export interface Served {
  /** Without a slash at its end. */
  readonly url: string
  stop(): Promise<void>
}

/** `git daemon`. It has no way to say which port it took, so one is looked for. */
export async function startGitDaemon(root: string): Promise<Served> {
  const port = await freePort()
  const core = execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim()
  const args = [`--base-path=${root}`, '--export-all', '--listen=127.0.0.1', `--port=${port}`, '--reuseaddr', root]
  const child = spawn(join(core, 'git-daemon'), args, { stdio: 'ignore' })
  await answering(port, child)
  return { url: `git://127.0.0.1:${port}`, stop: () => end(child) }
}

/** A repository's files as any web server has them. */
export async function startDumbServer(root: string): Promise<Served & { readonly requests: string[] }> {
  const requests: string[] = []
  const { host, stop } = await startServer((request, response) => {
    const path = join(root, normalize(new URL(request.url!, 'http://x').pathname))
    requests.push(request.url!)
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return void response.writeHead(404).end()
    createReadStream(path).pipe(response)
  })
  return { url: `http://${host}`, requests, stop }
}

/** A server with one user, us, and one key that opens it. */
export interface SshServer extends Served {
  /** The socket of an agent that has the key. */
  readonly agent: string
  /** A line for known_hosts. */
  readonly hostKey: string
  /** Another host key from now on. */
  changeHostKey(): Promise<void>
}

const separation = '/run/sshd'

/** sshd in a folder of its own; the paths of its repositories are those of the machine. */
export async function startSshServer(): Promise<SshServer> {
  const folder = temporaryFolder()
  const port = await freePort()
  const makeKey = (name: string) =>
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)])
  for (const name of ['host', 'user']) makeKey(name)
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${folder}/host`,
    `AuthorizedKeysFile ${folder}/user.pub`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
  ]
  writeFileSync(join(folder, 'config'), `${settings.join('\n')}\n`)
  const isOurs = !existsSync(separation)
  if (isOurs) mkdirSync(separation, { mode: 0o755 })
  const serve = async () => {
    const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'config')], { stdio: 'ignore' })
    await answering(port, child)
    return child
  }
  let server = await serve()
  const agent = spawn('ssh-agent', ['-D', '-a', join(folder, 'agent')], { stdio: 'ignore' })
  while (!existsSync(join(folder, 'agent'))) await sleep(10)
  const env = { ...process.env, SSH_AUTH_SOCK: join(folder, 'agent') }
  execFileSync('ssh-add', ['-q', join(folder, 'user')], { env, stdio: 'ignore' })
  const [kind, key] = readFileSync(join(folder, 'host.pub'), 'utf8').split(' ')
  return {
    url: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    agent: join(folder, 'agent'),
    hostKey: `[127.0.0.1]:${port} ${kind} ${key}`,
    async changeHostKey() {
      await end(server)
      makeKey('other')
      const config = join(folder, 'config')
      writeFileSync(config, readFileSync(config, 'utf8').replace(`${folder}/host`, `${folder}/other`))
      server = await serve()
    },
    async stop() {
      await Promise.all([end(server), end(agent)])
      if (isOurs) rmdirSync(separation)
    },
  }
}

/** Takes a port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  process.once('exit', () => child.kill('SIGKILL'))
  for (let tries = 0; tries < 500 && child.exitCode === null; tries++) {
    const there = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.on('error', () => resolve(false))
    })
    if (there) return
    await sleep(10)
  }
  child.kill('SIGKILL')
  throw new Error(`${child.spawnfile} did not begin to listen`)
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
