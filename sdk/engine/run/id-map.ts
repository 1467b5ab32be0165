/** The ids of a user namespace: which ids inside are which ids outside, and how they are set. */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { promisify } from 'node:util'
import type { OutsideIds } from '../ports.ts'
import { isAdministrator, privilege } from '../privilege.ts'
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
  standing ??= process.getuid?.() !== 0 ? asUser() : isAdministrator() ? asRoot() : asPowerless()
  return standing
}

function asRoot(): Standing {
  const ids = ownIds('uid_map')
  return { idMap: undefined, rootless: privilege() !== 'machine', singleId: ids.length === 1 && ids[0]!.count === 1 }
}

/** Root of a container without CAP_SYS_ADMIN, who has it in a user namespace of the same ids. */
function asPowerless(): Standing {
  const idMap = { uids: ownIds('uid_map'), gids: ownIds('gid_map') }
  return { idMap, rootless: true, singleId: idMap.uids.length === 1 && idMap.uids[0]!.count === 1 }
}

/** The ids that we have, each as itself. Never quite all there are: that is how root of the machine is known. */
function ownIds(file: 'uid_map' | 'gid_map'): IdRange[] {
  const lines = readFileSync(`/proc/self/${file}`, 'utf8').trim().split('\n')
  return lines.map((line) => {
    const [inside = 0, , count = 0] = line.trim().split(/\s+/).map(Number)
    return { inside, outside: inside, count: Math.min(count, 2 ** 32 - 2) }
  })
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
  const isRoot = process.getuid?.() === 0
  if (isRoot || (map.uids.length === 1 && map.gids.length === 1)) {
    if (!isRoot) writeFileSync(`/proc/${pid}/setgroups`, 'deny')
    writeFileSync(`/proc/${pid}/uid_map`, map.uids.map((range) => `${words(range).join(' ')}\n`).join(''))
    writeFileSync(`/proc/${pid}/gid_map`, map.gids.map((range) => `${words(range).join(' ')}\n`).join(''))
    return
  }
  const run = promisify(execFile)
  await Promise.all([
    run(program('newuidmap')!, [String(pid), ...map.uids.flatMap(words)]),
    run(program('newgidmap')!, [String(pid), ...map.gids.flatMap(words)]),
  ])
}

const words = ({ inside, outside, count }: IdRange) => [String(inside), String(outside), String(count)]
