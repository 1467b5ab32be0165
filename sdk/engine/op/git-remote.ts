/** Where a git source comes from: addresses and refs, checked before git hears of them. */
import { posix } from 'node:path'
import { ImgError } from '../../error.ts'

/** An address that git may be given. */
export interface Remote {
  /** As git is told: without credentials, but with the user of an ssh address. Names the repository in the store. */
  readonly url: string
  /** `scheme://host:port`: what credentials are for. */
  readonly origin: string
  /** With its port, if it names one. */
  readonly host: string
  readonly http: boolean
  /** `user:password` that the address held. */
  readonly credentials?: string
}

const hosts = /^(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]*)|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/
const users = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/

/**
 * Takes an address apart. Only http, https, ssh (also as `user@host:path`) and git are fetched from; anything that git or ssh could
 * take for an option, a command or a file of this machine is refused.
 *
 * @throws FETCH_FAILED; the message holds no credentials
 */
export function parseRemote(text: string): Remote {
  if (/[\x00-\x20\x7f\\]/.test(text)) throw refused(text, 'it holds blanks, control characters or backslashes')
  const scp = /^([^@/:]+)@(\[[^\]]+\]|[^@/:[\]]+):([^:].*)$/.exec(text)
  if (scp) return scpStyle(scp[1]!, scp[2]!, scp[3]!)
  const scheme = /^([a-z]+):\/\/(?![-/])/i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined || !['http', 'https', 'ssh', 'git'].includes(scheme) || !URL.canParse(text))
    throw refused(text, 'only http, https, ssh and git are fetched from')
  const { username, password, host, pathname } = new URL(text)
  if (!hosts.test(host)) throw refused(text, 'its host has a form that is not allowed')
  const http = scheme.startsWith('http')
  if (http) {
    const credentials = `${decode(username)}:${decode(password)}`
    const url = `${scheme}://${host}${pathname}`
    return { url, origin: `${scheme}://${host}`, host, http, ...(credentials === ':' ? {} : { credentials }) }
  }
  if (password !== '') throw refused(text, 'a password has no use there')
  if (username !== '' && !users.test(username)) throw refused(text, 'its user has a form that is not allowed')
  if (/^\/+-/.test(pathname)) throw refused(text, 'its path looks like an option')
  const user = username === '' ? '' : `${username}@`
  return { url: `${scheme}://${user}${host}${pathname}`, origin: `${scheme}://${host}`, host, http }
}

function scpStyle(user: string, host: string, path: string): Remote {
  const text = `${user}@${host}:${path}`
  if (!users.test(user) || !hosts.test(host)) throw refused(text, 'its user or host has a form that is not allowed')
  if (/^\/*-/.test(path)) throw refused(text, 'its path looks like an option')
  return { url: text, origin: `ssh://${host}`, host, http: false }
}

/**
 * The address of a submodule, which may be relative to that of the repository that names it. Source: gitmodules(5), url.
 *
 * @throws FETCH_FAILED also for one that holds credentials: who wrote it is not who runs the build
 */
export function submoduleRemote(url: string, parent: Remote): Remote {
  const remote = parseRemote(/^\.\.?\//.test(url) ? relative(url, parent) : url)
  if (remote.credentials !== undefined) throw refused(url, 'the address of a submodule may hold no credentials')
  return remote
}

function relative(url: string, parent: Remote): string {
  if (URL.canParse(parent.url)) return new URL(url, `${parent.url.replace(/\/+$/, '')}/`).href
  const colon = parent.url.indexOf(':')
  const path = posix.join(parent.url.slice(colon + 1), url)
  if (path.startsWith('..')) throw refused(url, `it leads out of ${parent.host}`)
  return `${parent.url.slice(0, colon)}:${path}`
}

/**
 * A ref that git can take for nothing else. Source: git-check-ref-format(1).
 * @throws FETCH_FAILED
 */
export function checkRef(ref: string): string {
  const wrong = /^[-./]|[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|[./]$|\.lock(\/|$)|^@$/.test(ref)
  if (!wrong) return ref
  throw new ImgError('FETCH_FAILED', `${JSON.stringify(ref.slice(0, 100))} is no name of a branch, tag or commit`)
}

/** Whether a text is the whole name of a commit: SHA-1 or SHA-256. */
export function isCommit(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)
}

function refused(text: string, why: string): ImgError {
  const shown = JSON.stringify(text.replace(/\/\/[^/]*@/, '//').slice(0, 200))
  return new ImgError('FETCH_FAILED', `the git address ${shown} is refused: ${why}`)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
