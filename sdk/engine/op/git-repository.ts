/** The bare repositories of a store, one per remote: fetched into by depth 1, made anew where they are damaged. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import type { Io } from '../ports.ts'
import type { Access } from './git-access.ts'
import type { Remote } from './git-remote.ts'
import type { Wanted } from './git-resolve.ts'
import type { Git } from './git-run.ts'

/** What is needed for a repository. */
export interface RepositoryParts {
  readonly git: Git
  /** `git/` of the store. */
  readonly folder: string
  /** A folder on the same file system that is removed when all is done. */
  readonly temporary: string
  locked<T>(key: string, work: () => Promise<T>, io?: Pick<Io, 'signal'>): Promise<T>
  readonly io: Io
}

/** A repository that has a commit. */
export interface Repository {
  readonly path: string
  readonly commit: string
}

/**
 * Does the work with a repository that has the commit, while nobody else uses it. Where an old repository fails, a new one is
 * made, and takes its place once it has what is wanted: a repository in its place was whole when it came there.
 *
 * @throws FETCH_FAILED, BUILD_CANCELLED, and what the work throws
 */
export function withRepository<T>(
  remote: Remote,
  wanted: Wanted,
  { access, ...parts }: RepositoryParts & { access(): Promise<Access> },
  work: (repository: Repository) => Promise<T>,
): Promise<T> {
  const { git, folder, io } = parts
  const place = join(folder, createHash('sha256').update(remote.url).digest('hex').slice(0, 40))
  const use = async (path: string) => ({ path, commit: await obtain({ git, path, remote, access }, wanted) })
  return parts.locked(
    `git ${remote.url}`,
    async () => {
      if (existsSync(place)) {
        try {
          sweep(place)
          return await work(await use(place))
        } catch (error) {
          if (io.signal.aborted || !(error instanceof ImgError) || error.code !== 'FETCH_FAILED') throw error
        }
      }
      const made = mkdtempSync(join(parts.temporary, 'repository-'))
      const start = async (format: string) => {
        await git(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, '--', made])
        return use(made)
      }
      const likely = (wanted.commit ?? '').length === 64 ? 'sha256' : 'sha1'
      const { commit } = await start(likely).catch((error: unknown) => {
        // the start of a commit does not tell how long its names are
        if (!/server sha256/.test(saidBy(error))) throw error
        rmSync(made, { recursive: true })
        return start('sha256')
      })
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      rmSync(place, { recursive: true, force: true })
      renameSync(made, place)
      return work({ path: place, commit })
    },
    io,
  )
}

/** Removes what a git that was killed left. The lock is ours, so nobody else's git is at work here. */
function sweep(place: string): void {
  for (const folder of [place, join(place, 'objects', 'pack')]) {
    for (const name of list(folder))
      if (/^tmp_|\.lock$/.test(name)) rmSync(join(folder, name), { recursive: true, force: true })
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

interface Fetching {
  readonly git: Git
  readonly path: string
  readonly remote: Remote
  access(): Promise<Access>
}

/** Fetches the commit where it is not there, as little as the server lets us. Answers its whole name. */
async function obtain(fetching: Fetching, wanted: Wanted): Promise<string> {
  const { commit, short, object = commit, name, byCommit } = wanted
  const here = await find(fetching, commit, short, object)
  if (here) return here
  const kept = `refs/kept/${object}`
  if (name !== undefined && !byCommit) await fetchOnly(fetching, [`+${name}:${kept}`]).catch(unlessRefused)
  if (commit !== undefined && !(await find(fetching, commit, short, object)))
    await fetchOnly(fetching, [`+${object}:${kept}`]).catch(unlessRefused)
  const found = (await find(fetching, commit, short, object)) ?? (await fetchAll(fetching, wanted))
  if (found) return found
  throw new ImgError('FETCH_FAILED', `${fetching.remote.url} has no commit ${commit ?? short}`, {
    hint: 'no branch or tag leads to it; was it pushed?',
  })
}

async function find(
  { git, path }: Fetching,
  commit: string | undefined,
  short: string | undefined,
  object: string | undefined,
): Promise<string | undefined> {
  const has = async (name: string) => {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]
    const output = await git(args, { repository: path }).catch(missing)
    return output?.toString().trim()
  }
  if (commit === undefined) return has(short!)
  if (object !== undefined && object !== commit && !(await has(object))) return undefined
  // rev-parse takes a whole name at its word, so the peeling is what looks
  return has(commit)
}

function missing(error: unknown): undefined {
  if (!(error instanceof ImgError) || error.code !== 'FETCH_FAILED' || typeof error.detail?.['status'] !== 'number')
    throw error
  return undefined
}

const common = ['fetch', '--progress', '--force', '--no-recurse-submodules']

/** One commit and no history; with it, from servers that know only that. */
async function fetchOnly({ git, path, remote, access }: Fetching, refspecs: readonly string[]): Promise<void> {
  const call = { repository: path, access: await access() }
  const rest = ['--no-tags', '--', remote.url, ...refspecs]
  await git([...common, '--depth=1', ...rest], call).catch((error: unknown) => {
    if (!/shallow|--depth/.test(saidBy(error))) throw error
    return git([...common, ...rest], call)
  })
}

/** All branches and tags with their history: what is left where a server hands out no single commit. */
async function fetchAll(fetching: Fetching, { commit, short, object }: Wanted): Promise<string | undefined> {
  const { git, path, remote, access } = fetching
  const whole = existsSync(join(path, 'shallow')) ? ['--unshallow'] : []
  const refspecs = ['+refs/heads/*:refs/all/heads/*', '+refs/tags/*:refs/all/tags/*']
  const args = [...common, ...whole, '--no-tags', '--prune', '--', remote.url, ...refspecs]
  await git(args, { repository: path, access: await access() })
  return find(fetching, commit, short, object)
}

/** A server may refuse to hand out what no name of its own stands for, and one of files alone may not have it. */
function unlessRefused(error: unknown): void {
  const refusals = /not our ref|unadvertised object|couldn't find remote ref|no such remote ref|cannot obtain needed/i
  if (!refusals.test(saidBy(error))) throw error
}

function saidBy(error: unknown): string {
  return error instanceof ImgError ? String(error.detail?.['said'] ?? '') : ''
}
