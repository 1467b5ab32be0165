/** What a RUN writes: passed on as it comes, and its end kept for the error. */
import type { Io } from '../ports.ts'

const keptBytes = 64 << 10

/** What takes the output of a command. */
export interface RunOutput {
  stdout(bytes: Uint8Array): void
  stderr(bytes: Uint8Array): void
  /** The last 64 KiB of both, as text. */
  tail(): string
}

/** Makes log events of what a vertex writes. */
export function runOutput(io: Io, id: string): RunOutput {
  let kept: Uint8Array[] = []
  let size = 0
  const take = (stream: 'stdout' | 'stderr') => (bytes: Uint8Array) => {
    io.emit({ type: 'log', id, stream, bytes })
    kept.push(bytes)
    size += bytes.length
    while (kept.length > 1 && size - kept[0]!.length >= keptBytes) size -= kept.shift()!.length
  }
  return {
    stdout: take('stdout'),
    stderr: take('stderr'),
    tail() {
      const all = Buffer.concat(kept)
      kept = [all]
      return all.subarray(Math.max(0, all.length - keptBytes)).toString()
    },
  }
}
