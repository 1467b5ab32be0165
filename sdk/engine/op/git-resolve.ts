/** Which commit a git source means: asked of the server, unless the source names it. */
import { ImgError } from '../../error.ts'
import type { Access } from './git-access.ts'
import { checkRef, isCommit } from './git-remote.ts'
import type { Git } from './git-run.ts'
import type { GitSource } from './git-source.ts'

/** What to fetch. */
export interface Wanted {
  /** Absent where only the start of it is known. */
  readonly commit?: string
  /** The start of a commit. */
  readonly short?: string
  /** The object that the name stands for: the commit, or an annotated tag. */
  readonly object?: string
  /** `refs/…` on the server; absent for a commit that no name was given for. */
  readonly name?: string
  /** The name is only what the commit is to be called. */
  readonly byCommit?: boolean
}

/**
 * What the source means now. A full commit is not asked for.
 *
 * @throws FETCH_FAILED  no such ref; another commit than the checksum says; the server does not answer
 */
export async function resolveCommit(source: GitSource, git: Git, access: () => Promise<Access>): Promise<Wanted> {
  const { ref, checksum, byCommit, remote } = source
  if (isCommit(ref)) {
    if (!ref.startsWith(checksum)) throw mismatch(source, [ref])
    return { commit: ref, object: ref }
  }
  if (byCommit) {
    if (!isCommit(checksum)) {
      throw new ImgError('FETCH_FAILED', `fetch-by-commit needs all of the commit, not "${checksum}"`, {
        hint: 'give its 40 hexadecimal digits as the checksum',
      })
    }
    return { commit: checksum, object: checksum, byCommit, ...(ref === '' ? {} : { name: full(ref) }) }
  }
  const patterns = ref === '' ? ['HEAD'] : [ref, `${ref}^{}`]
  const output = await git(['ls-remote', '--symref', '--', remote.url, ...patterns], { access: await access() })
  const found = ref === '' ? fromHead(output.toString()) : fromRefs(refsIn(output.toString()), ref)
  if (!found) {
    if (/^[0-9a-f]{7,}$/.test(ref)) {
      if (checksum.startsWith(ref) || ref.startsWith(checksum))
        return { short: ref.length > checksum.length ? ref : checksum }
      throw mismatch(source, [ref])
    }
    throw new ImgError('FETCH_FAILED', `${remote.url} has no ${ref === '' ? 'default branch' : `ref "${ref}"`}`, {
      hint: 'name a branch, a tag or a commit: #REF',
    })
  }
  const { commit, object } = found
  if (![commit, object].some((name) => name.startsWith(checksum))) throw mismatch(source, [object, commit])
  return found
}

/** Whether a commit that was found is the one asked for. Throws FETCH_FAILED. */
export function mismatch({ checksum, remote, ref }: GitSource, found: readonly string[]): ImgError {
  const actual = [...new Set(found)].join(' or ')
  return new ImgError(
    'FETCH_FAILED',
    `checksum mismatch for ${remote.url}${ref === '' ? '' : `#${ref}`}: expected ${checksum}, found ${actual}`,
    { hint: 'correct --checksum, if the new commit is right', detail: { expected: checksum, actual } },
  )
}

type Found = Required<Pick<Wanted, 'commit' | 'object'>> & { readonly name?: string }

function fromHead(output: string): Found | undefined {
  const commit = refsIn(output).get('HEAD')
  if (commit === undefined) return undefined
  const [, name] = /^ref: (refs\/\S+)\tHEAD$/m.exec(output) ?? []
  return { commit, object: commit, ...(name === undefined ? {} : { name: checkRef(name) }) }
}

/** BuildKit's order: the name as it is below `refs/`, then branches, then tags. */
function fromRefs(refs: ReadonlyMap<string, string>, ref: string): Found | undefined {
  const bare = ref.replace(/^refs\//, '')
  for (const name of [`refs/${bare}`, full(ref), `refs/tags/${ref.replace(/^refs\/tags\//, '')}`]) {
    const object = refs.get(name)
    if (object !== undefined) return { commit: refs.get(`${name}^{}`) ?? object, object, name }
  }
  return undefined
}

function full(ref: string): string {
  return ref.startsWith('refs/') ? ref : `refs/heads/${ref}`
}

function refsIn(output: string): Map<string, string> {
  const refs = new Map<string, string>()
  for (const line of output.split('\n')) {
    const [object = '', name] = line.split('\t')
    if (name !== undefined && isCommit(object)) refs.set(name, object)
  }
  return refs
}
