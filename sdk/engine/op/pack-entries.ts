/** The changes of a target as the entries of a layer. */
import type { PackEntry } from '../ports.ts'
import { type Change, changesOf } from './changes.ts'
import type { Target } from './target.ts'

/**
 * The entries of the layer that takes the base of a target to what it is now.
 *
 * @param epoch  seconds; no entry is newer
 * @param see    is shown each change when its turn comes
 */
export function* packEntries(
  target: Target,
  epoch: number | undefined,
  see: (change: Change) => void,
): Generator<PackEntry> {
  for (const change of changesOf(target, { subtrees: false })) {
    see(change)
    yield packEntry(change, epoch ?? Number.POSITIVE_INFINITY)
  }
}

type Growing = { -readonly [K in keyof PackEntry]: PackEntry[K] }

/** Written without spreads: there are very many entries. */
function packEntry(change: Change, newest: number): PackEntry {
  const { path } = change
  if (change.kind === 'whiteout' || change.kind === 'opaque' || change.kind === 'subtree') {
    return { path, type: change.kind === 'opaque' ? 'opaque' : 'whiteout', mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 }
  }
  const body = change.kind === 'directory' ? undefined : change.body
  const { mode, uid, gid, mtime, xattrs } = change.kind === 'directory' ? change.meta : change.body
  const entry: Growing = {
    path,
    type: body?.type ?? 'directory',
    mode,
    uid,
    gid,
    size: 0,
    mtime: Math.min(mtime, newest),
  }
  if (change.kind === 'hardlink') {
    entry.type = 'hardlink'
    entry.link = change.link
    return entry
  }
  if (xattrs) entry.xattrs = xattrs
  if (!body) return entry
  entry.size = body.size
  if (body.link !== undefined) entry.link = body.link
  if (body.device) entry.device = body.device
  if (body.type === 'file') {
    entry.content = () => body.content.read()
    const { digest } = body.content
    if (digest) entry.digest = digest
  }
  return entry
}
