/** A program with our terminal in a container of an image, for `imgsdk shell`. */
import { ImgError } from '../../error.ts'
import type { Io, Layer, Snapshot } from '../ports.ts'
import { takeBay } from '../run/bay.ts'
import { runFailure } from '../run/failure.ts'
import { ownStanding } from '../run/id-map.ts'
import { type Prepared, prepare } from '../run/prepare.ts'
import { probeRuntime } from '../run/probe.ts'
import { findStacking } from '../run/stacking.ts'
import { takeOver } from '../run/take-over.ts'
import type { RunStore } from './exec.ts'

/** What is run, and how. */
export interface ShellOptions {
  readonly store: RunStore
  readonly args: readonly string[]
  /** `NAME=value` */
  readonly env?: readonly string[]
  /** @default / */
  readonly cwd?: string
  /** As in USER. */
  readonly user?: string
  readonly hostname?: string
  readonly runtime?: Parameters<typeof probeRuntime>[1]['runtime']
}

/**
 * Runs a program in a fresh writable layer on a root file system, with the stdin, stdout and stderr of this process.
 *
 * @returns what it changed, as a layer, and the status that it ended with
 * @throws  RUN_UNAVAILABLE, MOUNT_FAILED, USER_UNKNOWN, RUN_FAILED when the program is not there, BUILD_CANCELLED
 */
export async function shellIn(
  snapshot: Snapshot,
  options: ShellOptions,
  io: Io,
): Promise<{ readonly layer: Layer; readonly exitCode: number }> {
  const { store, args, env = [], cwd = '/', user } = options
  const temporary = () => store.temporary()
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true
  const wanted = { runtime: options.runtime ?? 'auto', records: store.records, terminal, temporary } as const
  const runtime = await probeRuntime(io, wanted)
  const stacking = await findStacking(io, { store })
  const standing = ownStanding()
  const bay = await takeBay({
    key: `terminal ${store.folder}`,
    runtime,
    standing,
    devices: false,
    network: 'shared',
    terminal: true,
    temporary,
  })
  const { cell, folder, memory } = bay
  let prepared: Prepared | undefined
  const stop = () => void bay.close()
  io.signal.addEventListener('abort', stop)
  try {
    const meta = { args, env, cwd, ...(user && { user }) }
    prepared = await prepare({ meta, mounts: [{ dest: '/' }] }, [{ snapshot }], {
      runtime,
      stacking,
      layers: store.layers,
      cell,
      folder,
      memory,
      standing,
      io,
      store: store.folder,
      secrets: { get: async () => undefined, agent: async () => undefined },
      hostname: options.hostname,
      cacheNamespace: '',
      nameserver: bay.nameserver,
      terminal,
    })
    const ended = await cell.run(await runtime.start(prepared.container, cell), `${memory}/log`)
    if (io.signal.aborted) throw new ImgError('BUILD_CANCELLED', 'The shell was interrupted')
    // Whatever status the program ended with is its answer; that it could not be started is an error.
    const any = { ...meta, validExitCodes: [ended.status] }
    const failure = runFailure(any, ended, { output: '', outOfMemory: false, at: undefined })
    if (failure) throw failure
    const [layer] = await takeOver(standing, prepared, store.layers, io)
    return { layer: layer!, exitCode: ended.status }
  } finally {
    io.signal.removeEventListener('abort', stop)
    await bay.close()
    prepared?.remove()
  }
}
