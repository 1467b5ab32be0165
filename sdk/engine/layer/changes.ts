/**
 * What was changed in a directory between two looks at it, in the terms of overlayfs: what is new, changed or gone, and which
 * directories took the place of something else. Nothing is read: whoever changes a file cannot help changing its inode's time.
 */
import { type BigIntStats, lstatSync } from 'node:fs'
import { fileIn, sortNames } from '../name.ts'
import type { Io } from '../ports.ts'
import { joinName } from '../tree.ts'
import { pace } from './pace.ts'
import { namesIn } from './walk.ts'

/** What a look tells of one path. */
interface Seen {
  /** Which inode it is; numbers are used again, times of birth are not. */
  readonly inode: string
  /** Nanoseconds: when the inode last changed in any way. */
  readonly changed: bigint
  readonly links: number
  /** Of a directory: what is in it. */
  readonly names: readonly string[] | undefined
}

/** All that is in a directory, by path; '' is the directory itself. */
export type Look = ReadonlyMap<string, Seen>

/** Looks at everything in a directory. */
export async function look(directory: string, io?: Io): Promise<Look> {
  const all = new Map<string, Seen>()
  const breath = pace(io)
  const stack = ['']
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (breath.due()) await breath.breathe()
    const path = at === '' ? directory : fileIn(directory, at)
    const stat = lstatSync(path, { bigint: true })
    const names = stat.isDirectory() ? namesIn(path) : undefined
    all.set(at, seen(stat, names))
    for (const name of names ?? []) stack.push(joinName(at, name))
  }
  return all
}

const seen = ({ ino, birthtimeNs, ctimeNs, nlink }: BigIntStats, names: Seen['names']): Seen => ({
  inode: `${ino} ${birthtimeNs}`,
  changed: ctimeNs,
  links: Number(nlink),
  names,
})

/** One path that a layer must speak of. */
export interface Change {
  readonly path: string
  /** `same`: a directory that is as it was, on the way to something that is not. */
  readonly kind: 'changed' | 'gone' | 'same'
  /** A directory in the place of something else, whose own content it hides. */
  readonly opaque: boolean
}

/** What else is known of paths. */
export interface Known {
  /** Directories that are as they were, whatever their times say. */
  readonly still: ReadonlySet<string>
  /** Whether a file that lost another of its names is otherwise as it was. */
  isSame(path: string): boolean
}

/** What became of a directory, parents first, each directory's names sorted by byte value. */
export function changesBetween(before: Look, after: Look, known: Known): Change[] {
  const all: Change[] = []
  // `fresh`: nothing that was there is below it any more
  const stack = [{ path: '', fresh: false }]
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const { path } = at
    const was = at.fresh ? undefined : before.get(path)
    const is = after.get(path)
    if (!is) {
      all.push({ path, kind: 'gone', opaque: false })
      continue
    }
    const replaced = was !== undefined && isReplaced(was, is)
    const kind = was && isSame(path, was, is, known) ? 'same' : 'changed'
    if (path !== '') all.push({ path, kind, opaque: replaced && is.names !== undefined })
    if (!is.names) continue
    const fresh = was === undefined || replaced
    const names = fresh ? is.names : [...new Set([...is.names, ...(was.names ?? [])])]
    for (const name of sortNames([...names]).reverse()) stack.push({ path: joinName(path, name), fresh })
  }
  return withoutIdle(all)
}

/** Whether a directory is, or was, another one. Moving one changes its time; where numbers do not last, nothing else does. */
function isReplaced(was: Seen, is: Seen): boolean {
  if (!was.names || !is.names) return was.names !== undefined || is.names !== undefined
  return was.inode !== is.inode && was.changed !== is.changed
}

function isSame(path: string, was: Seen, is: Seen, { still, isSame }: Known): boolean {
  if (is.names) return was.names !== undefined && (was.changed === is.changed || still.has(path))
  if (was.inode !== is.inode) return false
  return was.changed === is.changed || (is.links < was.links && isSame(path))
}

/** Leaves out what is as it was, but for the directories on the way to what is not. */
function withoutIdle(all: readonly Change[]): Change[] {
  const wanted = new Set<string>()
  for (const { path, kind, opaque } of all) {
    if (kind === 'same' && !opaque) continue
    for (let at = path; !wanted.has(at) && at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) wanted.add(at)
  }
  return all.filter(({ path }) => wanted.has(path))
}
