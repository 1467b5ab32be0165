/** Who holds what: the name of a process that no other process has, and whether it still lives. */
import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** `<machine>-<pid>-<start time>`. A machine is a booted kernel with one set of process ids. */
export type Owner = `${string}-${number}-${string}`

let self: Owner | undefined

/** This process. */
export function owner(): Owner {
  self ??= `${machine()}-${process.pid}-${startTime(process.pid) ?? '0'}`
  return self
}

/** `unknown` for a process of another machine, or of a container with process ids of its own. */
export function ownerState(name: string): 'alive' | 'dead' | 'unknown' {
  const [machineName, pid, start] = name.split('-')
  if (machineName !== machine() || start === undefined) return 'unknown'
  const now = startTime(Number(pid))
  if (now !== undefined) return now === start ? 'alive' : 'dead'
  try {
    process.kill(Number(pid), 0)
    return 'alive' // no /proc here, or it hides the process
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'alive' : 'dead'
  }
}

let machineName: string | undefined

function machine(): string {
  machineName ??= createHash('sha256').update(`${hostname()} ${bootId()} ${processSpace()}`).digest('hex').slice(0, 8)
  return machineName
}

/** Changes with each start of the machine; empty where there is no such thing. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}

function processSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

/** Ticks from the start of the machine to that of the process. Source: proc(5), /proc/pid/stat, field 22. */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // the name of the program, in parentheses, may hold anything
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}
