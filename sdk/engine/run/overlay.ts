/** Stacks layer directories with overlayfs. Source: Linux, Documentation/filesystems/overlayfs.rst. */
import { chmodSync, mkdirSync, statfsSync, symlinkSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import type { MountLine } from './shell-text.ts'

/** Whether overlayfs can leave out flushing to the disk: since Linux 5.10. */
function volatile(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number)
  return major > 5 || (major === 5 && minor >= 10)
}

/** OVERLAYFS_SUPER_MAGIC. Source: linux/magic.h. */
const overlayMagic = 0x794c7630

/** What overlayfs takes at once. */
const lowerLimit = 480

/** A stack that is to be mounted. */
export interface Stack {
  /** Where it will be seen, in the cell. */
  readonly path: string
  /** Where what is written to it ends up; undefined for a read-only one. */
  readonly upper: string | undefined
  readonly lines: readonly MountLine[]
}

export interface StackOptions {
  readonly writable: boolean
  /** In a user namespace, where overlayfs keeps its marks in `user.*` attributes. */
  readonly userxattr: boolean
  /** Device files on it are dead. */
  readonly nodev: boolean
}

/** Where stacks are laid out. */
export interface StackPlace {
  /** A folder on the file system of the store, for what is written. */
  readonly folder: string
  /** A folder in the cell's memory, for the rest. */
  readonly memory: string
  /** A path of the cell, as seen from here. */
  see(path: string): string
}

/**
 * Lays out stacks. The options of a mount must fit in a page, so layers are named by short links in `links`, which is to be the
 * working directory of `mount`.
 */
export class Stacks {
  readonly links: string
  readonly #place: StackPlace
  #count = 0
  #linked = 0

  constructor(place: StackPlace) {
    this.#place = place
    this.links = join(place.memory, 'l')
    mkdirSync(place.see(this.links))
  }

  /**
   * Prepares the mount of layer directories, given from the bottom up.
   *
   * @throws MOUNT_FAILED above 960 layers; RUN_UNAVAILABLE when the folder itself lies on an overlayfs
   */
  lay(directories: readonly string[], options: StackOptions): Stack {
    if (directories.length > 2 * lowerLimit) {
      throw new ImgError(
        'MOUNT_FAILED',
        `RUN stands on ${directories.length} layers; overlayfs takes ${2 * lowerLimit}`,
        {
          hint: 'join RUN lines, or copy the result of a stage into a new one',
        },
      )
    }
    const bottom = directories.slice(0, lowerLimit)
    const below = directories.length > lowerLimit ? this.lay(bottom, { ...options, writable: false }) : undefined
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
    return { path, upper, lines: [...(below?.lines ?? []), line] }
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
      const message = `The store lies on an overlayfs, such as a container's own files, which RUN cannot write its layers to: ${path}`
      throw new ImgError('RUN_UNAVAILABLE', message, { hint: 'keep the store on a volume of the container' })
    }
    chmodSync(path, 0o755)
    return path
  }

  #link(directory: string): string {
    const name = (this.#linked++).toString(36)
    symlinkSync(directory, this.#place.see(join(this.links, name)))
    return name
  }
}
