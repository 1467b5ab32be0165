/** The descriptors that this process was started with and would hand on. Node closes its own in what it starts, but not these. */
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'

/** O_CLOEXEC, as /proc/PID/fdinfo writes it: octal. */
const closeOnExec = 0o2000000

let inherited: readonly number[] | undefined

/** Starts something while every inherited descriptor stands for /dev/null in it. */
export function withoutDescriptors<T>(stdio: readonly Stdio[], start: (stdio: Stdio[]) => T): T {
  inherited ??= find().filter((descriptor) => descriptor >= stdio.length)
  if (inherited.length === 0) return start([...stdio])
  const nothing = openSync('/dev/null', 'r+')
  try {
    const all: Stdio[] = Array.from({ length: Math.max(...inherited) + 1 }, (_, index) => stdio[index] ?? 'ignore')
    for (const descriptor of inherited) all[descriptor] = nothing
    return start(all)
  } finally {
    closeSync(nothing)
  }
}

/** What becomes of a descriptor. */
export type Stdio = 'ignore' | 'pipe' | 'inherit' | number

function find(): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => descriptor > 2 && staysOpen(descriptor))
}

function staysOpen(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1]
    return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0
  } catch {
    return false // the descriptor of the listing itself
  }
}
