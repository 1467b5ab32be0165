/** What this process may do: it decides how a layer can lie on a disk, and whether a RUN needs a user namespace first. */
import { readFileSync } from 'node:fs'

/**
 * `machine`: root of it. `namespace`: root of a user namespace, or of a container that keeps root from it, who makes no devices and no
 * marks of root's. `none`: an ordinary user, who gives nothing away.
 */
export type Privilege = 'machine' | 'namespace' | 'none'

let known: Privilege | undefined

/** Looked up once. */
export function privilege(): Privilege {
  known ??= process.geteuid?.() !== 0 ? 'none' : ownsAllIds() && isAdministrator() ? 'machine' : 'namespace'
  return known
}

function ownsAllIds(): boolean {
  try {
    return /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'))
  } catch {
    return true // not Linux
  }
}

/** CAP_SYS_ADMIN. Source: linux/capability.h. */
const administration = 21n

/** Whether this process may make mounts and namespaces, which root of a container mostly may not. */
export function isAdministrator(): boolean {
  try {
    const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    return effective === undefined || ((BigInt(`0x${effective}`) >> administration) & 1n) === 1n
  } catch {
    return process.geteuid?.() === 0 // not Linux
  }
}
