/**
 * Running this program once more, as root of a user namespace with all ids that the user was granted: there the files of all users of
 * a container are its to read, to give away and to remove, which an ordinary user's process may not even look at.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { homedir } from 'node:os'
import type { Duplex } from 'node:stream'
import { ownStanding, writeIdMap } from './id-map.ts'
import { program } from './program.ts'

/** How it ended: its exit status, or the signal that killed it. */
export type Rerun = { readonly status: number } | { readonly signal: string }

// That there are no user namespaces here is nothing to complain about.
const quietly = 'exec 4>&2; exec "$0" --user "$@" 2>/dev/null'
// Waits until it has its ids; only then does a program that it becomes have the powers of root.
const inside = 'exec 2>&4 4>&-; echo >&3; read -r _ <&3 || exit; exec "$@" 3<&-'

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs this program with the same arguments as root of a user namespace, on the same terminal, and waits for it.
 *
 * @returns undefined, with nothing run, for root that may make mounts, for a user who has no ids but his own, and where there are no user namespaces
 */
export async function rerunAsRoot(): Promise<Rerun | undefined> {
  if (process.platform !== 'linux') return undefined
  const { idMap, singleId } = ownStanding()
  const [unshare, sh] = [program('unshare'), program('sh')]
  if (!idMap || singleId || !unshare || !sh) return undefined
  const words = [...untilWeDie(), process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  const child = spawn(sh, ['-c', quietly, unshare, sh, '-c', inside, sh, ...words], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, HOME: process.env['HOME'] || homedir(), [mark]: '1' },
  })
  const control = child.stdio[3] as Duplex
  control.on('error', () => {})
  const ended = whenEnded(child)
  const forward = (signal: NodeJS.Signals) => void child.kill(signal)
  for (const signal of forwarded) process.on(signal, forward)
  try {
    const started = await Promise.race([new Promise<true>((go) => control.once('data', () => go(true))), ended])
    if (started !== true) return undefined
    await writeIdMap(child.pid!, idMap)
    control.write('\n')
    return await ended
  } catch {
    child.kill('SIGKILL')
    return undefined
  } finally {
    for (const signal of forwarded) process.off(signal, forward)
    control.destroy()
  }
}

/** The environment variable that says that we were started so. */
const mark = 'IMGSDK_NAMESPACE'

/** Whether this process is root only of a namespace that `rerunAsRoot` made: what it writes for its user must stay the user's. */
export const isRerun = (): boolean => process.env[mark] === '1'

function untilWeDie(): readonly string[] {
  const setpriv = program('setpriv')
  return setpriv ? [setpriv, '--pdeathsig', 'KILL'] : []
}

function whenEnded(child: ChildProcess): Promise<Rerun> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ status: 127 }))
    child.once('exit', (status, signal) => resolve(signal ? { signal } : { status: status ?? 1 }))
  })
}
