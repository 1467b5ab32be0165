/** What this process may do to files: it decides how a layer can lie on a disk. */
import { readFileSync } from 'node:fs'

/** `machine`: root of it. `namespace`: root of a user namespace, who makes no devices. `none`: an ordinary user, who gives nothing away. */
export type Privilege = 'machine' | 'namespace' | 'none'

let known: Privilege | undefined

/** Looked up once. */
export function privilege(): Privilege {
  known ??= process.geteuid?.() === 0 ? (ownsAllIds() ? 'machine' : 'namespace') : 'none'
  return known
}

function ownsAllIds(): boolean {
  try {
    return /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'))
  } catch {
    return true // not Linux
  }
}
