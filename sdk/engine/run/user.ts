/** Who a RUN runs as: USER looked up in the image's own /etc/passwd and /etc/group. Source: moby/sys user, conformance D4.2.5. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import { checkId, parseGroup, parsePasswd, type User } from '../passwd.ts'
import { follow } from './follow.ts'

const sizeLimit = 10 << 20

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
  const users = parsePasswd(fileIn(root, 'etc/passwd'))
  const at = spec.indexOf(':')
  const [name, group] = at < 0 ? [spec, ''] : [spec.slice(0, at), spec.slice(at + 1)]
  const plain = [plainId(name), plainId(group)]
  if (plain[0] !== undefined && plain[1] !== undefined) return complete(plain[0], plain[1], [], users)

  // The first line counts that has the name or the number.
  const id = name === '' ? 0 : number(name)
  const user = users.find((one) => (name !== '' && one.name === name) || one.uid === id)
  if (!user && id === undefined) throw unknown('user', name, 'passwd', users.length)
  const uid = user ? checkId(user.uid, `the uid of "${user.name}" in /etc/passwd`) : checkId(id!, 'the user id')
  const gid = user ? checkId(user.gid, `the gid of "${user.name}" in /etc/passwd`) : 0
  const groups = user || group !== '' ? parseGroup(fileIn(root, 'etc/group')) : []
  if (group === '') {
    const own = groups.filter(({ members }) => members.includes(user?.name ?? ''))
    return complete(
      uid,
      gid,
      own.map((one) => checkId(one.gid, `the id of group "${one.name}"`)),
      users,
    )
  }
  const groupId = number(group)
  const found = groups.find((one) => (groupId === undefined ? one.name === group : one.gid === groupId))
  if (!found && groupId === undefined) throw unknown('group', group, 'group', groups.length)
  return complete(uid, checkId(found?.gid ?? groupId!, 'the group id'), [], users)
}

function unknown(what: string, name: string, file: string, lines: number): ImgError {
  const why = lines === 0 ? `the image has no /etc/${file}` : `the image's /etc/${file} has no such name`
  return new ImgError('USER_UNKNOWN', `unable to find ${what} "${name}": ${why}`, {
    hint: `create the ${what} in an earlier RUN, or use a number`,
  })
}

function complete(uid: number, gid: number, more: readonly number[], users: readonly User[]): ProcessUser {
  const home = users.find((user) => user.uid === uid)?.home || '/'
  return { uid, gid, groups: more.includes(gid) ? more : [gid, ...more], home }
}

/** `root` and numbers, which need no file when both user and group are given so. */
const plainId = (text: string) =>
  text === 'root' ? 0 : /^\d+$/.test(text) ? checkId(Number(text), `"${text}"`) : undefined

const number = (text: string) => (/^[+-]?\d+$/.test(text) ? Number(text) : undefined)

/** The text of a file of the image; none where it is missing or not a file. */
function fileIn(root: string, path: string): string {
  const found = followed(root, path)
  if (!found?.stat?.isFile()) return ''
  if (found.stat.size > sizeLimit) {
    const message = `/${path} of the image has ${found.stat.size} bytes; expected at most ${sizeLimit}`
    throw new ImgError('USER_UNKNOWN', message)
  }
  return readFileSync(join(root, found.path), 'utf8')
}

function followed(root: string, path: string) {
  try {
    return follow(root, path)
  } catch {
    return undefined // links in a circle are as good as nothing
  }
}
