/** Users and groups of an image: /etc/passwd and /etc/group, read from its tree and trusted with nothing. */
import { ImgError } from '../error.ts'
import type { Tree } from './ports.ts'
import { follow } from './tree.ts'

/** Ids above this are refused, as in containerd and moby. */
export const maxId = 2 ** 31 - 1
/** More of /etc/passwd is not read. */
const maxBytes = 10 * 2 ** 20

/** A line of /etc/passwd. An id that is missing or not a number is 0, as for other readers of odd files; its range is not checked. */
export interface User {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
  readonly shell: string
}

/** A line of /etc/group. */
export interface Group {
  readonly name: string
  readonly gid: number
  readonly members: readonly string[]
}

/** Every line that is not blank; fields that are missing are empty. Source: passwd(5). */
export function parsePasswd(text: string): User[] {
  return lines(text).map((line) => {
    const [name = '', , uid, gid, , home = '', shell = ''] = line.split(':')
    return { name, uid: toId(uid), gid: toId(gid), home, shell }
  })
}

/** Every line that is neither blank nor a comment. Source: group(5). */
export function parseGroup(text: string): Group[] {
  return lines(text)
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      const [name = '', , gid, members = ''] = line.split(':')
      return { name, gid: toId(gid), members: members === '' ? [] : members.split(',') }
    })
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function toId(text: string | undefined): number {
  return text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : 0
}

/** The users of a tree; none where it has no /etc/passwd. @throws USER_UNKNOWN when the file cannot be used */
export function usersOf(tree: Tree): User[] {
  return parsePasswd(userFile(tree, 'etc/passwd') ?? '')
}

/** The groups of a tree; none where it has no /etc/group. @throws USER_UNKNOWN when the file cannot be used */
export function groupsOf(tree: Tree): Group[] {
  return parseGroup(userFile(tree, 'etc/group') ?? '')
}

/**
 * The ids of a user by name; undefined where the tree knows no such user.
 * @throws USER_UNKNOWN when an id is not from 0 to 2³¹-1, or the file is no regular file or larger than 10 MiB
 */
export function lookupUser(tree: Tree, name: string): { readonly uid: number; readonly gid: number } | undefined {
  const user = usersOf(tree).find((one) => one.name === name)
  return (
    user && {
      uid: checkId(user.uid, `the uid of "${name}" in /etc/passwd`),
      gid: checkId(user.gid, `the gid of "${name}" in /etc/passwd`),
    }
  )
}

/** The id of a group by name; undefined where the tree knows no such group. Throws as `lookupUser` does. */
export function lookupGroup(tree: Tree, name: string): number | undefined {
  const group = groupsOf(tree).find((one) => one.name === name)
  return group && checkId(group.gid, `the gid of "${name}" in /etc/group`)
}

/** The id, when it may be given to a file or process. @throws USER_UNKNOWN */
export function checkId(id: number, what: string): number {
  if (Number.isInteger(id) && id >= 0 && id <= maxId) return id
  throw new ImgError('USER_UNKNOWN', `${what} is ${id}; expected 0 to ${maxId}`)
}

/** The text of a file that links may lead to, inside the root. */
function userFile(tree: Tree, path: string): string | undefined {
  const entry = tree.entry(follow(tree, path, { last: true }))
  if (!entry) return undefined
  if (entry.type !== 'file') {
    throw new ImgError('USER_UNKNOWN', `"/${path}" of the image is a ${entry.type}; expected a regular file`)
  }
  if (entry.size > maxBytes) {
    throw new ImgError('USER_UNKNOWN', `"/${path}" of the image has ${entry.size} bytes; expected at most ${maxBytes}`)
  }
  return Buffer.concat([...tree.read(entry)]).toString('utf8')
}
