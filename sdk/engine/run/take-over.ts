/** Files that a container made as one of the other users of a user namespace: outside of it nobody could read or remove them. */
import { inUserNamespace } from './cell.ts'
import type { Standing } from './id-map.ts'
import { command } from './shell-text.ts'

/** Gives such files to us. They become root's in the image: whoever needs their owners works as root, if only of a user namespace. */
export async function takeOver({ idMap, singleId }: Standing, folders: readonly string[]): Promise<void> {
  if (!idMap || singleId || folders.length === 0) return
  const others = ['(', '!', '-uid', '0', '-o', '!', '-gid', '0', ')', '-exec', 'chown', '-h', '0:0', '{}', '+']
  await inUserNamespace(idMap, command(['find', ...folders, ...others]))
}
