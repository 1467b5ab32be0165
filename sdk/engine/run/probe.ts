/** Finding out which runtime works on this machine, by running one container with it. */
import { lstatSync, mkdirSync, readFileSync, readlinkSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError, wrapError } from '../../error.ts'
import type { Io, Records } from '../ports.ts'
import { type Bay, type Temporary, takeBay } from './bay.ts'
import { bwrapRuntime } from './bwrap.ts'
import type { Cell } from './cell.ts'
import type { Container, Runtime, RuntimeName } from './container.ts'
import { ownStanding } from './id-map.ts'
import { ociRuntime } from './oci-runtime.ts'
import { program } from './program.ts'
import { command } from './shell-text.ts'
import { unshareRuntime } from './unshare.ts'

/** What is looked for, and with what. */
export interface ProbeOptions {
  readonly runtime: 'auto' | RuntimeName
  readonly records?: Records | undefined
  /** Whether it is to have our terminal. crun (1.8) may end before it has passed on the last output of its own, so runc comes first. */
  readonly terminal?: boolean
  temporary(): Promise<Temporary> | Temporary
}

interface Candidate {
  readonly name: RuntimeName
  make(rootless: boolean): Runtime | undefined
}

/** In order of preference. */
const candidates: readonly Candidate[] = [
  { name: 'crun', make: (rootless) => ociRuntime('crun', rootless) },
  { name: 'runc', make: (rootless) => ociRuntime('runc', rootless) },
  { name: 'bwrap', make: bwrapRuntime },
  { name: 'unshare', make: unshareRuntime },
]

const known = new Map<string, Promise<Runtime>>()

/**
 * The first runtime that works here. Remembered in this process, and in the records until the machine starts anew or a program changes.
 *
 * @throws RUN_UNAVAILABLE with what was tried
 */
export function probeRuntime(io: Io, options: ProbeOptions): Promise<Runtime> {
  const key = wantedBy(options)
  let found = known.get(key)
  if (!found) {
    found = recall(io, options)
    known.set(key, found)
    found.catch(() => known.delete(key))
  }
  return found
}

const wantedBy = ({ runtime, terminal }: ProbeOptions) => `${runtime}${terminal ? ' with a terminal' : ''}`

async function recall(io: Io, options: ProbeOptions): Promise<Runtime> {
  if (process.platform !== 'linux') {
    throw new ImgError('RUN_UNAVAILABLE', `RUN needs Linux; this machine runs ${process.platform}`, {
      hint: 'build on Linux, which may be a virtual machine or a container; an image without RUN can be built here',
    })
  }
  const here = machineKey(wantedBy(options))
  const remembered = await options.records?.get<string>('runtime', here)
  const before = candidates.find(({ name }) => name === remembered)?.make(ownStanding().rootless)
  const runtime = before ?? (await tryAll(io, options))
  if (!before) await options.records?.put('runtime', here, runtime.name)
  const message = options.runtime === 'auto' ? lacks[runtime.name] : undefined
  if (message)
    io.emit({ type: 'warning', message: `No OCI runtime works here, so RUN uses ${message}. Install crun or runc.` })
  return runtime
}

/** What is different without an OCI runtime. */
const lacks: Partial<Record<RuntimeName, string>> = {
  bwrap: 'bubblewrap: setuid programs gain nothing, and no system call is filtered',
  unshare: 'util-linux: no system call is filtered',
}

/** A key for what holds as long as what an answer depends on: this start of the machine, the container that we are in, the user, and the programs. */
export function machineKey(want: string): string {
  const files = ['crun', 'runc', 'bwrap', 'unshare'].map(program)
  const times = files.map((file) => (file ? statSync(file).mtimeMs : 0))
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  const spaces = ['mnt', 'user', 'pid'].map((name) => readlinkSync(`/proc/self/ns/${name}`))
  return [want, boot, ...spaces, process.getuid?.() ?? 0, ...times].join(' ')
}

async function tryAll(io: Io, options: ProbeOptions): Promise<Runtime> {
  const tried: string[] = []
  const [crun, runc, ...others] = candidates
  for (const candidate of options.terminal ? [runc!, crun!, ...others] : candidates) {
    if (options.runtime !== 'auto' && options.runtime !== candidate.name) continue
    const runtime = candidate.make(ownStanding().rootless)
    const trouble = runtime ? await trial(runtime, options) : 'not installed'
    if (io.signal.aborted) throw new ImgError('BUILD_CANCELLED', 'The build was interrupted')
    if (runtime && trouble === undefined) return runtime
    tried.push(`${candidate.name}: ${trouble}`)
  }
  const detail = { tried }
  const hint = 'install runc or crun (or bubblewrap)'
  throw new ImgError('RUN_UNAVAILABLE', `No container runtime works here; tried ${tried.join('; ')}`, { hint, detail })
}

/** Runs `true` on the machine's own files. The trouble it met; undefined when there was none. */
async function trial(runtime: Runtime, { temporary }: ProbeOptions): Promise<string | undefined> {
  const said: Uint8Array[] = []
  const hear = (bytes: Uint8Array) => void said.push(bytes)
  let bay: Bay | undefined
  try {
    bay = await takeBay({
      key: 'probe',
      runtime,
      standing: ownStanding(),
      devices: false,
      network: 'shared',
      temporary,
    })
    const { cell, memory, streams } = bay
    const root = join(memory, 'root')
    await cell.ask(machineRoot(root, cell))
    const heard = bay.listen(hear, hear)
    const { status, log } = await cell.run(
      await runtime.start(trialContainer(root, memory), cell),
      join(memory, 'log'),
      streams,
    )
    await heard
    return status === 0
      ? undefined
      : ([...log, Buffer.concat(said).toString().trim()].find(Boolean) ?? `exit status ${status}`)
  } catch (thrown) {
    const error = wrapError(thrown)
    if (error.code === 'RUN_UNAVAILABLE') throw error // what is missing no runtime can do without
    return error.message
  } finally {
    await bay?.close()
  }
}

/** A script that makes a root file system of the machine's own programs. */
function machineRoot(root: string, cell: Cell): string {
  const seen = cell.see(root)
  mkdirSync(seen)
  const made = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32', 'usr', 'nix', 'gnu'].flatMap((name) => {
    const stat = lstatSync(`/${name}`, { throwIfNoEntry: false })
    if (stat?.isSymbolicLink()) symlinkSync(readlinkSync(`/${name}`), join(seen, name))
    if (!stat?.isDirectory()) return []
    mkdirSync(join(seen, name))
    return [command(['mount', '--no-mtab', '--rbind', `/${name}`, join(root, name)])]
  })
  for (const name of ['proc', 'dev', 'sys']) mkdirSync(join(seen, name))
  return [command(['mount', '--no-mtab', '--rbind', root, root]), ...made].join(' && ')
}

function trialContainer(root: string, memory: string): Container {
  return {
    id: `${process.pid}-probe-${Date.now().toString(36)}`,
    root,
    readonly: true,
    args: [program('sh') ?? '/bin/sh', '-c', ':'],
    env: ['PATH=/usr/bin:/bin'],
    cwd: '/',
    system: { proc: '/proc', dev: '/dev', sys: '/sys' },
    user: { uid: 0, gid: 0, groups: [0], home: '/' },
    hostname: 'probe',
    network: 'shared',
    insecure: false,
    mounts: [],
    limits: [],
    memory,
    terminal: false,
    rootless: ownStanding().rootless,
    singleId: ownStanding().singleId,
  }
}
