/**
 * Starting containers with nothing but util-linux: `unshare` for namespaces, `mount`, `setpriv` for ids and capabilities, and
 * `nsenter` to go into the root. The root is moved over the cell's own, so that even a process that may chroot finds no way out.
 * Differs from an OCI runtime: no seccomp filter, and device files outside of /dev are dead.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { capabilities } from './capability.ts'
import type { Cell } from './cell.ts'
import type { Container, Runtime } from './container.ts'
import { deviceFilter } from './device-filter.ts'
import { follow } from './follow.ts'
import { canForgeInput, refuseMissing, refuseUnsafe, rootMounts } from './own-root.ts'
import { program } from './program.ts'
import { command, fstab, quoted, word } from './shell-text.ts'

const needed = ['unshare', 'mount', 'setpriv', 'nsenter', 'sh'] as const

/** The runtime made of util-linux, or undefined where it is not all there. */
export function unshareRuntime(rootless: boolean): Runtime | undefined {
  if (needed.some((name) => program(name) === undefined)) return undefined
  return {
    name: 'unshare',
    lines: [],
    filter: rootless ? undefined : deviceFilter(),
    nodev: true,
    async start(container, cell) {
      const { memory } = container
      refuseUnsafe(container)
      refuseMissing(container, cell)
      const write = (name: string, text: string) => writeFileSync(cell.see(join(memory, name)), text, { mode: 0o600 })
      write('mounts', fstab(rootMounts(container, cell)))
      const { exported, given } = variables(container.env)
      write('environment', exported)
      write('start', script(container, [...inner(given, container, cell), ...container.args]))
      const network = container.network === 'none' ? ['--net'] : []
      const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--ipc', '--uts', ...network]
      const session = container.terminal && canForgeInput() ? [program('setsid') ?? 'setsid', '--wait'] : []
      return command([...session, program('unshare')!, ...namespaces, program('sh')!, join(memory, 'start')])
    },
  }
}

function script(container: Container, args: readonly string[]): string {
  const { root, memory, user, limits, singleId } = container
  const limit =
    limits.length > 0
      ? ['prlimit', ...limits.map(({ name, soft, hard }) => `--${name.toLowerCase()}=${soft}:${hard}`)]
      : []
  const hostname = word(container.hostname)
  const bounds = container.insecure ? [] : [`--bounding-set=${boundingSet(container)}`]
  const groups = singleId ? ['--keep-groups'] : ['--groups', user.groups.join(',')]
  const ids = singleId ? [] : ['--regid', String(user.gid), ...groups]
  return [
    'set -e',
    `mount --no-mtab --all --fstab ${word(join(memory, 'mounts'))}`,
    ...(container.readonly ? [command(['mount', '--no-mtab', '-o', 'remount,bind,ro', root])] : []),
    // The second is for user namespaces, which may set the name but not write the file.
    `{ echo ${hostname} > /proc/sys/kernel/hostname; } 2>/dev/null || hostname ${hostname} 2>/dev/null || :`,
    ...(container.network === 'none' ? ['ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || :'] : []),
    `cd ${word(root + container.cwd)}`,
    // A link in a mount could have led out of the root.
    `case "$(pwd -P)/" in ${word(root)}/*) ;; *) echo ${word(`WORKDIR "${container.cwd}" leads out of the root`)} >&2; exit 125;; esac`,
    command(['mount', '--no-mtab', '--move', root, '/']),
    `. ${word(join(memory, 'environment'))}`,
    // From here on only absolute paths: PATH is the container's. `/..` is what lies over the root of the shell.
    `exec ${command([
      ...limit.map((text, index) => (index === 0 ? (program(text) ?? text) : text)),
      program('setpriv')!,
      ...bounds,
      '--inh-caps=-all',
      ...ids,
      program('nsenter')!,
      '--root=/..',
      '--wd=.',
      ...(user.uid === 0 ? [] : ['--setuid', String(user.uid)]),
    ])} -- ${args.map(quoted).join(' ')}`,
    '',
  ].join('\n')
}

const boundingSet = ({ insecure, rootless }: Container) =>
  ['-all', ...capabilities(insecure, rootless).map((name) => `+${name.slice(4).toLowerCase()}`)].join(',')

// These would change what the machine's own programs do, or the shell will not have them set.
const special =
  /^(LD_|GLIBC_|MALLOC_|MUSL_|BASH|GCONV_PATH$|LOCPATH$|NLSPATH$|LANGUAGE$|SHELLOPTS$|UID$|EUID$|PPID$|_$)/

/** Variables that the shell exports, as a script, and those that a program in the container must set. */
function variables(env: readonly string[]): { exported: string; given: readonly string[] } {
  const ordinary = env.filter(
    (entry) => /^[A-Za-z_]\w*=/.test(entry) && !special.test(entry.slice(0, entry.indexOf('='))),
  )
  const lines = ['unset LIBMOUNT_FORCE_MOUNT2 LC_ALL PWD OLDPWD', ...ordinary.map(exportLine), '']
  return { exported: lines.join('\n'), given: env.filter((entry) => !ordinary.includes(entry)) }
}

function exportLine(entry: string): string {
  const at = entry.indexOf('=')
  return `export ${entry.slice(0, at)}=${quoted(entry.slice(at + 1))}`
}

/** The container's own `env`, for variables that only it may set. Without one they are left out. */
function inner(given: readonly string[], { root }: Container, cell: Cell): readonly string[] {
  if (given.length === 0) return []
  const env = ['/usr/bin/env', '/bin/env'].find((path) => follow(cell.see(root), path).stat?.isFile())
  return env ? [env, ...given] : []
}
