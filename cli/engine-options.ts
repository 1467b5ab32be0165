/** The options that every verb which touches the store or a registry has. */
import { setFlagsFromString } from 'node:v8'
import type { VerbOptions } from '../sdk/engine/index.ts'
import { openProgress, type Progress, progressForms } from './render/progress.ts'
import type { Terminal } from './terminal.ts'

/** Where images are kept. */
export const storeOption = {
  store: { kind: 'value', value: 'DIR', help: 'where images and layers are kept (or IMGSDK_STORE)' },
} as const

/** Where images are kept, and which registries may be spoken to without TLS. */
export const storeOptions = {
  ...storeOption,
  insecure: {
    kind: 'list',
    value: 'HOST',
    help: 'a registry that may speak plain HTTP or show any certificate; those on this machine always may',
  },
} as const

/** How progress is shown. */
export const progressOption = {
  progress: { kind: 'value', value: 'FORM', choices: progressForms, default: 'auto', help: 'how progress is shown' },
} as const

/** The values of these options. */
export interface EngineValues {
  readonly store: string | undefined
  readonly insecure?: readonly string[]
  readonly progress?: string | undefined
}

/** What the verb is told, and the progress that must be ended when it is over. */
export function engineOptions(
  values: EngineValues,
  terminal: Terminal,
  signal: AbortSignal,
): { options: VerbOptions; progress: Progress } {
  const progress = openProgress(values.progress ?? 'auto', terminal)
  return {
    options: {
      store: values.store,
      insecure: values.insecure ?? [],
      signal,
      onEvent: (event) => progress.event(event),
    },
    progress,
  }
}

/**
 * undici reads answers with WebAssembly. Making that fast takes V8 0.1 s on another thread, for which the process waits when it ends,
 * long after a push of mounted blobs is done; the first, plain code of it is fast enough.
 */
function keepPlainCode(): void {
  setFlagsFromString('--liftoff-only')
}

/** Runs the work with progress drawn, and ends the drawing whatever happens. */
export async function withProgress<T>(
  values: EngineValues,
  terminal: Terminal,
  signal: AbortSignal,
  work: (options: VerbOptions) => Promise<T>,
): Promise<T> {
  const { options, progress } = engineOptions(values, terminal, signal)
  keepPlainCode()
  try {
    return await work(options)
  } finally {
    progress.end()
  }
}
