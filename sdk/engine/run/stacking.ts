/** Finding out how root file systems can be made of layers here, by making one. */
import { existsSync, lstatSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError, wrapError } from '../../error.ts'
import type { Io, Layer, LayerStore, Records } from '../ports.ts'
import type { Temporary } from './bay.ts'
import { inUserNamespace, openCell } from './cell.ts'
import { copying } from './copies.ts'
import { fuseOverlayfs } from './fuse.ts'
import { ownStanding } from './id-map.ts'
import { overlayfs } from './overlay.ts'
import { machineKey } from './probe.ts'
import { command, fstab, mountCommand } from './shell-text.ts'
import { folderOf, type Stacking, type StackingName } from './stack.ts'

/** What is looked for, and where. */
export interface StackingOptions {
  /** @default auto: the first that works here */
  readonly stacking?: 'auto' | StackingName | undefined
  readonly store: {
    readonly folder: string
    readonly layers: LayerStore
    readonly records?: Records
    temporary(): Promise<Temporary> | Temporary
  }
}

/** What works, and why nothing better does. */
interface Found {
  readonly name: StackingName
  readonly trouble?: string
}

/** In order of preference; the last needs no trial. */
const ways: readonly Stacking[] = [overlayfs, fuseOverlayfs, copying]

const known = new Map<string, Promise<Stacking>>()

/**
 * The first way that works in a store. Remembered in this process, and in the store until the machine starts anew.
 *
 * @throws RUN_UNAVAILABLE when the one that was asked for does not
 */
export function findStacking(io: Io, options: StackingOptions): Promise<Stacking> {
  const { stacking = 'auto', store } = options
  const key = `${stacking} ${store.folder}`
  const found = known.get(key) ?? recall(io, options)
  known.set(key, found)
  found.catch(() => known.delete(key))
  return found
}

async function recall(io: Io, { stacking = 'auto', store }: StackingOptions): Promise<Stacking> {
  const key = machineKey(`${stacking} ${statSync(store.folder).dev}`)
  const remembered = await store.records?.get<Found>('stacking', key)
  const found = remembered ?? (await tryAll(stacking, store, io))
  if (!remembered) await store.records?.put('stacking', key, found)
  if (found.name === 'copy' && stacking === 'auto') {
    const message = `RUN copies its root file system each time, which is slow: ${found.trouble}. Keep the store on another file system (--store DIR, or a volume where this is a container), or make fuse-overlayfs and /dev/fuse available.`
    io.emit({ type: 'warning', message })
  }
  return ways.find(({ name }) => name === found.name)!
}

async function tryAll(want: 'auto' | StackingName, store: StackingOptions['store'], io: Io): Promise<Found> {
  const tried: string[] = []
  for (const way of ways) {
    if (want !== 'auto' && want !== way.name) continue
    const trouble = way.name === 'copy' ? undefined : await trial(way, store, io)
    if (io.signal.aborted) throw new ImgError('BUILD_CANCELLED', 'The build was interrupted')
    if (trouble === undefined) return { name: way.name, ...(tried.length > 0 && { trouble: tried.join('; ') }) }
    tried.push(`${way.name} does not work here (${trouble})`)
  }
  throw new ImgError('RUN_UNAVAILABLE', tried.join('; '))
}

/** Removes a file of a layer and makes a directory. The trouble it met; undefined when the one became a whiteout, and the other was made. */
async function trial(way: Stacking, store: StackingOptions['store'], io: Io): Promise<string | undefined> {
  const { idMap, rootless } = ownStanding()
  const { path, remove } = await store.temporary()
  const [lower, memory] = [join(path, 'lower'), join(path, 'memory')]
  for (const folder of [lower, memory]) mkdirSync(folder)
  writeFileSync(join(lower, 'file'), '')
  const never = () => Promise.reject(new Error('a trial only stacks directories'))
  const layer: Layer = { id: 'trial', directory: async () => lower, index: never, tar: never }
  const cell = await openCell({ idMap, terminal: false, network: false })
  try {
    await cell.ask(mountCommand({ source: 'imgsdk', target: memory, type: 'tmpfs', options: ['mode=0700'] }))
    const see = (path: string) => cell.see(path)
    const stacks = way.open({ folder: path, memory, layers: store.layers, io, see })
    const stack = await stacks.lay([layer], { writable: true, userxattr: rootless, nodev: false })
    writeFileSync(cell.see(join(memory, 'fstab')), fstab(stack.lines))
    await cell.ask(stacks.mount(join(memory, 'fstab')))
    await cell.ask(`${command(['rm', join(stack.path, 'file')])} && ${command(['mkdir', join(stack.path, 'made')])}`)
    // what a container is prepared by from here
    if (!existsSync(cell.see(join(stack.path, 'made')))) return 'its mounts are not seen from outside a user namespace'
    const upper = folderOf(stack.written!)
    const [gone, named, made] = ['file', '.wh.file', 'made'].map((name) =>
      lstatSync(join(upper, name), { throwIfNoEntry: false }),
    )
    const whiteout = named?.isFile() || gone?.isCharacterDevice()
    return whiteout && made?.isDirectory() ? undefined : 'what is removed leaves no whiteout'
  } catch (thrown) {
    return wrapError(thrown)
      .message.trim()
      .replace(/\s*\n\s*/g, '; ')
  } finally {
    await cell.close()
    if (idMap) await inUserNamespace(idMap, command(['rm', '-rf', '--', path]))
    await remove()
  }
}
