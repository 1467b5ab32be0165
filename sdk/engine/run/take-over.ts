/** Handing what a container wrote to the store, whoever it belongs to. */
import { readFileSync, rmSync } from 'node:fs'
import type { Io, Layer, LayerStore } from '../ports.ts'
import { inUserNamespace } from './cell.ts'
import { type IdMap, outsideIds, type Standing } from './id-map.ts'
import type { Prepared } from './prepare.ts'
import { command, word } from './shell-text.ts'
import { folderOf } from './stack.ts'

/** Makes layers of what was written, by output. */
export async function takeOver(
  { idMap, singleId }: Standing,
  prepared: Pick<Prepared, 'written' | 'clean'>,
  layers: LayerStore,
  io: Io,
): Promise<readonly Layer[]> {
  const still = prepared.clean()
  const written = [...prepared.written]
  const folders = written.map(([, one]) => folderOf(one))
  if (idMap && !singleId && folders.length > 0) await unlock(folders, idMap, io)
  const ids = idMap ? { idMap: outsideIds(idMap) } : {}
  const outputs: Layer[] = []
  for (const [index, one] of written)
    outputs[index] = 'upper' in one ? await layers.adopt(one.upper, ids) : await one.changed.changes({ still, ...ids })
  return outputs
}

// Of another user, and a file that only he reads or a directory that only he looks into.
const locked = '! -uid 0 ( -type f ! -perm -4 -o -type d ! -perm -5 )'.split(' ')

/**
 * What another user of a user namespace made and only that user can read, we could neither pack nor stack: it becomes root's, and the
 * build says so. The command line has no need of this: it is root of the namespace itself, see namespace.ts.
 */
async function unlock(folders: readonly string[], idMap: IdMap, io: Io): Promise<void> {
  const list = `${folders[0]}.locked`
  const find = command(['find', ...folders, ...locked, '-exec', 'chown', '0', '{}', ';', '-print'])
  await inUserNamespace(idMap, `${find} > ${word(list)}`)
  const paths = readFileSync(list, 'utf8').split('\n').slice(0, -1)
  rmSync(list)
  if (paths.length === 0) return
  const path = paths[0]!.slice(folders.find((folder) => paths[0]!.startsWith(folder))!.length)
  const others = paths.length > 1 ? ` and ${paths.length - 1} more` : ''
  const message = `RUN left files that only their owner may read, and now are root's: ${path}${others}. Start the program as root of a user namespace, which rerunAsRoot() does, or as root.`
  io.emit({ type: 'warning', message })
}
