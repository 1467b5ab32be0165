/** Progress: which of the three forms, and what they share. */
import type { BuildEvent } from '../../sdk/engine/index.ts'
import type { Terminal } from '../terminal.ts'
import { plainProgress } from './progress-plain.ts'
import { livelyProgress } from './progress-tty.ts'

/** Draws the events of a build on `err`. */
export interface Progress {
  event(event: BuildEvent): void
  /** Draws what is left, and stops. */
  end(): void
}

/** The values of `--progress`. */
export const progressForms = ['auto', 'tty', 'plain', 'json', 'quiet'] as const

/** `auto` is `tty` where lines can be rewritten, else `plain`. */
export function openProgress(form: string, terminal: Terminal): Progress {
  if (form === 'quiet') return { event() {}, end() {} }
  if (form === 'json') return jsonProgress(terminal)
  if (form === 'tty' || (form === 'auto' && terminal.live)) return livelyProgress(terminal)
  return plainProgress(terminal)
}

/** One JSON document per line; the bytes of a log as text. */
function jsonProgress(terminal: Terminal): Progress {
  const decoders = new Map<string, InstanceType<typeof TextDecoder>>()
  return {
    event(event) {
      if (event.type !== 'log') return terminal.err(`${JSON.stringify(event)}\n`)
      const { bytes, ...rest } = event
      const key = `${event.id}\0${event.stream}`
      const decoder = decoders.get(key) ?? new TextDecoder()
      decoders.set(key, decoder)
      terminal.err(`${JSON.stringify({ ...rest, text: decoder.decode(bytes, { stream: true }) })}\n`)
    },
    end() {},
  }
}
