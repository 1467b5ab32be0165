/** A git op, taken apart. Source: BuildKit, the attributes of git sources. */
import { ImgError } from '../../error.ts'
import type { SourceOp } from '../../plan/op.ts'
import { checkRef, parseRemote, type Remote } from './git-remote.ts'

/** What a git op asks for. */
export interface GitSource {
  readonly remote: Remote
  /** '' is the default branch. */
  readonly ref: string
  /** The names from the root of the repository down; none for all of it. */
  readonly subdir: readonly string[]
  /** The start of a commit, or all of it; '' for none. */
  readonly checksum: string
  readonly keepGitDir: boolean
  readonly submodules: boolean
  /** `checksum` is fetched, and `ref` only names it. */
  readonly byCommit: boolean
}

/** Reads identifier and attributes. Throws FETCH_FAILED, PATH_ESCAPES. */
export function parseSource({ identifier, attrs = {} }: SourceOp): GitSource {
  const [, address = '', fragment = ''] = /^git:\/\/([^#]*)(?:#(.*))?$/s.exec(identifier) ?? []
  const [ref, subdir] = /^([^:]*):?(.*)$/s.exec(fragment)!.slice(1) as [string, string]
  const full = attrs['git.fullurl'] ?? `https://${address}`
  const checksum = attrs['git.checksum'] ?? ''
  if (!/^[0-9a-f]{0,64}$/i.test(checksum))
    throw new ImgError('FETCH_FAILED', `${JSON.stringify(checksum.slice(0, 100))} is no commit, nor the start of one`, {
      hint: 'the checksum of a git source is the hexadecimal name of a commit',
    })
  return {
    // BuildKit: an address without a scheme means https
    remote: parseRemote(/^[A-Za-z][A-Za-z0-9+.-]*:|^[^/]*@/.test(full) ? full : `https://${full}`),
    ref: ref === '' || ref === 'HEAD' ? '' : checkRef(ref),
    subdir: names(subdir),
    checksum: checksum.toLowerCase(),
    keepGitDir: attrs['git.keepgitdir'] === 'true',
    submodules: attrs['git.skipsubmodules'] !== 'true',
    byCommit: attrs['git.fetchbycommit'] === 'true',
  }
}

function names(subdir: string): string[] {
  const parts = subdir.split('/').filter((part) => part !== '' && part !== '.')
  if (!parts.includes('..') && !subdir.includes('\0')) return parts
  throw new ImgError('PATH_ESCAPES', `the folder ${JSON.stringify(subdir)} of a git source leads out of the repository`)
}
