/** Handing what a container wrote to the store, whoever it belongs to. */
import type { Layer, LayerStore } from '../ports.ts'
import { inUserNamespace } from './cell.ts'
import { outsideIds, type Standing } from './id-map.ts'
import { command } from './shell-text.ts'

/**
 * Makes layers of upper directories, by output.
 *
 * What another user of a user namespace made and only that user can read, we could neither pack nor stack; it becomes root's.
 * Whoever needs such owners too works as root, if only of a user namespace.
 */
export async function takeOver(
  { idMap, singleId }: Standing,
  uppers: ReadonlyMap<number, string>,
  layers: LayerStore,
): Promise<readonly Layer[]> {
  if (idMap && !singleId && uppers.size > 0) {
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
    await inUserNamespace(idMap, command(['find', ...uppers.values(), ...locked, '-exec', 'chown', '0', '{}', '+']))
  }
  const outputs: Layer[] = []
  for (const [index, upper] of uppers)
    outputs[index] = await layers.adopt(upper, idMap ? { idMap: outsideIds(idMap) } : {})
  return outputs
}
