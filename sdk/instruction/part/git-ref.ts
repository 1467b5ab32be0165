/** Git repositories as sources: `git://`, `ssh://`, `user@host:path`, `https://….git`, with `#ref:subdir` or a query. */
import { ImgError } from '../../error.ts'
import { isQuery, parseGoUrl, parseQuery } from './go-url.ts'
import { joinPath } from './path.ts'

/** A git source, taken apart. Source: Dockerfile reference, ADD, Git repository; conformance D6.77, D6.78. */
export interface GitRef {
  /** The URL without fragment and query. */
  readonly remote: string
  /** `host/path`, which names the repository whatever the protocol. */
  readonly host: string
  readonly path: string
  readonly ssh: boolean
  readonly ref: string
  readonly subdir: string
  readonly checksum: string
  readonly keepGitDir?: boolean
  readonly submodules?: boolean
  readonly fetchByCommit: boolean
}

const schemes = new Set(['http', 'https', 'ssh', 'git'])

/** The git source that a text means; undefined when it means something else. Throws ARGUMENT_VALUE for a query that is not allowed. */
export function parseGitRef(text: string): GitRef | undefined {
  if (text.startsWith('./') || text.startsWith('../')) return undefined
  if (isGithubPath(text)) {
    // a local path, whose query is checked all the same
    parseGitRef(`git://${text}`)
    return undefined
  }
  const url = parseUrl(text)
  if (!url) return undefined
  if ((url.scheme === 'http' || url.scheme === 'https') && !url.path.endsWith('.git')) return undefined
  const colon = url.fragment.indexOf(':')
  const ref = colon < 0 ? url.fragment : url.fragment.slice(0, colon)
  const subdir = colon < 0 ? '' : joinPath('/', url.fragment.slice(colon + 1)).replace(/^\//, '')
  return withQuery(
    {
      remote: url.remote,
      host: url.host,
      path: url.path,
      ssh: url.scheme === 'ssh',
      ref,
      subdir,
      checksum: '',
      fetchByCommit: false,
    },
    url.query,
  )
}

/** Whether a text was a repository once: a local path today, except that `--checksum` is let pass. */
export function isGithubPath(text: string): boolean {
  return text.startsWith('github.com/') && parseGoUrl(`git://${text}`) !== undefined
}

interface ParsedUrl {
  readonly scheme: string
  readonly remote: string
  readonly host: string
  readonly path: string
  readonly fragment: string
  readonly query: readonly (readonly [name: string, value: string])[]
}

function parseUrl(text: string): ParsedUrl | undefined {
  const scheme = /^([A-Za-z0-9]+):\/\//.exec(text)?.[1]?.toLowerCase()
  if (scheme !== undefined) {
    const url = schemes.has(scheme) ? parseGoUrl(text) : undefined
    return url && { ...url, remote: url.plain }
  }
  // scp style: user@host:path
  const [, user, host, path, query = '', fragment = ''] =
    /^([A-Za-z0-9_-]+)@([A-Za-z0-9.-]+):(.*?)(?:\?(.*?))?(?:#(.*))?$/.exec(text) ?? []
  if (user === undefined || !isQuery(query)) return undefined
  const bytes = Buffer.from(query, 'utf8').toString('latin1')
  const remote = `${user}@${host}:${path}`
  return { scheme: 'ssh', remote, host: host!, path: path!, fragment, query: parseQuery(bytes) }
}

type Draft = { -readonly [K in keyof GitRef]: GitRef[K] }

function withQuery(base: Draft, query: ParsedUrl['query']): GitRef {
  const result: Draft = { ...base }
  let tag = ''
  let branch = ''
  const names = query.map(([name]) => name)
  for (const [name, value] of query) {
    if (names.indexOf(name) !== names.lastIndexOf(name)) refuse(`the query "${name}" is given several times`)
    const boolean = ['submodules', 'keep-git-dir', 'fetch-by-commit'].includes(name)
    if (value === '' && !boolean) refuse(`the query "${name}" has no value`)
    if (name === 'ref') result.ref = agreed('ref', result.ref, value)
    else if (name === 'subdir') result.subdir = agreed('subdir', result.subdir, value)
    else if (name === 'tag') tag = value
    else if (name === 'branch') branch = value
    else if (name === 'checksum' || name === 'commit') result.checksum = value
    else if (name === 'keep-git-dir') result.keepGitDir = parseBoolean(name, value)
    else if (name === 'submodules') result.submodules = parseBoolean(name, value)
    else if (name === 'fetch-by-commit') result.fetchByCommit = parseBoolean(name, value)
    else if (name === 'mtime') {
      if (value !== 'checkout' && value !== 'commit') refuse(`mtime is "${value}"; expected checkout or commit`)
    } else refuse(`the query "${name}" is not known`)
  }
  if (tag !== '') result.ref = agreed('ref', result.ref, prefixed('refs/tags/', tag))
  if (branch !== '') {
    if (tag !== '') refuse('branch and tag exclude each other')
    result.ref = agreed('ref', result.ref, prefixed('refs/heads/', branch))
  }
  return result
}

function prefixed(prefix: string, name: string): string {
  return name.startsWith(prefix) ? name : prefix + name
}

function agreed(what: string, before: string, now: string): string {
  if (before !== '' && before !== now) refuse(`${what} is both "${before}" and "${now}"`)
  return now
}

function parseBoolean(name: string, value: string): boolean {
  if (['', '1', 't', 'T', 'true', 'TRUE', 'True'].includes(value)) return true
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value)) return false
  return refuse(`${name} is "${value}"; expected true or false`)
}

function refuse(why: string): never {
  throw new ImgError('ARGUMENT_VALUE', `git source: ${why}`)
}
