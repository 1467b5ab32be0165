/**
 * Starting containers with bubblewrap. Differs from an OCI runtime: setuid programs gain nothing, there is no seccomp filter, and
 * it cannot change users, so it starts only root's commands and leaves the others to util-linux.
 */
import { existsSync, lstatSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import { capabilities } from './capability.ts'
import type { Container, ContainerMount, Runtime } from './container.ts'
import { deviceFilter } from './device-filter.ts'
import { maskedPaths, readonlyPaths } from './hidden-paths.ts'
import { canForgeInput, refuseMissing, refuseUnsafe } from './own-root.ts'
import { program } from './program.ts'
import { quoted, word } from './shell-text.ts'
import { unshareRuntime } from './unshare.ts'

/** Bubblewrap, or undefined where it is not on this machine. */
export function bwrapRuntime(rootless: boolean): Runtime | undefined {
  const file = program('bwrap')
  if (!file) return undefined
  const forUsers = unshareRuntime(rootless)
  return {
    name: 'bwrap',
    lines: [],
    filter: rootless ? undefined : deviceFilter(),
    nodev: true,
    async start(container, cell) {
      const { user, memory } = container
      if (user.uid !== 0 || user.gid !== 0) {
        if (forUsers) return forUsers.start(container, cell)
        throw new ImgError('RUN_UNAVAILABLE', `bubblewrap cannot run a command as user ${user.uid}:${user.gid}`, {
          hint: 'install crun or runc, or util-linux with setpriv and nsenter',
        })
      }
      refuseUnsafe(container)
      refuseMissing(container, cell)
      const write = (name: string, text: string) => writeFileSync(cell.see(join(memory, name)), text, { mode: 0o600 })
      // By file, not in the command line: it may hold secrets.
      write('bwrap', options(container).join('\0') + '\0')
      const groups =
        container.singleId || !program('setpriv') ? [] : [program('setpriv')!, '--groups', user.groups.join(',')]
      const start = [...groups, file, '--args', '9', '--', ...container.args]
      write('start', `${start.map(quoted).join(' ')} 9<${word(join(memory, 'bwrap'))}\n`)
      return `. ${word(join(memory, 'start'))}`
    },
  }
}

function options(container: Container): string[] {
  const { root, system, insecure, rootless } = container
  const { proc, dev, sys } = system
  const place = (path: string) => path.replace(/^\/proc/, proc).replace(/^\/sys/, sys)
  const masks = maskedPaths
    .filter(existsSync)
    .flatMap((path) =>
      lstatSync(path).isDirectory()
        ? ['--tmpfs', place(path), '--remount-ro', place(path)]
        : ['--ro-bind', '/dev/null', place(path)],
    )
  const fixed = readonlyPaths.filter(existsSync).flatMap((path) => ['--ro-bind', path, place(path)])
  return [
    ...(container.readonly ? ['--ro-bind', root, '/'] : ['--bind', root, '/']),
    ...['--proc', proc, '--dev', dev, '--mqueue', `${dev}/mqueue`, '--perms', '1777', '--tmpfs', `${dev}/shm`],
    ...[insecure ? '--bind' : '--ro-bind', '/sys', sys],
    ...(insecure ? [] : [...masks, ...fixed]),
    ...container.mounts.flatMap(mount),
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--hostname', container.hostname],
    ...(container.network === 'none' ? ['--unshare-net'] : []),
    ...['--cap-drop', 'ALL', ...capabilities(insecure, rootless).flatMap((name) => ['--cap-add', name])],
    '--clearenv',
    ...container.env.flatMap(variable),
    ...['--chdir', container.cwd, '--die-with-parent'],
    ...(container.terminal && !canForgeInput() ? [] : ['--new-session']),
  ]
}

function mount({ target, place = target, type, source, options }: ContainerMount): string[] {
  if (type === 'bind') return [options.includes('ro') ? '--ro-bind' : '--bind', source, place]
  const size = options.find((option) => option.startsWith('size='))
  return [
    ...(size ? ['--size', size.slice(5)] : []),
    '--tmpfs',
    place,
    ...(options.includes('ro') ? ['--remount-ro', place] : []),
  ]
}

/** A variable without a name, which `ENV` can make, is more than bubblewrap takes. */
function variable(entry: string): string[] {
  const at = entry.indexOf('=')
  return at > 0 ? ['--setenv', entry.slice(0, at), entry.slice(at + 1)] : []
}
