/** Handing what a container wrote to the store, whoever it belongs to. */
import type { Layer, LayerStore } from '../ports.ts'
import { inUserNamespace } from './cell.ts'
import { outsideIds, type Standing } from './id-map.ts'
import type { Prepared } from './prepare.ts'
import { command } from './shell-text.ts'

/**
 * Makes layers of what was written, by output.
 *
 * What another user of a user namespace made and only that user can read, we could neither pack nor stack; it becomes root's.
 * Whoever needs such owners too works as root, if only of a user namespace.
 */
export async function takeOver(
  { idMap, singleId }: Standing,
  prepared: Pick<Prepared, 'written' | 'clean'>,
  layers: LayerStore,
): Promise<readonly Layer[]> {
  const still = prepared.clean()
  const written = [...prepared.written]
  if (idMap && !singleId && written.length > 0) {
    const folders = written.map(([, one]) => ('upper' in one ? one.upper : one.copy.directory))
    const locked = [
      '!',
      '-uid',
      '0',
      '(',
      '-type',
      'f',
      '!',
      '-perm',
      '-4',
      '-o',
      '-type',
      'd',
      '!',
      '-perm',
      '-5',
      ')',
    ]
    await inUserNamespace(idMap, command(['find', ...folders, ...locked, '-exec', 'chown', '0', '{}', '+']))
  }
  const ids = idMap ? { idMap: outsideIds(idMap) } : {}
  const outputs: Layer[] = []
  for (const [index, one] of written)
    outputs[index] = 'upper' in one ? await layers.adopt(one.upper, ids) : await one.copy.changes({ still, ...ids })
  return outputs
}
