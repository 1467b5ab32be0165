/**
 * A cell: a shell in mount and process namespaces of its own. It makes the mounts of one RUN and starts its container.
 * Nothing of it is seen outside, and all of it ends with it: when it is killed, and when we are.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Duplex } from 'node:stream'
import { ImgError } from '../../error.ts'
import { withoutDescriptors } from './descriptors.ts'
import { type IdMap, writeIdMap } from './id-map.ts'
import { program } from './program.ts'
import { cellError } from './refusal.ts'
import { command, word } from './shell-text.ts'

/** A cell, to be told what to do. */
export interface Cell {
  /** A path as the cell sees it, for reading and writing from here. */
  see(path: string): string
  /** Runs a one-line script. Throws MOUNT_FAILED with what it wrote to stderr when it fails, RUN_UNAVAILABLE when the machine refused the cell. */
  ask(script: string): Promise<void>
  /**
   * Runs the container's command as the last thing the cell does.
   *
   * @param log      a file that the runtime leaves its own complaints in
   * @param streams  what it writes to, as redirections; without them the terminal that the cell was given
   */
  run(script: string, log: string, streams?: string): Promise<Ended>
  /** Kills everything in the cell and waits until it is gone. */
  close(): Promise<void>
}

/** How a container ended. */
export interface Ended {
  /** The exit status; 128 and the signal when one killed it. */
  readonly status: number
  /** The lines of the log, where the status is not 0. */
  readonly log: readonly string[]
  /** Whether the cell was killed before it could say. */
  readonly lost: boolean
}

/** What a cell is like. */
export interface CellOptions {
  /** The ids of a user namespace; undefined for root, who needs none. */
  readonly idMap: IdMap | undefined
  /** Whether the container is to have our terminal. */
  readonly terminal: boolean
  /** Whether it gets a network namespace of its own, with nothing in it. */
  readonly network: boolean
}

// The shell of the cell takes one-line scripts from descriptor 3 and answers there, so stdin stays free for a terminal.
const loop = 'umask 022; while IFS= read -r line <&3; do eval "$line"; done'

// Once the container runs, a line on descriptor 3, or its end because we died, kills all of the process namespace.
const watch = '{ IFS= read -r line; kill -KILL -1; } <&3 >/dev/null 2>&1 4>&- 5>&- &'

const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'slave']

/** Opens a cell. Throws RUN_UNAVAILABLE where util-linux is missing; a machine that refuses the namespaces says so at the first `ask`. */
export async function openCell(options: CellOptions): Promise<LiveCell> {
  const enter = [needed('unshare'), ...namespaces, ...(options.network ? ['--net'] : []), needed('sh'), '-c', loop]
  if (!options.idMap) return new LiveCell(enter, options.terminal)
  const cell = await openUserCell(options.idMap, options.terminal)
  cell.tell(`exec ${command(enter)}`)
  return cell
}

/** Runs a script as root of a user namespace, for files that belong to its other users. */
export async function inUserNamespace(idMap: IdMap, script: string): Promise<void> {
  const cell = await openUserCell(idMap, false)
  try {
    await cell.ask(script)
  } finally {
    await cell.close()
  }
}

async function openUserCell(idMap: IdMap, terminal: boolean): Promise<LiveCell> {
  const cell = new LiveCell([needed('unshare'), '--user', needed('sh'), '-c', loop], terminal)
  await cell.ask(':')
  await writeIdMap(cell.pid, idMap)
  return cell
}

function needed(name: string): string {
  const file = program(name)
  if (file) return file
  const hint = 'install util-linux'
  throw new ImgError('RUN_UNAVAILABLE', `RUN needs the program "${name}", which is not on this machine`, { hint })
}

const environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LIBMOUNT_FORCE_MOUNT2: 'always', // overlayfs takes long options by mount(2) only
  LC_ALL: 'C',
}

/** A cell with its process. */
export class LiveCell implements Cell {
  readonly #child: ChildProcess
  readonly #control: Duplex
  readonly #gone: Promise<void>
  readonly #trouble: Uint8Array[] = []
  #answers: string[] = []
  #wake: () => void = () => {}
  #ended = false

  constructor([file, ...args]: readonly string[], terminal: boolean) {
    const child = withoutDescriptors(
      terminal ? ['inherit', 'inherit', 'pipe', 'pipe'] : ['ignore', 'ignore', 'pipe', 'pipe'],
      (stdio) => spawn(file!, args, { cwd: '/', detached: !terminal, env: environment, stdio }),
    )
    this.#child = child
    this.#control = child.stdio[3] as Duplex
    this.#gone = new Promise<void>((resolve) => {
      child.once('close', () => resolve())
      child.once('error', () => resolve())
    }).then(() => {
      this.#ended = true
      this.#wake()
    })
    this.#control.on('error', () => {})
    this.#control.setEncoding('utf8')
    let rest = ''
    this.#control.on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      this.#answers.push(...lines)
      this.#wake()
    })
    child.stderr?.on('data', (bytes: Uint8Array) => this.#trouble.push(bytes))
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Whether this process stays alive for the cell. */
  hold(held: boolean): void {
    for (const handle of [this.#child, this.#control, this.#child.stderr] as (Partial<Handle> | null)[]) {
      if (held) handle?.ref?.()
      else handle?.unref?.()
    }
  }

  see(path: string): string {
    return `/proc/${this.pid}/root${path}`
  }

  tell(line: string): void {
    this.#control.write(line + '\n')
  }

  async ask(script: string): Promise<void> {
    this.tell(`if { ${script}; } then echo ok >&3; else echo no >&3; fi`)
    const answer = await this.#answer()
    if (answer === 'ok') return
    await this.close()
    throw cellError(Buffer.concat(this.#trouble).toString().trim(), script)
  }

  async run(script: string, log: string, streams?: string): Promise<Ended> {
    const closed = '3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-'
    const complain = `[ $s = 0 ] || cat ${word(log)} >&3 2>/dev/null`
    // What is still to be read of the container is read when the cell is gone, and with it every writer.
    this.tell(`${watch} ${streams ?? ''} ${closed} ${script}; s=$?; ${complain}; echo "exit $s" >&3; exit 0`)
    const lines: string[] = []
    for (let line = await this.#answer(); line !== undefined; line = await this.#answer()) {
      const status = /^exit (\d+)$/.exec(line)?.[1]
      if (status === undefined) lines.push(line)
      else {
        await this.#gone
        return { status: Number(status), log: lines, lost: false }
      }
    }
    return { status: 137, log: lines, lost: true }
  }

  async close(): Promise<void> {
    this.hold(true)
    this.#child.kill('SIGKILL')
    this.#control.destroy()
    await this.#gone
  }

  /** The next line from the cell; undefined when it ended without one. */
  async #answer(): Promise<string | undefined> {
    while (this.#answers.length === 0 && !this.#ended) await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.#answers.shift()
  }
}

interface Handle {
  ref(): void
  unref(): void
}
