/**
 * Bays: cells with what every RUN needs in place, so that one is ready when the RUN comes. While a container runs, the bay for
 * the next is made; making one takes about ten milliseconds, most of it the start of processes.
 */
import { closeSync, constants, existsSync, openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Cell, inUserNamespace, type LiveCell, openCell } from './cell.ts'
import type { Runtime } from './container.ts'
import { enterFilter } from './device-filter.ts'
import type { Standing } from './id-map.ts'
import { drain, openForWriting } from './pipe.ts'
import { connectNetwork, type PrivateNetwork } from './private-network.ts'
import { command, mountCommand, word } from './shell-text.ts'

/** A folder for work in progress. */
export type Temporary = { readonly path: string; remove(): Promise<void> | void }

/** A cell that a RUN can move into. */
export interface Bay {
  readonly cell: Cell
  /** A folder on the file system of the store, for this RUN alone. */
  readonly folder: string
  /** A folder in memory that only the cell sees. */
  readonly memory: string
  /** Redirections for the container's command; undefined where it gets our terminal. */
  readonly streams: string | undefined
  /** A name server for a network of its own; undefined where it shares ours. */
  readonly nameserver: string | undefined
  /** Passes on what the container writes, until it has ended. */
  listen(stdout: (bytes: Uint8Array) => void, stderr: (bytes: Uint8Array) => void): Promise<void>
  close(): Promise<void>
}

/** What a bay is like. */
export interface BayOptions {
  /** Bays are kept ready by this key. */
  readonly key: string
  readonly runtime: Runtime
  readonly standing: Standing
  /** Whether the container is to have the machine's devices. */
  readonly devices: boolean
  /** A network of its own, or ours. */
  readonly network: 'private' | 'shared'
  /** Whether it is to have our terminal. @default false */
  readonly terminal?: boolean
  temporary(): Promise<Temporary> | Temporary
}

/** How long one is kept ready, in milliseconds. */
const patience = 5000

const spares = new Map<string, Promise<ReadyBay>>()

/** A bay: the one that is ready, else a new one. */
export async function takeBay(options: BayOptions): Promise<Bay> {
  const spare = spares.get(options.key)
  spares.delete(options.key)
  const ready = await spare?.catch(() => undefined)
  if (ready?.take()) return ready
  return openBay(options)
}

/** Makes a bay ready for the next RUN. */
export function warmBay(options: BayOptions): void {
  if (spares.has(options.key)) return
  const spare = openBay(options)
  spares.set(options.key, spare)
  const forget = () => spares.get(options.key) === spare && spares.delete(options.key)
  spare.then((bay) => bay.keep(forget), forget)
}

/** Closes the bays that are ready: the store that they lie in is about to be closed. */
export async function closeBays(): Promise<void> {
  const waiting = [...spares.values()]
  spares.clear()
  await Promise.all(waiting.map(async (spare) => (await spare.catch(() => undefined))?.close()))
}

async function openBay(wanted: BayOptions): Promise<ReadyBay> {
  const { runtime, standing, devices, terminal = false } = wanted
  const network = wanted.network === 'private'
  const opening = openCell({ idMap: standing.idMap, terminal, network })
  const [{ path, remove }, memory, cell] = await Promise.all([wanted.temporary(), mountPoint(wanted), opening])
  const bay = new ReadyBay({ cell, folder: path, memory, terminal, standing, remove })
  try {
    const filter = runtime.filter && !devices ? [enterFilter(runtime.filter)] : []
    const options = ['mode=0700', 'nosuid', 'nodev']
    const inMemory = mountCommand({ source: 'imgsdk', target: memory, type: 'tmpfs', options })
    const pipes = terminal ? [] : [await bay.makePipes([...filter, inMemory])]
    const before = terminal ? filter : pipes
    await cell.ask([...before, inMemory, ...runtime.lines.map(mountCommand)].join(' && '))
    if (network) bay.network = await connectNetwork(cell.pid, path)
    return bay
  } catch (thrown) {
    await bay.close()
    throw thrown
  }
}

const mountPoints = new Map<string, string>()

/** The folder that cells of this process mount their memory on, each for itself. The store takes it away when it is closed. */
async function mountPoint({ key, temporary }: BayOptions): Promise<string> {
  const known = mountPoints.get(key)
  if (known && existsSync(known)) return known
  const { path } = await temporary()
  mountPoints.set(key, path)
  return path
}

interface Parts {
  readonly cell: LiveCell
  readonly folder: string
  readonly memory: string
  readonly terminal: boolean
  readonly standing: Standing
  remove(): Promise<void> | void
}

class ReadyBay implements Bay {
  readonly cell: LiveCell
  readonly folder: string
  readonly memory: string
  readonly streams: string | undefined
  network: PrivateNetwork | undefined
  readonly #parts: Parts
  /** Descriptors of the ends that we read. */
  readonly #pipes: number[] = []
  #timer: NodeJS.Timeout | undefined
  #closed: Promise<void> | undefined

  constructor(parts: Parts) {
    this.cell = parts.cell
    this.folder = parts.folder
    this.memory = parts.memory
    this.streams = parts.terminal ? undefined : '</dev/null >&4 2>&5'
    this.#parts = parts
  }

  get nameserver(): string | undefined {
    return this.network?.nameserver
  }

  /** Makes the pipes for output, in memory that the first scripts mount; what the cell must do before it mounts it anew. */
  async makePipes(first: readonly string[]): Promise<string> {
    const [out, err] = [join(this.memory, 'stdout'), join(this.memory, 'stderr')]
    await this.cell.ask([...first, command(['mkfifo', '-m', '666', out, err])].join(' && '))
    // Whoever opens a pipe for writing waits for a reader, and whoever reads without waiting takes "no writer" for the end.
    for (const pipe of [out, err])
      this.#pipes.push(openSync(this.cell.see(pipe), constants.O_RDONLY | constants.O_NONBLOCK))
    // Detached, the pipes have no path that the container could see.
    return `${openForWriting(out, err)} && umount --lazy --no-mtab ${word(this.memory)}`
  }

  /** Keeps it ready for a while, without keeping this process. */
  keep(expired: () => void): void {
    this.cell.hold(false)
    this.#timer = setTimeout(() => {
      expired()
      void this.close()
    }, patience).unref()
  }

  /** Whether it is still good to be used. */
  take(): boolean {
    clearTimeout(this.#timer)
    if (this.#closed || this.cell.ended) {
      void this.close()
      return false
    }
    this.cell.hold(true)
    return true
  }

  async listen(stdout: (bytes: Uint8Array) => void, stderr: (bytes: Uint8Array) => void): Promise<void> {
    const [out, err] = this.#pipes.splice(0) as [number, number]
    await Promise.all([drain(out, stdout), drain(err, stderr)])
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    await this.cell.close()
    this.network?.detach()
    for (const pipe of this.#pipes.splice(0)) closeSync(pipe)
    // What is left is swept with the store: nobody need wait for this.
    void this.#sweep().catch(() => {})
  }

  async #sweep(): Promise<void> {
    const { standing, folder, remove } = this.#parts
    if (standing.idMap) await inUserNamespace(standing.idMap, command(['rm', '-rf', '--', folder]))
    else await rm(folder, { recursive: true, force: true })
    await remove()
  }
}
