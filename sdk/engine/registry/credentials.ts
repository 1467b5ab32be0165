/** Who we are to a registry, as docker's config.json and its credential helpers say. */
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import { askHelper } from './credential-helper.ts'

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

/** Finds credentials for exactly this host (and port). Asked only once a registry wants some. */
export type CredentialSource = (host: string, signal?: AbortSignal) => Promise<Lookup>

/** Docker's name for its own registry in config.json. */
const hubKey = 'https://index.docker.io/v1/'

/**
 * Credentials from docker's config: the helper for the host, the general helper, then `auths`.
 *
 * @param env  for DOCKER_CONFIG and the PATH that helpers are looked for in
 * @throws REGISTRY_REFUSED  the config file is damaged
 * @source docker CLI: config.json, credential helper protocol
 */
export function dockerCredentials(env: Readonly<Record<string, string | undefined>> = process.env): CredentialSource {
  const file = join(env['DOCKER_CONFIG'] || join(homedir(), '.docker'), 'config.json')
  let config: Promise<DockerConfig> | undefined
  return async (host, signal) => {
    config ??= readConfig(file)
    const { helpers, store, auths } = await config
    const key = host === 'docker.io' ? hubKey : host
    const helper = own(helpers, key) ?? own(helpers, host) ?? store
    const answer = helper === undefined ? {} : await askHelper(helper, key, env, signal)
    if (answer.credentials) return answer
    const found = fromAuths(auths, host)
    return found ? { credentials: found } : answer
  }
}

interface DockerConfig {
  readonly helpers: Readonly<Record<string, unknown>>
  readonly store: string | undefined
  readonly auths: Readonly<Record<string, unknown>>
}

async function readConfig(file: string): Promise<DockerConfig> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    return { helpers: {}, store: undefined, auths: {} }
  }
  try {
    const config = object(JSON.parse(text))
    const store = config['credsStore']
    return {
      helpers: object(config['credHelpers']),
      store: typeof store === 'string' && store !== '' ? store : undefined,
      auths: object(config['auths']),
    }
  } catch {
    // the parser's message would quote the file, passwords and all
    throw new ImgError('REGISTRY_REFUSED', `"${file}" is not JSON, so no credentials can be read`, {
      hint: 'repair or remove it',
    })
  }
}

/** The entry for exactly this host: keys are hosts, or URLs of the old kind (`https://host/v1/`). */
function fromAuths(auths: Readonly<Record<string, unknown>>, host: string): Credentials | undefined {
  const names = host === 'docker.io' ? ['docker.io', 'index.docker.io'] : [host]
  const keys = [...names, ...Object.keys(auths).filter((key) => names.includes(hostOfKey(key)))]
  for (const key of keys) {
    const found = fromEntry(object(own(auths, key)))
    if (found) return found
  }
  return undefined
}

function hostOfKey(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/(v1|v2)?\/?$/, '')
}

function fromEntry(entry: Readonly<Record<string, unknown>>): Credentials | undefined {
  const { auth, username, password, identitytoken, registrytoken } = entry
  if (typeof registrytoken === 'string' && registrytoken !== '') return { kind: 'bearer', token: registrytoken }
  if (typeof identitytoken === 'string' && identitytoken !== '') return { kind: 'identity', token: identitytoken }
  if (typeof auth === 'string' && auth !== '') {
    const [, user, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(auth, 'base64').toString('utf8')) ?? []
    // some versions of docker padded the password with NUL
    if (user && secret !== undefined) return { kind: 'password', username: user, password: secret.replace(/\0+$/, '') }
  }
  if (typeof username !== 'string' || typeof password !== 'string' || username === '') return undefined
  return { kind: 'password', username, password }
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

function own<T>(record: Readonly<Record<string, T>>, key: string): string | undefined | T {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
