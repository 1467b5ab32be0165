/** The ids of a user namespace: which ids inside are which ids outside, and how they are set. */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { promisify } from 'node:util'
import { program } from './program.ts'

/** `inside` to `inside + count - 1` are `outside` to `outside + count - 1`. */
export interface IdRange {
  readonly inside: number
  readonly outside: number
  readonly count: number
}

export interface IdMap {
  readonly uids: readonly IdRange[]
  readonly gids: readonly IdRange[]
}

/** The map for the user that runs us: undefined for root, subordinate ids where the system grants them, else just the user as root. */
export function ownIdMap(): IdMap | undefined {
  const { uid, gid, username } = userInfo()
  if (uid === 0) return undefined
  const helpers = program('newuidmap') && program('newgidmap')
  const uids = helpers ? granted('/etc/subuid', username, uid) : undefined
  const gids = helpers ? granted('/etc/subgid', username, uid) : undefined
  const ranges = (own: number, more: IdRange | undefined) => [
    { inside: 0, outside: own, count: 1 },
    ...(more ? [more] : []),
  ]
  return { uids: ranges(uid, uids && gids ? uids : undefined), gids: ranges(gid, uids && gids ? gids : undefined) }
}

/** The first range that a line `name:first:count` of /etc/subuid or /etc/subgid grants. */
function granted(file: string, name: string, uid: number): IdRange | undefined {
  let text = ''
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const line = text
    .split('\n')
    .map((line) => line.split(':'))
    .find(([who]) => who === name || who === String(uid))
  const [outside, count] = [Number(line?.[1]), Number(line?.[2])]
  return outside > 0 && count > 0 ? { inside: 1, outside, count } : undefined
}

/** Gives a process in a fresh user namespace its ids. */
export async function writeIdMap(pid: number, map: IdMap): Promise<void> {
  if (map.uids.length === 1 && map.gids.length === 1) {
    writeFileSync(`/proc/${pid}/setgroups`, 'deny')
    writeFileSync(`/proc/${pid}/uid_map`, lines(map.uids).join(' '))
    writeFileSync(`/proc/${pid}/gid_map`, lines(map.gids).join(' '))
    return
  }
  const run = promisify(execFile)
  await Promise.all([
    run(program('newuidmap')!, [String(pid), ...lines(map.uids)]),
    run(program('newgidmap')!, [String(pid), ...lines(map.gids)]),
  ])
}

const lines = (ranges: readonly IdRange[]) =>
  ranges.flatMap(({ inside, outside, count }) => [String(inside), String(outside), String(count)])
