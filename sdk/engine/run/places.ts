/** Where mounts and the working directory of a container are in its root file system, without links; missing ones are made. */
import { posix } from 'node:path'
import { ImgError } from '../../error.ts'
import type { ContainerMount } from './container.ts'
import { follow } from './follow.ts'
import { makeDirectory, type Stubs } from './stub.ts'

/** Where things are in the root file system, and what must be made for them to be there. */
export class Places {
  /** Directories that the user of the container is to own. */
  made: readonly string[] = []
  readonly #taken: string[] = ['/proc', '/dev', '/sys']
  readonly #root: string
  readonly #stubs: Stubs

  constructor(root: string, stubs: Stubs) {
    this.#root = root
    this.#stubs = stubs
  }

  mount(mount: ContainerMount): ContainerMount {
    const { path, free } = this.#find(mount.target)
    this.#taken.push(path)
    if (!free) return mount
    this.#stubs.make(path, mount.directory)
    return { ...mount, place: path }
  }

  /** The working directory, made when it is missing. */
  directory(wanted: string): string {
    const { path, free } = this.#find(wanted)
    if (path.startsWith('/proc/')) {
      throw new ImgError('PATH_ESCAPES', `WORKDIR "${wanted}" leads into /proc`, { hint: 'choose another WORKDIR' })
    }
    if (free) this.made = makeDirectory(this.#root, path)
    return path
  }

  /** The path without links, as far as it lies in the root file system; `free`: it does not lie in what gets mounted. */
  #find(wanted: string): { path: string; free: boolean } {
    const clean = posix.resolve('/', wanted)
    const path = this.#covers(clean) ? clean : `/${follow(this.#root, wanted).path}`
    return { path, free: !this.#covers(path) }
  }

  #covers(path: string): boolean {
    return this.#taken.some((taken) => path === taken || path.startsWith(`${taken}/`))
  }
}
