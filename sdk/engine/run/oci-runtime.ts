/** Starting containers with an OCI runtime: crun or runc. Source: runtime-spec, runtime.md; opencontainers/runc man/runc-run.8. */
import { existsSync, writeFileSync } from 'node:fs'
import type { Cell } from './cell.ts'
import { canMakeCgroups, cgroupPath, removeCgroup, sweepCgroups } from './cgroup.ts'
import type { Container, Runtime } from './container.ts'
import { deviceFilter } from './device-filter.ts'
import { ociConfig } from './oci-config.ts'
import { program } from './program.ts'
import { command, type MountLine } from './shell-text.ts'

/** An empty directory over the cgroups, in the cell. By a source of another name than theirs, or mount takes it for mounted. */
const cover: MountLine = {
  source: 'imgsdk',
  target: '/sys/fs/cgroup',
  type: 'tmpfs',
  options: ['ro', 'mode=0755', 'size=4k'],
}

/**
 * An OCI runtime, or undefined when it is not on this machine, or could not keep a container from the machine's devices.
 *
 * crun gets no cgroup where something else filters devices: it is faster so, leaves nothing behind when it is killed, and runs
 * on hybrid hierarchies too, which it refuses otherwise. Nor where none can be made: then device files of the image are dead.
 */
export function ociRuntime(name: 'crun' | 'runc', rootless: boolean): Runtime | undefined {
  const file = program(name)
  if (!file) return undefined
  const filter = rootless ? undefined : deviceFilter()
  const bare = name === 'crun' && (rootless || filter !== undefined || !canMakeCgroups())
  const cgroup = !bare && !rootless
  return {
    name,
    lines: bare && existsSync(cover.target) ? [cover] : [],
    filter: bare ? filter : undefined,
    nodev: bare && !rootless && filter === undefined,
    async start(container: Container, cell: Cell) {
      if (cgroup) sweepCgroups()
      const { memory, id } = container
      const config = ociConfig(container, cgroup ? cgroupPath(id) : undefined)
      writeFileSync(cell.see(`${memory}/config.json`), JSON.stringify(config), { mode: 0o600 })
      const global = ['--root', `${memory}/state`, '--log', `${memory}/log`, '--log-format', 'json']
      const manager = bare ? ['--cgroup-manager=disabled'] : []
      return command([file, ...manager, ...global, 'run', '--bundle', memory, id])
    },
    ...(cgroup && { clean: ({ id }: Container) => removeCgroup(id) }),
  }
}
