/**
 * A network of its own for a cell: addresses and names reach out through a program in user space, the machine's own ports stay
 * out of reach. Source: pasta(1), slirp4netns(1).
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import { type Stdio, withoutDescriptors } from './descriptors.ts'
import { ownStanding } from './id-map.ts'
import { program } from './program.ts'

export interface PrivateNetwork {
  /** A name server that works in it, where the machine's own do not. */
  readonly nameserver: string
  detach(): void
}

let broken = false

/** pasta enters only namespaces of its own user's; as root of the machine it becomes nobody and enters none. */
const pasta = () => (ownStanding().rootless ? program('pasta') : undefined)

/** Whether this machine can give a cell a network of its own. */
export const hasPrivateNetwork = (): boolean => !broken && (pasta() ?? program('slirp4netns')) !== undefined

/**
 * Connects the network namespace of a process.
 *
 * @param folder  where a file can be left until it is detached
 * @throws        MOUNT_FAILED when the program cannot do it; from then on `hasPrivateNetwork` is false
 */
export async function connectNetwork(pid: number, folder: string): Promise<PrivateNetwork> {
  const file = pasta()
  try {
    return file ? await withPasta(file, pid, folder) : await withSlirp(program('slirp4netns')!, pid)
  } catch (thrown) {
    broken = true
    throw thrown
  }
}

// Goes to the background when it is ready. The shell ends it when descriptor 3 does, so also when we are killed.
const tend =
  '"$@" </dev/null 3>&- && p=$(cat "$0") && { trap "" PIPE; echo ready >&3; read -r _ <&3; kill -KILL "$p"; }'

const forward = '169.254.1.1'

async function withPasta(file: string, pid: number, folder: string): Promise<PrivateNetwork> {
  const pidFile = join(folder, 'pasta')
  const closed = ['-t', '-u', '-T', '-U'].flatMap((direction) => [direction, 'none'])
  const options = ['--config-net', '--quiet', '--no-map-gw', '--dns-forward', forward, '--pid', pidFile, ...closed]
  const child = start(
    program('sh')!,
    ['-c', tend, pidFile, file, ...options, String(pid)],
    ['ignore', 'ignore', 'pipe', 'pipe'],
  )
  await ready(child, 'pasta')
  return attached(child, forward)
}

async function withSlirp(file: string, pid: number): Promise<PrivateNetwork> {
  const options = ['--configure', '--mtu=65520', '--disable-host-loopback', '--ready-fd=3', '--exit-fd=4']
  const child = start(file, [...options, String(pid), 'tap0'], ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'])
  await ready(child, 'slirp4netns')
  return attached(child, '10.0.2.3')
}

function start(file: string, args: readonly string[], stdio: readonly Stdio[]): ChildProcess {
  return withoutDescriptors(stdio, (all) => spawn(file, args, { stdio: all, detached: true, cwd: '/' }))
}

/** Waits for the first byte on descriptor 3. */
async function ready(child: ChildProcess, name: string): Promise<void> {
  const said: Uint8Array[] = []
  child.stderr!.on('data', (bytes: Uint8Array) => said.push(bytes))
  for (const pipe of child.stdio) pipe?.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    child.stdio[3]!.once('data', () => resolve())
    child.once('error', reject)
    child.once('close', () => {
      const why =
        Buffer.concat(said)
          .toString()
          .trim()
          .replace(/\s*\n\s*/g, '; ') || 'it ended'
      reject(new ImgError('MOUNT_FAILED', `${name} could not make a network for RUN: ${why}`))
    })
  })
}

/** It ends when our ends of its pipes do. Until then it does not keep this process. */
function attached(child: ChildProcess, nameserver: string): PrivateNetwork {
  child.unref()
  for (const pipe of child.stdio) (pipe as Socket | null)?.unref()
  return {
    nameserver,
    detach() {
      for (const pipe of child.stdio) pipe?.destroy()
    },
  }
}
