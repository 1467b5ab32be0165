/** Runs an exec op: lays its layers, starts its container, and takes what it wrote as a new layer. */
import { ImgError, type Location, wrapError } from '../../error.ts'
import type { ExecOp } from '../../plan/op.ts'
import type { Io, Layer, LayerStore, Records, Secrets } from '../ports.ts'
import { type Bay, type BayOptions, type Temporary, takeBay, warmBay } from '../run/bay.ts'
import type { Runtime, RuntimeName } from '../run/container.ts'
import { commandText, memoryKills, runFailure } from '../run/failure.ts'
import { ownStanding, type Standing } from '../run/id-map.ts'
import type { ExecMount } from '../run/mounts.ts'
import { runOutput } from '../run/output.ts'
import { type Prepared, prepare } from '../run/prepare.ts'
import { hasPrivateNetwork } from '../run/private-network.ts'
import { probeRuntime } from '../run/probe.ts'
import type { StackingName } from '../run/stack.ts'
import { findStacking } from '../run/stacking.ts'
import { takeOver } from '../run/take-over.ts'

export type { ExecMount } from '../run/mounts.ts'

/** What running needs of a store. */
export interface RunStore {
  readonly folder: string
  readonly layers: LayerStore
  readonly records?: Records
  temporary(): Promise<Temporary> | Temporary
}

/** How an op is run, and what for. */
export interface ExecOptions {
  readonly store: RunStore
  readonly secrets: Secrets
  /** What the caller lets a plan ask for. */
  readonly allow: { readonly insecure: boolean; readonly hostNetwork: boolean }
  /** @default buildkitsandbox */
  readonly hostname?: string
  /** @default auto: the first that works here */
  readonly runtime?: 'auto' | RuntimeName
  /** How layers become a root file system. @default auto: the first way that works here */
  readonly stacking?: 'auto' | StackingName
  /** Put before the id of every cache mount: BUILDKIT_CACHE_MOUNT_NS. */
  readonly cacheNamespace?: string
  readonly at?: Location | undefined
  /** What progress calls the step. */
  readonly name: string
}

/** The io of one vertex: its log events carry the id. */
export type ExecIo = Io & { readonly id: string }

/**
 * Runs the command of an exec op in a container.
 *
 * @param mounts  what each of `op.mounts` has its content from
 * @returns       the new layer for each output of the op: for output 0 what the command changed of the root file system
 * @throws        RUN_FAILED when it ends with a status that is not allowed; `detail` has `exitCode`, `signal`, `command`, `output`
 * @throws        RUN_UNAVAILABLE, MOUNT_FAILED, USER_UNKNOWN, BUILD_CANCELLED
 */
export async function runExec(
  op: ExecOp,
  mounts: readonly ExecMount[],
  options: ExecOptions,
  io: ExecIo,
): Promise<{ readonly outputs: readonly Layer[] }> {
  refuse(op, options)
  const { store, at } = options
  const runtime = await probeRuntime(io, {
    runtime: options.runtime ?? 'auto',
    records: store.records,
    temporary: () => store.temporary(),
  })
  const stacking = await findStacking(io, options)
  const standing = ownStanding()
  const output = runOutput(io, io.id)
  const { bay, options: bays } = await enter(op, runtime, standing, store, io)
  const { cell, folder, memory, streams = '' } = bay
  let prepared: Prepared | undefined
  const stop = () => void bay.close()
  io.signal.addEventListener('abort', stop)
  try {
    io.signal.throwIfAborted()
    prepared = await prepare(op, mounts, {
      runtime,
      stacking,
      layers: store.layers,
      cell,
      folder,
      memory,
      standing,
      io,
      store: store.folder,
      secrets: options.secrets,
      hostname: options.hostname,
      cacheNamespace: options.cacheNamespace ?? '',
      terminal: false,
      nameserver: bay.nameserver,
    })
    try {
      const kills = memoryKills()
      const start = await runtime.start(prepared.container, cell)
      const heard = bay.listen(output.stdout, output.stderr)
      const running = cell.run(start, `${memory}/log`, streams)
      warmBay(bays)
      const ended = await running
      await heard
      io.signal.throwIfAborted()
      const failure = runFailure(op.meta, ended, { output: output.tail(), outOfMemory: memoryKills() > kills, at })
      if (failure) throw failure
    } finally {
      prepared.release()
    }
    return { outputs: await takeOver(standing, prepared, store.layers, io) }
  } catch (thrown) {
    if (!io.signal.aborted) throw thrown instanceof ImgError ? thrown.located(at) : thrown
    throw new ImgError('BUILD_CANCELLED', `RUN was interrupted: ${commandText(op.meta.args)}`, { at })
  } finally {
    io.signal.removeEventListener('abort', stop)
    await bay.close()
    prepared?.remove()
    if (prepared) await runtime.clean?.(prepared.container)
  }
}

/** Whether it was said that there are no networks but the machine's: several RUNs may find out at the same time. */
let toldOfNetwork = false

/** A bay for an op; what it is like, for the next. */
async function enter(
  { network = 0, security }: ExecOp,
  runtime: Runtime,
  standing: Standing,
  store: RunStore,
  io: Io,
): Promise<{ bay: Bay; options: BayOptions }> {
  const devices = security === 1
  const like = (net: 'private' | 'shared'): BayOptions => ({
    key: JSON.stringify([runtime.name, devices, net, store.folder]),
    devices,
    network: net,
    runtime,
    standing,
    temporary: () => store.temporary(),
  })
  const own = network === 0 && hasPrivateNetwork()
  try {
    const options = like(own ? 'private' : 'shared')
    return { bay: await takeBay(options), options }
  } catch (thrown) {
    if (!own || hasPrivateNetwork()) throw thrown
    const message = `RUN shares the network of this machine: ${wrapError(thrown).message}`
    if (!toldOfNetwork) io.emit({ type: 'warning', message })
    toldOfNetwork = true
    const options = like('shared')
    return { bay: await takeBay(options), options }
  }
}

/** Refuses what the caller has not allowed, whatever the plan says. */
function refuse(op: ExecOp, { allow, at }: ExecOptions): void {
  if (op.security === 1 && !allow.insecure) {
    const hint = 'allow it with --allow security.insecure'
    throw new ImgError('NOT_ALLOWED', 'RUN --security=insecure is not allowed for this build', { at, hint })
  }
  if (op.network === 1 && !allow.hostNetwork) {
    const hint = 'allow it with --allow network.host'
    throw new ImgError('NOT_ALLOWED', 'RUN --network=host is not allowed for this build', { at, hint })
  }
  if (op.meta.args.length === 0) throw new ImgError('RUN_FAILED', 'RUN has no command', { at })
}
