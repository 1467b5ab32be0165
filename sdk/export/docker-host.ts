/** Which docker daemon is meant: by DOCKER_HOST, the docker client's context, or the usual socket. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** A daemon behind a Unix socket, or one that only the docker client can reach. */
export type DockerHost =
  | { readonly socket: string }
  /** `context`: as for `docker --context`. @default the client's own choice */
  | { readonly client: 'docker'; readonly context?: string }

/** The environment variables that matter here. */
export type DockerEnvironment = Readonly<Partial<Record<'DOCKER_HOST' | 'DOCKER_CONTEXT' | 'DOCKER_CONFIG', string>>>

/**
 * The daemon that `docker` itself would talk to.
 *
 * @param context  a context by name, above all else
 * @source docker docs, Docker contexts: DOCKER_HOST, then DOCKER_CONTEXT, then `currentContext` of config.json
 */
export async function findDocker(context: string | undefined, env: DockerEnvironment): Promise<DockerHost> {
  if (context === undefined && env.DOCKER_HOST) return fromUrl(env.DOCKER_HOST) ?? { client: 'docker' }
  const folder = env.DOCKER_CONFIG || join(homedir(), '.docker')
  const name = context ?? (env.DOCKER_CONTEXT || (await currentContext(folder)))
  if (name === undefined || name === 'default') return { socket: '/var/run/docker.sock' }
  return fromUrl(await contextUrl(folder, name)) ?? { client: 'docker', context: name }
}

function fromUrl(url: string): DockerHost | undefined {
  return url.startsWith('unix:///') ? { socket: url.slice('unix://'.length) } : undefined
}

async function currentContext(folder: string): Promise<string | undefined> {
  const { currentContext } = await readJson<{ currentContext?: string }>(join(folder, 'config.json'))
  return currentContext || undefined
}

/** What the context's metadata says; '' where it cannot be read, so that the client says why. */
async function contextUrl(folder: string, name: string): Promise<string> {
  const id = createHash('sha256').update(name).digest('hex')
  const path = join(folder, 'contexts', 'meta', id, 'meta.json')
  const meta = await readJson<{ Endpoints?: { docker?: { Host?: string } } }>(path)
  return meta.Endpoints?.docker?.Host ?? ''
}

async function readJson<T extends object>(path: string): Promise<Partial<T>> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    return typeof value === 'object' && value !== null ? (value as Partial<T>) : {}
  } catch {
    return {}
  }
}
