/** Who we are to a registry: what `docker login` and `podman login` have left. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { type AuthFile, authFile } from './auth-file.ts'

/** A user's name and password, a refresh token, or a bearer token that is used as it is. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | { readonly kind: 'identity'; readonly token: string }
  | { readonly kind: 'bearer'; readonly token: string }

/** What was found for a host. `note` says why nothing was, where something should have been. */
export interface Lookup {
  readonly credentials?: Credentials
  readonly note?: string
}

/** Finds credentials for exactly this host (and port), and for a repository there. Asked only once a registry wants some. */
export type CredentialSource = (host: string, repository?: string, signal?: AbortSignal) => Promise<Lookup>

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Credentials of the first file that has some: docker's config.json, then those of podman, skopeo and buildah in their order. Of
 * REGISTRY_AUTH_FILE alone, where that is set.
 *
 * @throws REGISTRY_REFUSED  a file is damaged
 * @source containers/image: containers-auth.json(5)
 */
export function loginCredentials(env: Environment = process.env): CredentialSource {
  const files = authFiles(env)
  return async (host, repository, signal) => {
    let first: Lookup = {}
    for (const file of files) {
      const found = await file.find(host, repository, signal)
      if (found.credentials) return found
      if (first.note === undefined) first = found
    }
    return first
  }
}

function authFiles(env: Environment): readonly AuthFile[] {
  if (env['REGISTRY_AUTH_FILE']) return [authFile(env['REGISTRY_AUTH_FILE'], env, true)]
  const home = env['HOME'] || homedir()
  const docker = join(env['DOCKER_CONFIG'] || join(home, '.docker'), 'config.json')
  const config = join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'containers', 'auth.json')
  return [docker, ...(process.platform === 'linux' ? [runtimeFile(env)] : []), config].map((path) =>
    authFile(path, env),
  )
}

/** Where a login is kept until the machine is started anew. */
function runtimeFile(env: Environment): string {
  const folder = env['XDG_RUNTIME_DIR']
  return join(...(folder ? [folder, 'containers'] : ['/run/containers', String(process.getuid?.() ?? 0)]), 'auth.json')
}
