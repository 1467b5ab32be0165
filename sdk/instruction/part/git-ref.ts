/** Git repositories as sources: `git://`, `ssh://`, `user@host:path`, `https://….git`, with `#ref:subdir` or a query. */
import { ImgError } from '../../error.ts'
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
  if (text.startsWith('./') || text.startsWith('../') || text.startsWith('github.com/')) return undefined
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

interface ParsedUrl {
  scheme: string
  remote: string
  host: string
  path: string
  fragment: string
  query: URLSearchParams
}

function parseUrl(text: string): ParsedUrl | undefined {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text)?.[1]?.toLowerCase()
  if (scheme !== undefined) {
    if (!schemes.has(scheme)) return undefined
    const match = /^[^:]+:\/\/([^/?#]*)([^?#]*)(\?[^#]*)?(?:#(.*))?$/s.exec(text)
    if (!match) return undefined
    const host = match[1]!.replace(/^.*@/, '')
    const remote = `${scheme}://${match[1]}${match[2]}`
    return {
      scheme,
      remote,
      host,
      path: match[2]!,
      fragment: decode(match[4] ?? ''),
      query: new URLSearchParams(match[3] ?? ''),
    }
  }
  // scp style: user@host:path
  const scp = /^([A-Za-z0-9_.-]+)@([A-Za-z0-9.[\]-]+):([^?#]*)(\?[^#]*)?(?:#(.*))?$/s.exec(text)
  if (!scp || scp[3] === '') return undefined
  const remote = `${scp[1]}@${scp[2]}:${scp[3]}`
  return {
    scheme: 'ssh',
    remote,
    host: scp[2]!,
    path: scp[3]!,
    fragment: scp[5] ?? '',
    query: new URLSearchParams(scp[4] ?? ''),
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

type Draft = { -readonly [K in keyof GitRef]: GitRef[K] }

function withQuery(base: Draft, query: URLSearchParams): GitRef {
  const result: Draft = { ...base }
  let tag = ''
  let branch = ''
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name)
    if (values.length > 1) refuse(`the query "${name}" is given ${values.length} times`)
    const value = values[0]!
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
