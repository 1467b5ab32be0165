/** Hands an image to a docker daemon (`--load`), sending only the layers that it lacks. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Io } from '../engine/ports.ts'
import { ImgError } from '../error.ts'
import type { Digest } from '../oci/digest.ts'
import { familiar, parseReference } from '../oci/reference.ts'
import { exportError } from './atomic.ts'
import { throwIfCancelled } from './blob.ts'
import { type DockerApi, dockerApi } from './docker-api.ts'
import { type DockerEnvironment, findDocker } from './docker-host.ts'
import { eachLimited } from './each.ts'
import { type Image, type PlatformImage, topOf } from './image.ts'
import { step } from './step.ts'
import { packDocker } from './tarball.ts'

/** Which daemon. */
export interface LoadOptions {
  /** A context of the docker client. @default the client's own choice */
  readonly context?: string | undefined
  /** @default the process's environment */
  readonly env?: DockerEnvironment | undefined
}

/**
 * Loads an image into a docker daemon under the given names. An image that it has is only named; of another, the layers that one of
 * its images begins with are not sent. A daemon that is not behind a Unix socket gets everything, through `docker load`.
 *
 * @returns where it went: the URL of the socket, or the context
 * @throws EXPORT_FAILED, BUILD_CANCELLED, UNSUPPORTED for several platforms, REFERENCE_INVALID
 */
export async function loadIntoDocker(
  image: Image,
  names: readonly string[],
  { context, env = process.env }: LoadOptions,
  io: Io,
): Promise<string> {
  const host = await findDocker(context, env)
  const where = 'socket' in host ? `unix://${host.socket}` : `docker${host.context ? ` (context ${host.context})` : ''}`
  try {
    await step(io, `load ${where}`, `loading into ${where}`, async () => {
      if ('socket' in host) return await loadBySocket(image, names, dockerApi(host.socket, io.signal), io)
      await loadByClient(image, names, host.context, env, io)
    })
  } catch (error) {
    throw explain(error, where, io.signal)
  }
  return where
}

/**
 * Asks the daemon for an answer, where it is behind a socket.
 * @throws EXPORT_FAILED, BUILD_CANCELLED
 */
export async function checkDocker({ context, env = process.env }: LoadOptions, io: Io): Promise<void> {
  const host = await findDocker(context, env)
  if (!('socket' in host)) return
  try {
    await dockerApi(host.socket, io.signal).usesContainerd()
  } catch (error) {
    throw explain(error, `unix://${host.socket}`, io.signal)
  }
}

async function loadBySocket(image: Image, names: readonly string[], api: DockerApi, io: Io): Promise<void> {
  const platform = image.platforms[0]!
  const isContainerd = await api.usesContainerd()
  const id = isContainerd ? topOf(image).descriptor.digest : platform.config.descriptor.digest
  if (image.platforms.length === 1 && (await api.layersOf(id))) {
    io.emit({ type: 'cached', id, name: `the daemon has ${id}` })
    for (const name of names) await tag(api, id, name)
    return
  }
  // containerd wants every blob of an archive.
  const without = isContainerd ? new Set<Digest>() : await layersThere(platform, api, io)
  try {
    await api.load(packDocker(image, { names, without }, io))
  } catch (error) {
    throwIfCancelled(io.signal)
    if (without.size === 0) throw error
    // The daemon removed an image meanwhile, or does not go by layers: it gets them all.
    await api.load(packDocker(image, { names }, io))
  }
}

async function tag(api: DockerApi, id: Digest, name: string): Promise<void> {
  const { tag, ...reference } = parseReference(name)
  if (tag !== undefined)
    await api.tag(id, familiar({ registry: reference.registry, repository: reference.repository }), tag)
}

/** The blobs of the layers that the daemon has: a layer is known by the chain of all below it, so by how an image begins. */
async function layersThere({ layers }: PlatformImage, api: DockerApi, io: Io): Promise<ReadonlySet<Digest>> {
  let common = 0
  await eachLimited(await api.images(), 8, io, async (id) => {
    const theirs = (await api.layersOf(id)) ?? []
    const differs = layers.findIndex(({ diffId }, index) => theirs[index] !== diffId)
    common = Math.max(common, differs < 0 ? layers.length : differs)
  })
  const needed = new Set(layers.slice(common).map(({ descriptor }) => descriptor.digest))
  const there = layers.slice(0, common).map(({ descriptor }) => descriptor.digest)
  return new Set(there.filter((digest) => !needed.has(digest)))
}

async function loadByClient(
  image: Image,
  names: readonly string[],
  context: string | undefined,
  env: DockerEnvironment,
  io: Io,
): Promise<void> {
  const args = [...(context === undefined ? [] : ['--context', context]), 'load', '--quiet']
  const child = spawn('docker', args, {
    env: { ...process.env, ...env },
    signal: io.signal,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(-2000)
  })
  const ended = once(child, 'close') as Promise<[number | null]>
  const archive = Readable.from(packDocker(image, { names }, io), { objectMode: false })
  // A client that ends early says why itself.
  const sent = pipeline(archive, child.stdin).catch((error: unknown) => error)
  const [status] = await ended
  const failure = await sent
  if (failure instanceof ImgError) throw failure
  if (status !== 0) throw new ImgError('EXPORT_FAILED', `docker load ended with status ${status}: ${said.trim()}`)
}

const hints: Readonly<Record<string, string>> = {
  ENOENT: 'start the docker daemon, or set DOCKER_HOST',
  ECONNREFUSED: 'start the docker daemon, or set DOCKER_HOST',
  EACCES: 'run as root, or join the group "docker"',
}

function explain(error: unknown, where: string, signal: AbortSignal): ImgError {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException
  if (error instanceof ImgError || signal.aborted || code === undefined || !(code in hints)) {
    return exportError(error, where, signal)
  }
  const what = syscall?.startsWith('spawn')
    ? 'the program "docker" is not installed'
    : `no docker daemon answers at ${where}`
  return new ImgError('EXPORT_FAILED', `${what} (${code})`, {
    hint: syscall?.startsWith('spawn') ? 'install it, or use a daemon behind a Unix socket' : hints[code],
    cause: error,
    detail: { path: where, errno: code },
  })
}
