/** One file of credentials, docker's `config.json` or the `auth.json` of podman, skopeo and buildah, which have one form. */
import { readFile } from 'node:fs/promises'
import { ImgError, reasonOf } from '../../error.ts'
import { askHelper } from './credential-helper.ts'
import type { Credentials, Lookup } from './credentials.ts'

/** The credentials of a file, read when it is first asked. */
export interface AuthFile {
  /**
   * The helper for the host, the general helper, then the entry for the repository, its namespaces from the longest, and the host.
   * @throws REGISTRY_REFUSED  the file is damaged
   */
  find(host: string, repository: string | undefined, signal?: AbortSignal): Promise<Lookup>
}

/** Docker's name for its own registry. */
const hubKey = 'https://index.docker.io/v1/'

/**
 * A file that may be there or not.
 *
 * @param expected  whether somebody named it, so that it should be
 * @param env       has the PATH that helpers are looked for in
 * @source docker CLI: config.json, credential helper protocol; containers/image: containers-auth.json(5)
 */
export function authFile(path: string, env: Readonly<Record<string, string | undefined>>, expected = false): AuthFile {
  let content: Promise<Content> | undefined
  return {
    async find(host, repository, signal) {
      content ??= readContent(path, expected)
      const { helpers, store, auths, note } = await content
      const key = host === 'docker.io' ? hubKey : host
      const helper = own(helpers, key) ?? own(helpers, host) ?? store
      const answer = helper === undefined ? {} : await askHelper(helper, key, env, signal)
      if (answer.credentials) return answer
      const found = fromAuths(auths, host, repository)
      if (found) return { credentials: found }
      return note === undefined ? answer : { note }
    },
  }
}

interface Content {
  readonly helpers: Readonly<Record<string, unknown>>
  readonly store: string | undefined
  readonly auths: Readonly<Record<string, unknown>>
  readonly note?: string
}

async function readContent(path: string, expected: boolean): Promise<Content> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const isNone = ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
    const note = isNone && !expected ? {} : { note: `"${path}" cannot be read: ${reasonOf(error)}` }
    return { helpers: {}, store: undefined, auths: {}, ...note }
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
    throw new ImgError('REGISTRY_REFUSED', `"${path}" is not JSON, so no credentials can be read`, {
      hint: 'repair or remove it',
    })
  }
}

/** Keys are hosts, with or without the beginning of a repository's path, or URLs of the old kind (`https://host/v1/`). */
function fromAuths(auths: Content['auths'], host: string, repository: string | undefined): Credentials | undefined {
  const names = host === 'docker.io' ? ['docker.io', 'index.docker.io'] : [host]
  const old = Object.keys(auths).filter((key) => names.includes(hostOfKey(key)))
  for (const key of [...namespaces(host, repository), ...names, ...old]) {
    const found = fromEntry(object(own(auths, key)))
    if (found) return found
  }
  return undefined
}

/** `host/a/b`, `host/a` for the repository `a/b`. */
function namespaces(host: string, repository: string | undefined): readonly string[] {
  const parts = repository?.split('/') ?? []
  return parts.map((_, index) => [host, ...parts.slice(0, parts.length - index)].join('/'))
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
