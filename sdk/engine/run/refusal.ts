/** What a machine keeps from RUN, and who can change it: for the hint of an error. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import { isAdministrator } from '../privilege.ts'

/** Switches of kernels and distributions that refuse user namespaces, and their value when they do. */
const switches = [
  ['user.max_user_namespaces', '0', '15000'],
  ['kernel.unprivileged_userns_clone', '0', '1'],
  ['kernel.apparmor_restrict_unprivileged_userns', '1', '0'],
] as const

/** Files that container engines leave in what they run. */
const containerFiles = ['/.dockerenv', '/run/.containerenv', '/run/secrets/kubernetes.io']

/** What docker and podman open a container by: a job in it may make user namespaces, and mount a /proc of its own in them. */
const opening =
  '--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined, or --privileged'

/** The error of a cell whose script failed, by what it wrote to stderr. */
export function cellError(said: string, script: string): ImgError {
  const refused = /^unshare: ((?:(?:unshare|mount \/proc) failed|cannot change root filesystem propagation): .*)/m.exec(
    said,
  )?.[1]
  if (!refused) {
    return new ImgError('MOUNT_FAILED', said || 'The mounts of RUN could not be made', { detail: { script } })
  }
  const message = `RUN needs namespaces, which this process may not make: ${refused}`
  return new ImgError('RUN_UNAVAILABLE', message, { hint: namespaceHint() })
}

/**
 * What to do where this process may make no namespaces.
 *
 * @param root  where the machine's files are looked for
 */
export function namespaceHint(root = '/'): string {
  const set = switches.filter(
    ([name, refusing]) => read(join(root, 'proc/sys', name.replaceAll('.', '/'))) === refusing,
  )
  if (containerFiles.some((file) => existsSync(join(root, file)))) return `start this container with ${opening}`
  if (set.length > 0) {
    const commands = set.map(([name, , allowing]) => `sysctl -w ${name}=${allowing}`)
    return `let users have namespaces with "${commands.join(' && ')}", or build as root`
  }
  const how = isAdministrator() ? 'outside of what confines this process' : 'as root'
  return `build ${how}; where this is a container, start it with ${opening}`
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}
