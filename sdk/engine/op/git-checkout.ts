/** A commit as files: its tree, and those of its submodules in their places. */
import { lstatSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import { type AccessParts, accessTo } from './git-access.ts'
import { keepGitFolder } from './git-keep.ts'
import { type Remote, submoduleRemote } from './git-remote.ts'
import { type Repository, type RepositoryParts, withRepository } from './git-repository.ts'
import type { Wanted } from './git-resolve.ts'
import type { GitSource } from './git-source.ts'

/** What checking out needs. */
export interface CheckoutParts extends RepositoryParts {
  readonly access: AccessParts
  readonly source: Pick<GitSource, 'submodules'> & { readonly keepGitDir: boolean }
}

const deepest = 32 // submodules of submodules

/**
 * Puts the files of a commit into an empty folder. No program of the repository's runs: hooks are off, and filters are settings, of
 * which there are none.
 *
 * @returns  the commit, and when it was made: seconds since the epoch
 * @throws FETCH_FAILED, PATH_ESCAPES, BUILD_CANCELLED
 */
export async function checkout(
  remote: Remote,
  wanted: Wanted,
  folder: string,
  parts: CheckoutParts,
): Promise<{ commit: string; time: number }> {
  return checkoutAt(remote, wanted, folder, parts, 0)
}

async function checkoutAt(
  remote: Remote,
  wanted: Wanted,
  folder: string,
  parts: CheckoutParts,
  depth: number,
): Promise<{ commit: string; time: number }> {
  const { git, source } = parts
  const access = () => accessTo(remote, parts.access)
  const { commit, time, modules } = await withRepository(remote, wanted, { ...parts, access }, async (repository) => {
    const { path, commit } = repository
    const index = join(parts.temporary, `index-${commit}`)
    // a repository that failed half-way may have left something
    for (const place of [folder, index]) rmSync(place, { recursive: true, force: true })
    mkdirSync(folder)
    await git(['read-tree', '--reset', '-u', commit], { repository: path, workTree: folder, index })
    if (source.keepGitDir) await keepGitFolder(folder, { git, repository, remote, wanted })
    const time = Number(await git(['log', '-1', '--format=%ct', commit, '--'], { repository: path }))
    return { commit, time, modules: source.submodules ? await modulesOf(repository, parts) : [] }
  })
  if (modules.length > 0 && depth === deepest)
    throw new ImgError('FETCH_FAILED', `${remote.url} has submodules more than ${deepest} deep`)
  // one after the other, and after the lock is given up: a repository may be a submodule of its own
  for (const { path, url, commit } of modules) {
    const place = directoryIn(folder, path.split('/'), `the submodule "${path}"`)
    await checkoutAt(submoduleRemote(url, remote), { commit, object: commit }, place, parts, depth + 1)
  }
  return { commit, time }
}

interface Submodule {
  readonly path: string
  readonly url: string
  readonly commit: string
}

/** Source: gitmodules(5). */
async function modulesOf({ path, commit }: Repository, { git }: CheckoutParts): Promise<Submodule[]> {
  const tree = await git(['ls-tree', '-r', '-z', '--full-tree', commit], { repository: path })
  const links = [...tree.toString().matchAll(/(?:^|\0)160000 commit ([0-9a-f]+)\t([^\0]+)/g)]
  if (links.length === 0) return []
  const args = ['config', `--blob=${commit}:.gitmodules`, '-z', '--get-regexp', '^submodule\\..*\\.(path|url|update)$']
  const settings = await git(args, { repository: path }).catch(() => Buffer.alloc(0))
  const modules = new Map<string, Record<string, string>>()
  for (const line of settings.toString().split('\0')) {
    const [, name, key, value] = /^submodule\.(.*)\.(path|url|update)\n(.*)$/s.exec(line) ?? []
    if (name !== undefined) modules.set(name, { ...modules.get(name), [key!]: value! })
  }
  const byPath = new Map([...modules.values()].map((module) => [module['path'], module]))
  return links.flatMap(([, linked, at]) => {
    const { url, update } = byPath.get(at!) ?? {}
    if (update === 'none') return []
    if (url !== undefined) return [{ path: at!, url, commit: linked! }]
    throw new ImgError('FETCH_FAILED', `.gitmodules does not say where the submodule "${at}" comes from`, {
      hint: 'leave submodules out: add ?submodules=false to the address',
    })
  })
}

/**
 * The directory of those names below a folder, reached without links.
 * @throws FETCH_FAILED when it is not there; PATH_ESCAPES when a link is in the way
 */
export function directoryIn(folder: string, names: readonly string[], what: string): string {
  let at = folder
  for (const name of names) {
    at = join(at, name)
    const stat = lstatSync(at, { throwIfNoEntry: false })
    if (stat?.isDirectory() && name !== '..' && name !== '.') continue
    if (stat?.isSymbolicLink()) throw new ImgError('PATH_ESCAPES', `${what} leads through the symbolic link "${name}"`)
    throw new ImgError(
      'FETCH_FAILED',
      `${what} is no directory of the repository: there is ${stat ? 'a file' : 'nothing'} at "${name}"`,
    )
  }
  return at
}
