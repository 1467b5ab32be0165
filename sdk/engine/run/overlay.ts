/** Stacks layer directories with overlayfs. Source: Linux, Documentation/filesystems/overlayfs.rst. */
import { chmodSync, mkdirSync, statfsSync, symlinkSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import type { Layer } from '../ports.ts'
import { CopiedStacks } from './copies.ts'
import { command, type MountLine, word } from './shell-text.ts'
import type { Stack, Stacking, StackOptions, StackPlace, Stacks } from './stack.ts'

/** Stacks made by the kernel. */
export const overlayfs: Stacking = { name: 'overlayfs', open: (place) => new OverlayStacks(place) }

/** Whether overlayfs can leave out flushing to the disk: since Linux 5.10. */
function volatile(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number)
  return major > 5 || (major === 5 && minor >= 10)
}

/** OVERLAYFS_SUPER_MAGIC. Source: linux/magic.h. */
const overlayMagic = 0x794c7630

/** What overlayfs takes at once. A stack may stand on another, once. */
const lowerLimit = 480

/** The stacks of one RUN. The options of a mount must fit in a page, so layers are named by short links in a folder that `mount` works in. */
class OverlayStacks implements Stacks {
  readonly #links: string
  readonly #place: StackPlace
  readonly #copies: CopiedStacks
  #count = 0
  #linked = 0

  constructor(place: StackPlace) {
    this.#place = place
    this.#copies = new CopiedStacks(place)
    this.#links = join(place.memory, 'l')
    mkdirSync(place.see(this.#links))
  }

  /** Prepares one; a copy, where there are more layers than overlayfs takes. Throws RUN_UNAVAILABLE on an overlayfs. */
  async lay(layers: readonly Layer[], options: StackOptions): Promise<Stack> {
    if (layers.length > 2 * lowerLimit) return this.#copies.lay(layers, options)
    return this.#stack(await Promise.all(layers.map((layer) => layer.directory(this.#place.io))), options)
  }

  mount(fstab: string): string {
    return `cd ${word(this.#links)} && ${command(['mount', '--no-mtab', '--all', '--fstab', fstab])} && cd /`
  }

  remove(): void {
    this.#copies.remove()
  }

  #stack(directories: readonly string[], options: StackOptions): Stack {
    const bottom = directories.slice(0, lowerLimit)
    const below = directories.length > lowerLimit ? this.#stack(bottom, { ...options, writable: false }) : undefined
    const lowers = below ? [below.path, ...directories.slice(lowerLimit)] : directories
    const number = this.#count++
    const path = this.#inMemory(`root-${number}`)
    // Never a stack of nothing, and a read-only one has at least two.
    const least = options.writable ? 1 : 2
    const empty = Array.from({ length: Math.max(0, least - lowers.length) }, (_, index) =>
      this.#inMemory(`empty-${number}-${index}`),
    )
    const lowerdir = [...empty, ...lowers]
      .map((directory) => this.#link(directory))
      .reverse()
      .join(':')
    const [upper, work] = options.writable ? [this.#onDisk(`upper-${number}`), this.#onDisk(`work-${number}`)] : []
    const line: MountLine = {
      source: 'overlay',
      target: path,
      type: 'overlay',
      options: [
        ...(options.nodev ? ['nodev'] : []),
        `lowerdir=${lowerdir}`,
        ...(upper && work ? [`upperdir=${this.#link(upper)}`, `workdir=${this.#link(work)}`] : []),
        // Whatever the machine's default: an upper directory must hold whole files under their own names.
        ...(options.userxattr ? ['userxattr'] : ['redirect_dir=off', 'metacopy=off']),
        'index=off',
        // The store knows which start of the machine a layer is from; without this every RUN would flush the whole file system.
        ...(upper && volatile() ? ['volatile'] : []),
      ],
    }
    return { path, written: upper ? { upper } : undefined, lines: [...(below?.lines ?? []), line] }
  }

  #inMemory(name: string): string {
    const path = join(this.#place.memory, name)
    mkdirSync(this.#place.see(path))
    return path
  }

  #onDisk(name: string): string {
    const path = join(this.#place.folder, name)
    mkdirSync(path)
    if (statfsSync(path).type === overlayMagic) {
      const message = "the store lies on an overlayfs, such as a container's own files, which takes no other on top"
      throw new ImgError('RUN_UNAVAILABLE', message, { hint: 'keep the store on a volume of the container' })
    }
    chmodSync(path, 0o755)
    return path
  }

  #link(directory: string): string {
    const name = (this.#linked++).toString(36)
    symlinkSync(directory, this.#place.see(join(this.#links, name)))
    return name
  }
}
