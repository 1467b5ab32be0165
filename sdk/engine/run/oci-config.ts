/** The runtime-spec config of a container. Source: runtime-spec, config.md and config-linux.md. */
import { capabilities } from './capability.ts'
import type { Container, ContainerMount } from './container.ts'
import { maskedPaths, readonlyPaths } from './hidden-paths.ts'
import { seccomp } from './seccomp.ts'

interface OciMount {
  readonly destination: string
  readonly type: string
  readonly source: string
  readonly options: readonly string[]
}

const mount = (destination: string, type: string, source: string, ...options: string[]): OciMount => ({
  destination,
  type,
  source,
  options,
})

/**
 * The document, as plain data.
 *
 * @param cgroup  where the runtime is to make a cgroup, which filters devices; undefined for none
 */
export function ociConfig(container: Container, cgroup: string | undefined): unknown {
  const { args, env, cwd, user, insecure, rootless, singleId } = container
  const set = capabilities(insecure, rootless)
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: container.terminal,
      args,
      env,
      cwd,
      user: { uid: user.uid, gid: user.gid, ...(singleId ? {} : { additionalGids: user.groups }) },
      capabilities: { bounding: set, effective: set, permitted: set },
      noNewPrivileges: false,
      ...(container.limits.length > 0 && {
        rlimits: container.limits.map(({ name, soft, hard }) => ({ type: `RLIMIT_${name.toUpperCase()}`, soft, hard })),
      }),
    },
    root: { path: container.root, readonly: container.readonly },
    hostname: container.hostname,
    mounts: [...systemMounts(container), ...container.mounts.map(ownMount)],
    linux: {
      namespaces: ['pid', 'ipc', 'uts', 'mount', ...(container.network === 'none' ? ['network'] : [])].map((type) => ({
        type,
      })),
      ...(cgroup !== undefined && { cgroupsPath: cgroup }),
      ...(cgroup !== undefined && { resources: { devices: [{ allow: insecure, access: 'rwm' }] } }),
      rootfsPropagation: 'rslave',
      ...(!insecure && { maskedPaths, readonlyPaths, seccomp: seccomp() }),
    },
  }
}

function systemMounts({ rootless, singleId, insecure }: Container): readonly OciMount[] {
  const write = insecure ? 'rw' : 'ro'
  const tty = singleId ? [] : ['gid=5']
  // Without a network namespace of its own, a user namespace may not mount sysfs.
  const sys = rootless
    ? mount('/sys', 'bind', '/sys', 'rbind', 'nosuid', 'noexec', 'nodev', write)
    : mount('/sys', 'sysfs', 'sysfs', 'nosuid', 'noexec', 'nodev', write)
  return [
    mount('/proc', 'proc', 'proc', 'nosuid', 'noexec', 'nodev'),
    mount('/dev', 'tmpfs', 'tmpfs', 'nosuid', 'strictatime', 'mode=755', 'size=65536k'),
    mount('/dev/pts', 'devpts', 'devpts', 'nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', ...tty),
    mount('/dev/shm', 'tmpfs', 'shm', 'nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'),
    mount('/dev/mqueue', 'mqueue', 'mqueue', 'nosuid', 'noexec', 'nodev'),
    sys,
  ]
}

const ownMount = ({ target, source, type, options }: ContainerMount) =>
  mount(target, type, source || type, ...(type === 'bind' ? ['rbind'] : []), ...options)
