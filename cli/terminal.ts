/** The two streams that the command line writes to, and what may be written there. */
import process from 'node:process'

/** Where a verb writes. Reports go to `out`; progress, warnings and errors to `err`. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Whether something else than reports goes to the standard output, so that `out` is not for errors. */
  taken: boolean
  /** Whether `err` may be coloured. */
  readonly colour: boolean
  /** Whether `err` is a terminal whose lines can be rewritten. */
  readonly live: boolean
  /** Of `err`, in characters; they change when a window does. */
  readonly columns: number
  readonly rows: number
  /** Resolves when everything written has been handed to the system. */
  flush(): Promise<void>
}

/** The terminal of this process. A reader that goes away (`| head`) is no error: what is left is not written. */
export function openTerminal(): Terminal {
  const { stdout, stderr, env } = process
  const gone = new Set<NodeJS.WriteStream>()
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error
      gone.add(stream)
    })
  }
  const write = (stream: NodeJS.WriteStream, text: string) => {
    if (!gone.has(stream)) stream.write(text)
  }
  const isTerminal = Boolean(stderr.isTTY) && env['TERM'] !== 'dumb'
  return {
    out: (text) => write(stdout, text),
    err: (text) => write(stderr, text),
    taken: false,
    colour: wantsColour(env, isTerminal),
    live: isTerminal && !isSet(env['CI']),
    get columns() {
      return stderr.columns || 80
    },
    get rows() {
      return stderr.rows || 24
    },
    async flush() {
      for (const stream of [stdout, stderr]) {
        if (!gone.has(stream)) await new Promise<void>((resolve) => stream.write('', () => resolve()))
      }
    },
  }
}

/** Source: no-color.org; FORCE_COLOR as Node itself reads it. */
function wantsColour(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (isSet(env['NO_COLOR'])) return false
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false'
  return isTerminal
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false'
}
