/**
 * The cgroup (v1) that keeps containers from the machine's devices, for runtimes that make none. Its rules never change, so all
 * containers of all builds share it, and it stays. Source: Linux, admin-guide/cgroup-v1/devices.rst; runtime-spec, Default Devices.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { word } from './shell-text.ts'

const hierarchy = '/sys/fs/cgroup/devices'

// Any node may be made; null, zero, full, random, urandom, tty, ptmx and pseudo-terminals may be used.
const allowed = [
  'c *:* m',
  'b *:* m',
  ...['1:3', '1:5', '1:7', '1:8', '1:9', '5:0', '5:2', '136:*'].map((id) => `c ${id} rwm`),
]

let made: string | undefined | false = false

/** The file that a process writes `0` to in order to be filtered; undefined where the machine has no such hierarchy. */
export function deviceFilter(): string | undefined {
  if (made === false) made = make()
  return made
}

/** Of a cell in the filter: the descriptor that a program of ours leaves it by, writing `0`. Containers do not get it. */
export const leaveDescriptor = 8

/** The script by which a cell enters the filter. */
export const enterFilter = (filter: string): string =>
  `exec ${leaveDescriptor}>${word(join(dirname(filter), '..', 'cgroup.procs'))} && echo 0 >${word(filter)}`

function make(): string | undefined {
  try {
    const own = /^\d+:devices:(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/'
    const parent = existsSync(join(hierarchy, own, 'devices.deny')) ? join(hierarchy, own) : hierarchy
    const folder = parent.endsWith('/imgsdk-devices') ? parent : join(parent, 'imgsdk-devices')
    // not in a hierarchy of another kind, which takes a folder for a group as well
    if (!existsSync(join(parent, 'devices.deny'))) return undefined
    if (!existsSync(folder)) mkdirSync(folder)
    writeFileSync(join(folder, 'devices.deny'), 'a')
    for (const rule of allowed) writeFileSync(join(folder, 'devices.allow'), rule)
    return join(folder, 'cgroup.procs')
  } catch {
    return undefined
  }
}
