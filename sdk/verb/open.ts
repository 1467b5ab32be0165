/** What every verb opens and closes: the store, the registries, and who is told. */
import { setMaxListeners } from 'node:events'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { openStore } from '../engine/open.ts'
import type { BuildEvent, Io } from '../engine/ports.ts'
import { openRegistries, type Registries } from '../engine/registry/registries.ts'
import { closeBays } from '../engine/run/bay.ts'
import type { Store } from '../engine/store/store.ts'
import type { Platform } from '../oci/types.ts'

/** What every verb can be told. */
export interface VerbOptions {
  /** The folder of the store. @default IMGSDK_STORE, else imgsdk in the user's data folder */
  readonly store?: string | undefined
  /** Registries, as `host[:port]`, that may speak plain HTTP or show any certificate. */
  readonly insecure?: readonly string[] | undefined
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: BuildEvent) => void) | undefined
}

/** What a verb works with while it runs. */
export interface Session {
  readonly store: Store
  readonly registries: Registries
  readonly io: Io
}

/** Runs a verb with its store and registries open, and closes them whatever happens. */
export async function withSession<T>(options: VerbOptions, verb: (session: Session) => Promise<T>): Promise<T> {
  const signal = options.signal ?? new AbortController().signal
  // Each step that runs listens to it, and there may be many: Node would print that this looks like a leak.
  setMaxListeners(0, signal)
  const io: Io = { signal, emit: options.onEvent ?? (() => {}) }
  const store = await openStore(resolve(options.store ?? defaultStore()))
  const registries = openRegistries({ insecure: options.insecure ?? [] })
  try {
    return await verb({ store, registries, io })
  } finally {
    await Promise.all([closeBays(), registries.close()])
    await store.close()
  }
}

/** Where images and layers are kept unless something else is said. */
export function defaultStore(): string {
  const { IMGSDK_STORE, XDG_DATA_HOME } = process.env
  return IMGSDK_STORE || join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'imgsdk')
}

const architectures: Readonly<Record<string, Platform>> = {
  x64: { os: 'linux', architecture: 'amd64' },
  ia32: { os: 'linux', architecture: '386' },
  arm: { os: 'linux', architecture: 'arm', variant: 'v7' },
  loong64: { os: 'linux', architecture: 'loong64' },
}

/** The platform that images are built for here: Linux, on this machine's architecture. */
export function hostPlatform(): Platform {
  return architectures[process.arch] ?? { os: 'linux', architecture: process.arch }
}
