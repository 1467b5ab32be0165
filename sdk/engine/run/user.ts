/** Who a RUN runs as: USER looked up in the image's own /etc/passwd and /etc/group. Source: moby/sys user, conformance D4.2.5. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import { follow } from './follow.ts'

const sizeLimit = 10 << 20
const idLimit = 2 ** 31 - 1

/** Ids of a process, and the home directory of its user. */
export interface ProcessUser {
  readonly uid: number
  readonly gid: number
  /** Supplementary groups; the primary one is always among them. */
  readonly groups: readonly number[]
  readonly home: string
}

/**
 * Looks a USER up.
 *
 * @param root  the root file system, as a folder
 * @param spec  '', `name`, `uid`, `name:group`, `uid:gid` …
 * @throws      USER_UNKNOWN for a name that the image does not have, or an id out of range
 */
export function findUser(root: string, spec: string): ProcessUser {
  const passwd = table(root, 'etc/passwd')
  const at = spec.indexOf(':')
  const [user, group] = at < 0 ? [spec, ''] : [spec.slice(0, at), spec.slice(at + 1)]
  const plain = at < 0 ? undefined : [plainId(user), plainId(group)]
  if (plain && plain[0] !== undefined && plain[1] !== undefined) return complete(plain[0], plain[1], [], passwd)

  const id = number(user)
  const line = passwd.find(
    ([name, , uid]) => name === user || (user === '' ? int(uid) === 0 : int(uid) === id && id !== undefined),
  )
  if (!line && user !== '' && id === undefined) throw unknownUser(user, passwd)
  if (!line && id !== undefined) inRange(id, 'user')
  const uid = line ? int(line[2]) : (id ?? 0)
  const gid = line ? int(line[3]) : 0
  if (group === '') {
    const own = line ? table(root, 'etc/group').filter((row) => (row[3] ?? '').split(',').includes(line[0] ?? '')) : []
    return complete(
      uid,
      gid,
      own.map((row) => int(row[2])),
      passwd,
    )
  }
  const groupId = number(group)
  const row = table(root, 'etc/group').find(([name, , id]) =>
    groupId === undefined ? name === group : int(id) === groupId,
  )
  if (!row && groupId === undefined) {
    throw new ImgError('USER_UNKNOWN', `unable to find group "${group}": the image's /etc/group has no such name`, {
      hint: 'create the group in an earlier RUN, or use a number',
    })
  }
  return complete(uid, row ? int(row[2]) : inRange(groupId!, 'group'), [], passwd)
}

function unknownUser(user: string, passwd: readonly string[][]): ImgError {
  const why = passwd.length === 0 ? 'the image has no /etc/passwd' : "the image's /etc/passwd has no such name"
  return new ImgError('USER_UNKNOWN', `unable to find user "${user}": ${why}`, {
    hint: 'create the user in an earlier RUN, or use a number',
  })
}

function complete(uid: number, gid: number, more: readonly number[], passwd: readonly string[][]): ProcessUser {
  const home = passwd.find((row) => int(row[2]) === uid && row.length > 2)?.[5] || '/'
  return { uid, gid, groups: more.includes(gid) ? more : [gid, ...more], home }
}

/** `root` and numbers, which need no file when both user and group are given so. */
const plainId = (text: string) =>
  text === 'root' ? 0 : /^\d+$/.test(text) && Number(text) < 2 ** 32 ? Number(text) : undefined

const number = (text: string) => (/^[+-]?\d+$/.test(text) ? Number(text) : undefined)

const int = (text: string | undefined) => number(text ?? '') ?? 0

function inRange(id: number, what: string): number {
  if (id >= 0 && id <= idLimit) return id
  throw new ImgError('USER_UNKNOWN', `The ${what} id ${id} is out of range: 0 to ${idLimit}`)
}

/** The rows of a colon-separated file of the image; none where it is missing or not a file. */
function table(root: string, path: string): readonly string[][] {
  const found = follow(root, path)
  if (!found.stat?.isFile()) return []
  if (found.stat.size > sizeLimit) {
    throw new ImgError(
      'USER_UNKNOWN',
      `/${path} of the image has ${found.stat.size} bytes, more than the ${sizeLimit} allowed`,
    )
  }
  const lines = readFileSync(join(root, found.path), 'utf8').split('\n')
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(':'))
}
