/** Stacks layer directories with overlayfs. Source: Linux, Documentation/filesystems/overlayfs.rst. */
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import type { MountLine } from './shell-text.ts'

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

/**
 * Lays out stacks in one folder. The options of a mount must fit in a page, so layers are named by short links in
 * `links`, which is to be the working directory of `mount`.
 */
export class Stacks {
  readonly links: string
  readonly #folder: string
  #count = 0
  #linked = 0

  constructor(folder: string) {
    this.#folder = folder
    this.links = join(folder, 'l')
    mkdirSync(this.links)
  }

  /**
   * Prepares the mount of layer directories, given from the bottom up.
   *
   * @throws MOUNT_FAILED above 960 layers
   */
  lay(directories: readonly string[], options: StackOptions): Stack {
    const own = join(this.#folder, String(this.#count++))
    const path = join(own, 'root')
    for (const name of ['', 'root', 'empty', 'upper', 'work']) mkdirSync(join(own, name))
    if (directories.length > 2 * lowerLimit) {
      throw new ImgError(
        'MOUNT_FAILED',
        `RUN stands on ${directories.length} layers; overlayfs takes ${2 * lowerLimit}`,
        {
          hint: 'join RUN lines, or copy the result of a stage into a new one',
        },
      )
    }
    const below =
      directories.length > lowerLimit
        ? this.lay(directories.slice(0, lowerLimit), { ...options, writable: false })
        : undefined
    const lowers = below ? [below.path, ...directories.slice(lowerLimit)] : directories
    // Never a stack of nothing, and a read-only one has at least two.
    const stacked =
      lowers.length > 1 || (options.writable && lowers.length > 0)
        ? lowers
        : [join(own, 'empty'), ...lowers, join(own, 'work')]
    const lowerdir = stacked
      .map((directory) => this.#link(directory))
      .reverse()
      .join(':')
    const upper = options.writable ? join(own, 'upper') : undefined
    const line: MountLine = {
      source: 'overlay',
      target: path,
      type: 'overlay',
      options: [
        ...(options.nodev ? ['nodev'] : []),
        `lowerdir=${lowerdir}`,
        ...(upper ? [`upperdir=${this.#link(upper)}`, `workdir=${this.#link(join(own, 'work'))}`] : []),
        // Whatever the machine's default: an upper directory must hold whole files under their own names.
        ...(options.userxattr ? ['userxattr'] : ['redirect_dir=off', 'metacopy=off']),
        'index=off',
      ],
    }
    return { path, upper, lines: [...(below?.lines ?? []), line] }
  }

  #link(directory: string): string {
    const name = (this.#linked++).toString(36)
    symlinkSync(directory, join(this.links, name))
    return name
  }
}
