/** What a container's root needs when no OCI runtime makes it: /dev, and the mounts of the kernel's own file systems. */
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { posix } from 'node:path'
import { ImgError } from '../../error.ts'
import type { Cell } from './cell.ts'
import type { Container, ContainerMount } from './container.ts'
import { programMissing } from './failure.ts'
import { follow } from './follow.ts'
import { devices, maskedPaths, readonlyPaths } from './hidden-paths.ts'
import type { MountLine } from './shell-text.ts'

/** The mounts of a container, in the order to make them, from its memory into its root. Makes the /dev that they need. */
export function rootMounts(container: Container, cell: Cell): MountLine[] {
  const { root, system, insecure, rootless, singleId, memory } = container
  const line = (target: string, type: string, source: string, ...options: string[]): MountLine => ({
    source,
    target: root + target,
    type,
    options,
  })
  makeDev(cell.see(`${memory}/dev`))
  const hard = ['nosuid', 'noexec', 'nodev']
  const access = insecure ? 'rw' : 'ro'
  const { proc, dev, sys } = system
  return [
    line(proc, 'proc', 'proc', ...hard),
    line(dev, 'none', `${memory}/dev`, 'bind'),
    ...devices.map((name) => line(`${dev}/${name}`, 'none', `/dev/${name}`, 'bind', 'nosuid', 'noexec')),
    line(
      `${dev}/pts`,
      'devpts',
      'devpts',
      'nosuid',
      'noexec',
      'newinstance',
      'ptmxmode=0666',
      'mode=0620',
      ...(singleId ? [] : ['gid=5']),
    ),
    line(`${dev}/shm`, 'tmpfs', 'shm', ...hard, 'mode=1777', 'size=65536k'),
    line(`${dev}/mqueue`, 'mqueue', 'mqueue', ...hard),
    // A user namespace may mount sysfs only together with a network namespace.
    rootless ? line(sys, 'none', '/sys', 'rbind', access) : line(sys, 'sysfs', 'sysfs', ...hard, access),
    ...(insecure ? [] : hidden(container, line)),
    ...container.mounts.map((mount) => ownMount(mount, line)),
  ]
}

type Line = (target: string, type: string, source: string, ...options: string[]) => MountLine

function makeDev(folder: string): void {
  mkdirSync(folder)
  for (const name of ['pts', 'shm', 'mqueue']) mkdirSync(`${folder}/${name}`)
  for (const name of devices) writeFileSync(`${folder}/${name}`, '')
  const links = {
    ptmx: 'pts/ptmx',
    fd: '/proc/self/fd',
    stdin: '/proc/self/fd/0',
    stdout: '/proc/self/fd/1',
    stderr: '/proc/self/fd/2',
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, `${folder}/${name}`)
}

function hidden({ root, system }: Container, line: Line): MountLine[] {
  const place = (path: string) => path.replace(/^\/proc/, system.proc).replace(/^\/sys/, system.sys)
  const masks = maskedPaths
    .filter(existsSync)
    .map((path) =>
      lstatSync(path).isDirectory()
        ? line(place(path), 'tmpfs', 'tmpfs', 'ro', 'size=4k')
        : line(place(path), 'none', '/dev/null', 'bind'),
    )
  return [
    ...masks,
    ...readonlyPaths.filter(existsSync).map((path) => line(place(path), 'none', root + place(path), 'bind', 'ro')),
  ]
}

function ownMount({ target, place, type, source, options }: ContainerMount, line: Line): MountLine {
  return type === 'tmpfs'
    ? line(place ?? target, 'tmpfs', 'tmpfs', 'nodev', ...options)
    : line(place ?? target, 'none', source, 'bind', ...options)
}

/** Says that there is no such program before a runtime says so in its own words; mounts may hold what the root does not. */
export function refuseMissing({ root, args, env, cwd, mounts }: Container, cell: Cell): void {
  const [name = ''] = args
  const path = env.find((entry) => entry.startsWith('PATH='))?.slice(5) ?? ''
  const folders = name.includes('/') ? [''] : path.split(':')
  const places = folders.map((folder) => posix.resolve(cwd, folder, name))
  if (!places.some((place) => isMounted(place, mounts) || isThere(cell.see(root), place)))
    throw programMissing({ args })
}

const isMounted = (path: string, mounts: readonly ContainerMount[]) =>
  ['/proc', '/dev', ...mounts.map(({ target }) => target)].some(
    (target) => path === target || path.startsWith(`${target}/`),
  )

function isThere(root: string, path: string): boolean {
  try {
    return follow(root, path).stat !== undefined
  } catch {
    return false // a folder of PATH may be anything
  }
}

/** Mounts inside a directory that others write to need a runtime that checks where it mounts. */
export function refuseUnsafe({ mounts }: Container): void {
  for (const { target, place } of mounts) {
    const above = mounts.find((mount) => mount.common && target.startsWith(`${mount.target}/`))
    if (place !== undefined || !above) continue
    throw new ImgError(
      'MOUNT_FAILED',
      `A mount on "${target}", inside the cache on "${above.target}", needs crun or runc`,
      {
        hint: 'install crun or runc, or mount it elsewhere',
      },
    )
  }
}

/** Whether a process may put words into the mouth of the terminal that it is controlled by (TIOCSTI), so must have none of ours. */
export function canForgeInput(): boolean {
  try {
    return readFileSync('/proc/sys/dev/tty/legacy_tiocsti', 'utf8').trim() !== '0'
  } catch {
    return true // before Linux 6.2
  }
}
