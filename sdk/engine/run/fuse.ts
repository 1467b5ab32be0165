/**
 * Stacks layer directories with fuse-overlayfs, where the kernel's overlayfs does not take a user namespace or the store's file system.
 * Whatever it keeps on disk is plain files, so that any file system will do. Its program runs in the cell and ends with it.
 */
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import type { Layer } from '../ports.ts'
import { leaveDescriptor } from './device-filter.ts'
import { program } from './program.ts'
import { command, word } from './shell-text.ts'
import type { Stack, Stacking, StackOptions, StackPlace, Stacks } from './stack.ts'

/** Stacks made by a program. */
export const fuseOverlayfs: Stacking = { name: 'fuse-overlayfs', open: (place) => new FusedStacks(place) }

/** The stacks of one RUN. */
class FusedStacks implements Stacks {
  readonly #links: string
  readonly #place: StackPlace
  readonly #commands: string[] = []
  #linked = 0

  constructor(place: StackPlace) {
    this.#place = place
    this.#links = join(place.memory, 'l')
    mkdirSync(place.see(this.#links))
  }

  /** Prepares one. Throws RUN_UNAVAILABLE where the program is missing. */
  async lay(layers: readonly Layer[], { writable, nodev }: StackOptions): Promise<Stack> {
    const file = program('fuse-overlayfs')
    if (!file) throw new ImgError('RUN_UNAVAILABLE', 'the program "fuse-overlayfs" is not on this machine')
    const { io, memory, folder } = this.#place
    const number = this.#commands.length
    const path = this.#inMemory(`${memory}/root-${number}`)
    this.#commands.push('')
    const directories = await Promise.all(layers.map((layer) => layer.directory(io, 'names')))
    const lowers = directories.length > 0 ? directories : [this.#inMemory(`${memory}/empty-${number}`)]
    const options = [
      `lowerdir=${lowers
        .map((directory) => this.#link(directory))
        .reverse()
        .join(':')}`,
      // other users of the container; and devices, which the library that it uses leaves out
      ...['allow_other', 'suid', nodev ? 'nodev' : 'dev'],
    ]
    const [upper, work] = ['upper', 'work'].map((name) => join(folder, `${name}-${number}`))
    if (writable) {
      for (const made of [upper!, work!]) mkdirSync(made)
      chmodSync(upper!, 0o755)
      options.push(`upperdir=${this.#link(upper!)}`, `workdir=${this.#link(work!)}`)
      options.push('volatile') // the store knows what was there before a power cut
    }
    // the program needs /dev/fuse, which what runs in a cell may be kept from
    const leave = `{ echo 0 >&${leaveDescriptor}; } 2>/dev/null`
    this.#commands[number] = `( ${leave}; ${command([file, '-o', options.join(','), path])} )`
    return { path, lines: [], written: writable ? { changed: this.#place.layers.fused(upper!, layers) } : undefined }
  }

  mount(fstab: string): string {
    const all = command(['mount', '--no-mtab', '--all', '--fstab', fstab])
    // the programs stay, and must not hold on to what a cell is talked to by
    const programs = this.#commands.map((line) => `${line} 3>&- 4>&- 5>&- >/dev/null`)
    return [`cd ${word(this.#links)}`, ...programs, 'cd /', all].join(' && ')
  }

  remove(): void {}

  #inMemory(path: string): string {
    mkdirSync(this.#place.see(path))
    return path
  }

  #link(directory: string): string {
    const name = (this.#linked++).toString(36)
    symlinkSync(directory, this.#place.see(join(this.#links, name)))
    return name
  }
}
