/** The ids of a user namespace: which ids inside are which ids outside, and how they are set. */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { promisify } from 'node:util'
import type { OutsideIds } from '../ports.ts'
import { program } from './program.ts'

/** `inside` to `inside + count - 1` are `outside` to `outside + count - 1`. */
export interface IdRange {
  readonly inside: number
  readonly outside: number
  readonly count: number
}

/** The ids of a user namespace. */
export interface IdMap {
  readonly uids: readonly IdRange[]
  readonly gids: readonly IdRange[]
}

/** What this process may do about ids. */
export interface Standing {
  /** The ids of the user namespace that a cell must make; undefined where this process can make mounts as it is. */
  readonly idMap: IdMap | undefined
  /** In a user namespace, ours or one that we were started in: no devices, and overlayfs keeps its marks elsewhere. */
  readonly rootless: boolean
  /** Whether there is no id but 0 in it. */
  readonly singleId: boolean
}

let standing: Standing | undefined

/** What this process may do: looked up once. */
export function ownStanding(): Standing {
  standing ??= process.getuid?.() === 0 ? asRoot() : asUser()
  return standing
}

function asRoot(): Standing {
  const ranges = readFileSync('/proc/self/uid_map', 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const whole = ranges.length === 1 && ranges[0]![2] === 2 ** 32 - 1
  return { idMap: undefined, rootless: !whole, singleId: ranges.length === 1 && ranges[0]![2] === 1 }
}

function asUser(): Standing {
  const idMap = userIdMap()
  return { idMap, rootless: true, singleId: idMap.uids.length === 1 }
}

/** The map for an ordinary user: subordinate ids where the system grants them, else just the user as root. */
export function userIdMap(): IdMap {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0]
  const username = ownName()
  const helpers = program('newuidmap') && program('newgidmap')
  const uids = helpers ? granted('/etc/subuid', username, uid) : undefined
  const gids = helpers ? granted('/etc/subgid', username, uid) : undefined
  const more = uids && gids ? { uids: [uids], gids: [gids] } : { uids: [], gids: [] }
  return {
    uids: [{ inside: 0, outside: uid, count: 1 }, ...more.uids],
    gids: [{ inside: 0, outside: gid, count: 1 }, ...more.gids],
  }
}

/** The name of the user; a container may run us as one who has none. */
function ownName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}

/** What the owners of files mean inside. Ids that are not in the map are nobody's. */
export function outsideIds({ uids, gids }: IdMap): OutsideIds {
  const inside = (ranges: readonly IdRange[]) => (id: number) => {
    const range = ranges.find(({ outside, count }) => id >= outside && id < outside + count)
    return range ? range.inside + id - range.outside : nobody
  }
  return { uid: inside(uids), gid: inside(gids) }
}

const nobody = 65534

/** The first range that a line `name:first:count` of /etc/subuid or /etc/subgid grants. */
function granted(file: string, name: string | undefined, uid: number): IdRange | undefined {
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
