/** What opens a git server: a header for one address, an ssh agent, host keys. Never in arguments, files of git, messages or the store. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import type { SourceOp } from '../../plan/op.ts'
import type { Secrets } from '../ports.ts'
import type { Remote } from './git-remote.ts'

/** How git gets in at one remote. */
export interface Access {
  /** Handed to git by its environment. */
  readonly config: readonly (readonly [key: string, value: string])[]
  /** The path of an agent's socket. */
  readonly agent?: string
  /** Host keys that are known; undefined: those seen before are, a new host is trusted once. */
  readonly hostKeys?: string
  /** Texts that no message may hold. */
  readonly secret: readonly string[]
}

/** What access is made from. */
export interface AccessParts {
  readonly attrs: SourceOp['attrs']
  readonly secrets: Secrets | undefined
  /** The remote that the build named: a general token is for its host, and not for those of its submodules. */
  readonly main: Remote
}

/**
 * How to get in at a remote. Secrets are tried in BuildKit's order: header, then token, those named after the host first.
 *
 * @throws FETCH_FAILED  a header of more than one line, an agent that is not there
 */
export async function accessTo(remote: Remote, { attrs = {}, secrets, main }: AccessParts): Promise<Access> {
  const hostKeys = attrs['git.knownsshhosts']
  const known = hostKeys ? { hostKeys } : {}
  if (!remote.http) return { config: [], secret: [], ...known, ...(await agentFor(remote, attrs, secrets)) }
  const found = (await secretHeader(remote, { attrs, secrets, main })) ?? fromAddress(remote, main)
  // git sends its headers on to where it is redirected, so with a token nobody may redirect
  const redirects = ['http.followRedirects', found ? 'false' : 'initial'] as const
  if (!found) return { config: [redirects], secret: [], ...known }
  if (/[\x00-\x1f\x7f]/.test(found.header))
    throw new ImgError('FETCH_FAILED', `the secret for ${remote.host} is more than one line, so it can be no header`)
  const extra = [`http.${remote.url}.extraHeader`, `Authorization: ${found.header}`] as const
  const bare = found.header.replace(/^\S+\s+/, '')
  return { config: [redirects, extra], secret: [found.header, bare, ...found.secret], ...known }
}

interface Header {
  readonly header: string
  readonly secret: readonly string[]
}

async function secretHeader(remote: Remote, { attrs = {}, secrets, main }: AccessParts): Promise<Header | undefined> {
  const header = attrs['git.authheadersecret']
  const token = attrs['git.authtokensecret']
  const general = remote.origin === main.origin
  const order: [id: string | undefined, isToken: boolean][] = [
    [header && `${header}.${remote.host}`, false],
    [token && `${token}.${remote.host}`, true],
    [general ? header : undefined, false],
    [general ? token : undefined, true],
  ]
  for (const [id, isToken] of order) {
    const bytes = id ? await secrets?.get(id) : undefined
    if (!bytes) continue
    const text = new TextDecoder().decode(bytes).trim()
    return isToken ? basic(`x-access-token:${text}`, text) : { header: text, secret: [] }
  }
  return undefined
}

function fromAddress(remote: Remote, main: Remote): Header | undefined {
  const credentials = remote.credentials ?? (remote.origin === main.origin ? main.credentials : undefined)
  return credentials === undefined ? undefined : basic(credentials, credentials.slice(credentials.indexOf(':') + 1))
}

function basic(credentials: string, secret: string): Header {
  const header = `Basic ${Buffer.from(credentials).toString('base64')}`
  return { header, secret: [credentials, secret, encodeURIComponent(secret)].filter((text) => text !== '') }
}

async function agentFor(
  remote: Remote,
  attrs: Readonly<Record<string, string>>,
  secrets: Secrets | undefined,
): Promise<{ agent?: string }> {
  const id = attrs['git.mountsshsock']
  if (!id || !remote.origin.startsWith('ssh:')) return {}
  const agent = await secrets?.agent(id)
  if (agent !== undefined) return { agent }
  throw new ImgError('FETCH_FAILED', `there is no ssh agent "${id}" to fetch ${remote.url} with`, {
    hint: `give the build one: --ssh ${id}`,
  })
}

/**
 * The command for ssh: no settings of the user, no questions, and no host whose key has changed.
 *
 * @param given  a file of host keys that are all there is; else `remembered` and the user's own are asked, and new ones are put there
 */
export function sshCommand(given: string | undefined, remembered: string): string {
  const files = given === undefined ? [remembered, join(homedir(), '.ssh', 'known_hosts')] : [given]
  const options = [
    'BatchMode=yes',
    'ConnectTimeout=30',
    'ServerAliveInterval=15',
    `StrictHostKeyChecking=${given === undefined ? 'accept-new' : 'yes'}`,
    `UserKnownHostsFile=${files.map((file) => `"${file.replaceAll('%', '%%')}"`).join(' ')}`,
    ...(given === undefined ? [] : ['GlobalKnownHostsFile=/dev/null']),
  ]
  return `ssh -F /dev/null ${options.map((option) => `-o '${option.replaceAll("'", `'\\''`)}'`).join(' ')}`
}
