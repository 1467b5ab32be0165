/** What a container is, whichever runtime starts it. */
import type { Cell } from './cell.ts'
import type { MountLine } from './shell-text.ts'
import type { ProcessUser } from './user.ts'

/** A mount inside a container. Options are those of mount(8). */
export interface ContainerMount {
  readonly target: string
  /** Where that is in the root file system, without links; undefined when it lies in another mount. */
  readonly place?: string
  /** A path in the cell, for `bind`; '' otherwise. */
  readonly source: string
  readonly type: 'bind' | 'tmpfs'
  readonly options: readonly string[]
  /** Whether the source is a directory. */
  readonly directory: boolean
  /** Whether containers of other builds may be writing to it. */
  readonly common?: boolean
}

/** A container, before it is started. */
export interface Container {
  /** Unique on the machine. */
  readonly id: string
  /** The root file system, mounted in the cell. */
  readonly root: string
  readonly readonly: boolean
  readonly args: readonly string[]
  /** `NAME=value`, each name once. */
  readonly env: readonly string[]
  /** Where that is without links, as far as it lies in the root file system. */
  readonly cwd: string
  /** Where /proc, /dev and /sys are in the root file system, without links. */
  readonly system: { readonly proc: string; readonly dev: string; readonly sys: string }
  readonly user: ProcessUser
  readonly hostname: string
  /** `shared`: the network of the cell. */
  readonly network: 'shared' | 'none'
  readonly insecure: boolean
  readonly mounts: readonly ContainerMount[]
  readonly limits: readonly { readonly name: string; readonly soft: number; readonly hard: number }[]
  /** A folder that only the cell has, in memory, for what must not be on a disk. */
  readonly memory: string
  readonly terminal: boolean
  /** In a user namespace: some mounts and all devices need another way. */
  readonly rootless: boolean
  /** Whether ids other than 0 exist in it. */
  readonly singleId: boolean
}

/** The programs that can start one. */
export type RuntimeName = 'crun' | 'runc' | 'bwrap' | 'unshare'

/** A way to start a container. */
export interface Runtime {
  readonly name: RuntimeName
  /** Mounts that it wants in its cell. */
  readonly lines: readonly MountLine[]
  /** Where the cell writes `0` to be kept from devices, unless the container is to have them. */
  readonly filter: string | undefined
  /** Whether device files on the root file system must be dead because nothing else keeps a container from them. */
  readonly nodev: boolean
  /** Writes what it needs into `container.memory`, and answers the command that starts the container and ends with its status. */
  start(container: Container, cell: Cell): Promise<string>
  /** Takes away what a container that was killed left outside of its cell. */
  clean?(container: Container): Promise<void>
}
