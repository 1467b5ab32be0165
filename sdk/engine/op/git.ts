/** `git://` sources: a commit of a repository as one layer, fetched once, checked out once. Source: D6.77 to D6.79. */
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import { digestOf } from '../../oci/digest.ts'
import type { SourceOp } from '../../plan/op.ts'
import type { Io, Layer, LayerStore, PackEntry, Records, Secrets } from '../ports.ts'
import { accessTo } from './git-access.ts'
import { checkout, directoryIn } from './git-checkout.ts'
import type { RepositoryParts } from './git-repository.ts'
import { withRepository } from './git-repository.ts'
import { mismatch, resolveCommit, type Wanted } from './git-resolve.ts'
import { type GitParts, openGit } from './git-run.ts'
import { type GitSource, parseSource } from './git-source.ts'

/** What fetching from git needs. */
export interface GitOpParts extends Pick<GitParts, 'find' | 'silence'> {
  readonly store: {
    readonly folder: string
    readonly layers: Pick<LayerStore, 'get' | 'pack'>
    readonly records: Records
    readonly locked: RepositoryParts['locked']
    temporary(): Promise<{ readonly path: string; remove(): Promise<void> }>
  }
  /** What lies in a folder, parents first, sorted by byte value. */
  entries(folder: string, io: Io): Promise<Iterable<PackEntry>>
  readonly secrets?: Secrets | undefined
  /** Check out again what was checked out before. */
  readonly anew?: boolean | undefined
}

/** A layer of files from git. */
export interface GitLayer {
  readonly layer: Layer
  /** It was there: nothing was fetched or checked out. */
  readonly cached: boolean
}

const kind = 'git'

/**
 * The files of a git op, owned by root, with the commit's time: the same commit is the same layer everywhere.
 *
 * @throws FETCH_FAILED  no git, no answer, no such ref, commit or folder, another commit than the checksum says, a refused address
 * @throws PATH_ESCAPES, BUILD_CANCELLED
 */
export async function fetchGit(op: SourceOp, parts: GitOpParts, io: Io & { readonly id?: string }): Promise<GitLayer> {
  const source = parseSource(op)
  const { store, secrets } = parts
  const temporary = await store.temporary()
  try {
    const folder = join(store.folder, 'git')
    const git = openGit({ ...parts, io, home: temporary.path, remembered: join(folder, 'known_hosts') })
    const access = { attrs: op.attrs, secrets, main: source.remote }
    const opened = () => accessTo(source.remote, access)
    const repositories = { git, folder, temporary: temporary.path, locked: store.locked, io }
    const asked = await resolveCommit(source, git, opened)
    const wanted = await completed(asked, source, { ...repositories, access: opened })

    const key = digestOf(JSON.stringify(identity(source, wanted)))
    const known = parts.anew ? undefined : await store.records.get<{ layer: string }>(kind, key)
    const layer = known && (await store.layers.get(known.layer))
    if (layer) return { layer, cached: true }

    const files = join(temporary.path, 'files')
    const keepGitDir = source.keepGitDir && source.subdir.length === 0
    const { time } = await checkout(source.remote, wanted, files, {
      ...repositories,
      access,
      source: { submodules: source.submodules, keepGitDir },
    })
    const chosen = directoryIn(files, source.subdir, `the folder "${source.subdir.join('/')}"`)
    const fresh = await store.layers.pack(plain(await parts.entries(chosen, io), time), io)
    await store.records.put(kind, key, { layer: fresh.id })
    return { layer: fresh, cached: false }
  } finally {
    await temporary.remove()
  }
}

/** The start of a commit becomes all of it, for which the repository is needed. */
async function completed(
  wanted: Wanted,
  source: GitSource,
  parts: Parameters<typeof withRepository>[2],
): Promise<Required<Pick<Wanted, 'commit' | 'object'>> & Wanted> {
  const { commit, object = commit } = wanted
  if (commit !== undefined && object !== undefined) return { ...wanted, commit, object }
  const found = await withRepository(source.remote, wanted, parts, async ({ commit }) => commit)
  if (!found.startsWith(source.checksum)) throw mismatch(source, [found])
  return { commit: found, object: found }
}

/** All that the layer depends on. The ref counts only where the layer has it. */
function identity(source: GitSource, { commit, object, name }: Wanted): readonly unknown[] {
  const { remote, subdir, submodules, keepGitDir } = source
  const kept = keepGitDir && subdir.length === 0
  return [remote.url, commit, subdir, submodules, ...(kept ? [object, name ?? ''] : [])]
}

/** Owner, modes and times as git has them: it knows only whether a file can be run. */
function* plain(entries: Iterable<PackEntry>, mtime: number): Generator<PackEntry> {
  for (const { path, type, mode, size, link, content } of entries) {
    if (type !== 'file' && type !== 'directory' && type !== 'symlink')
      throw new ImgError('INTERNAL', `git made "${path}", which is a ${type}`)
    const common = { path, type, uid: 0, gid: 0, size, mtime }
    if (type === 'directory') yield { ...common, mode: 0o755 }
    else if (type === 'symlink') yield { ...common, mode: 0o777, ...(link === undefined ? {} : { link }) }
    else yield { ...common, mode: mode & 0o100 ? 0o755 : 0o644, ...(content ? { content } : {}) }
  }
}
