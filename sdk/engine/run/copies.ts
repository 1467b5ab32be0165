/** Root file systems as copies: one for each RUN and each of its mounts. Slow, and works everywhere. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ChangedRoot, Layer } from '../ports.ts'
import { command } from './shell-text.ts'
import type { Stack, Stacking, StackOptions, StackPlace, Stacks } from './stack.ts'

/** Copies, for machines that stack nothing. */
export const copying: Stacking = { name: 'copy', open: (place) => new CopiedStacks(place) }

/** The copies of one RUN. */
export class CopiedStacks implements Stacks {
  readonly #place: StackPlace
  readonly #copies: ChangedRoot[] = []

  constructor(place: StackPlace) {
    this.#place = place
  }

  async lay(layers: readonly Layer[], { writable, nodev }: StackOptions): Promise<Stack> {
    const { memory, io } = this.#place
    const copy = await this.#place.layers.copy(layers, io)
    const path = join(memory, `copy-${this.#copies.push(copy)}`)
    mkdirSync(this.#place.see(path))
    const options = ['bind', ...(nodev ? ['nodev'] : []), ...(writable ? [] : ['ro'])]
    const lines = [{ source: copy.directory, target: path, type: 'none', options }]
    return { path, lines, written: writable ? { changed: copy } : undefined }
  }

  mount(fstab: string): string {
    return command(['mount', '--no-mtab', '--all', '--fstab', fstab])
  }

  remove(): void {
    for (const copy of this.#copies) copy.remove()
  }
}
