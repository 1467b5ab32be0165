/** Owners as `--chown` gives them, turned into ids. */
import { ImgError } from '../../error.ts'
import type { ChownOpt, UserOpt } from '../../plan/op.ts'
import { checkId, lookupGroup, lookupUser } from '../passwd.ts'
import type { Tree } from '../ports.ts'

/** The ids of a user and a group. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/**
 * The ids that an owner means. A name that the tree does not know is 0 (conformance D6.32).
 *
 * @param treeOf  the tree of an op input, where names are looked up; undefined where it is empty
 * @throws USER_UNKNOWN for a name where there is no file system to look it up in, an id above 2³¹-1, an unusable /etc/passwd
 * @source moby/buildkit, solver/llbsolver/ops/user_linux.go
 */
export function resolveOwner(
  owner: ChownOpt | undefined,
  treeOf: (input: number) => Tree | undefined,
): Owner | undefined {
  if (!owner) return undefined
  let uid = 0
  let gid = 0
  const user = nameOrId(owner.user, treeOf)
  if (user) {
    const found = 'id' in user ? { uid: user.id, gid: user.id } : user.tree && lookupUser(user.tree, user.name)
    uid = found?.uid ?? 0
    gid = found?.gid ?? 0
  }
  const group = nameOrId(owner.group, treeOf)
  if (group && 'id' in group) gid = group.id
  else if (group?.tree) gid = lookupGroup(group.tree, group.name) ?? gid
  return { uid, gid }
}

type Named = { readonly id: number } | { readonly name: string; readonly tree: Tree | undefined }

function nameOrId(option: UserOpt | undefined, treeOf: (input: number) => Tree | undefined): Named | undefined {
  if (!option) return undefined
  if (!('byName' in option.User)) return { id: checkId(option.User.byId ?? 0, 'the id of the new owner') }
  const { name, input = 0 } = option.User.byName
  if (/^[+-]?\d+$/.test(name)) return { id: checkId(Number(name), 'the id of the new owner') }
  if (input < 0) {
    throw new ImgError(
      'USER_UNKNOWN',
      `"${name}" cannot be looked up: invalid user index, there is no file system yet to look in`,
      {
        hint: 'give the numeric id, or copy without --link onto a base that has /etc/passwd',
        detail: { name },
      },
    )
  }
  return { name, tree: treeOf(input) }
}
