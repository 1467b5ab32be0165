/** A real docker-registry on a free loopback port, with its own data folder, and a proxy before it where faults are wanted. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The one account of a registry with `auth: true`. The password is a canary: it must never show up anywhere. */
export const account = { username: 'alice', password: 'hunter2-canary' }
const passwordHash = '$2b$04$kQSVgktO.PMmXnEKB5/CauGb.TInhwjfg1NDq0rec99BqCykVChE6'

/** Handles a request in place of the registry, or answers false to let it through. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>

export interface RegistryOptions {
  /** Ask for `account` by Basic authentication. */
  readonly auth?: boolean
  /** Refuse pushes. */
  readonly readOnly?: boolean
  /** Sees each request first; then a proxy stands before the registry and `host` is the proxy's. */
  readonly fault?: Fault
}

export interface TestRegistry {
  /** `127.0.0.1:port` */
  readonly host: string
  /** Where its data is. */
  readonly folder: string
  /** What was asked, in order, where there is a `fault`: `GET /v2/…`. */
  readonly requests: string[]
  stop(): Promise<void>
}

/** Starts a registry. Stop it when done: that ends the process and removes its data. */
export async function startRegistry(options: RegistryOptions = {}): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'imgsdk-registry-'))
  await writeFile(join(folder, 'htpasswd'), `${account.username}:${passwordHash}\n`)
  const settings = {
    version: 0.1,
    log: { level: 'info', formatter: 'json', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: join(folder, 'data') },
      delete: { enabled: true },
      maintenance: { readonly: { enabled: options.readOnly ?? false } },
    },
    http: { addr: '127.0.0.1:0', relativeurls: true },
    ...(options.auth && { auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } } }),
  }
  // JSON is YAML
  await writeFile(join(folder, 'config.yml'), JSON.stringify(settings))
  const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: ['ignore', 'pipe', 'pipe'] })
  // a test that ends without stopping it leaves nothing running
  const atExit = () => void child.kill('SIGKILL')
  process.once('exit', atExit)
  child.once('exit', () => process.off('exit', atExit))
  const requests: string[] = []
  try {
    const own = await listening(child)
    const proxy = options.fault && (await startProxy(own, options.fault, requests))
    const stop = async () => {
      proxy?.close()
      proxy?.closeAllConnections()
      await end(child)
      await rm(folder, { recursive: true, force: true })
    }
    return { host: proxy ? hostOf(proxy) : own, folder, requests, stop }
  } catch (error) {
    await end(child)
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** A server of our own on a free loopback port. */
export async function startServer(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<{
  readonly host: string
  readonly server: Server
  stop(): Promise<void>
}> {
  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = async () => {
    server.close()
    server.closeAllConnections()
  }
  return { host: hostOf(server), server, stop }
}

const hostOf = (server: Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`

/** Waits for the line that names the port. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = ''
    const read = (bytes: Buffer) => {
      log = (log + bytes).slice(-64 * 1024)
      const [, address] = /listening on (127\.0\.0\.1:\d+)/.exec(log) ?? []
      if (address) resolve(address)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`docker-registry ended early:\n${log}`)))
  })
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

async function startProxy(registry: string, fault: Fault, requests: string[]): Promise<Server> {
  const [hostname, port] = registry.split(':')
  const { server } = await startServer(async (incoming, outgoing) => {
    requests.push(`${incoming.method} ${incoming.url}`)
    if (await fault(incoming, outgoing)) return
    const { method, url: path, headers } = incoming
    const inner = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    inner.on('error', () => outgoing.destroy())
    incoming.on('error', () => inner.destroy())
    incoming.on('aborted', () => inner.destroy())
    incoming.pipe(inner)
  })
  return server
}
