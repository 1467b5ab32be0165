/** The cgroups that runc makes for containers, and those it cannot take away because it was killed. */
import { accessSync, constants, existsSync, readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const mounted = '/sys/fs/cgroup'

/** The cgroup of a container, as its config names it. The id begins with the process id of the build. */
export const cgroupPath = (id: string): string => `/imgsdk/${id}`

/** Takes away the cgroup of a container that has ended, where it is still there. It stays busy for a moment after the last process. */
export async function removeCgroup(id: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const left = folders()
      .map((folder) => join(folder, id))
      .filter(existsSync)
    if (left.map(removed).every(Boolean)) return
    await sleep(10)
  }
}

/** Whether cgroups can be made here. In a container those of the machine can mostly only be read, or are not there. */
export function canMakeCgroups(): boolean {
  try {
    const places = existsSync(join(mounted, 'cgroup.procs')) ? [mounted] : hierarchies().slice(1)
    for (const place of places) accessSync(place, constants.W_OK)
    return places.length > 0
  } catch {
    return false
  }
}

let swept = false

/** Takes away, once, what builds left that were killed. */
export function sweepCgroups(): void {
  if (swept) return
  swept = true
  for (const folder of folders()) {
    const dead = readdirSync(folder).filter(
      (name) => /^\d+-/.test(name) && !existsSync(`/proc/${name.slice(0, name.indexOf('-'))}`),
    )
    for (const name of dead) removed(join(folder, name))
  }
}

/** Our folder in each hierarchy. */
function folders(): string[] {
  return hierarchies()
    .map((hierarchy) => join(hierarchy, 'imgsdk'))
    .filter(existsSync)
}

/** The unified one, or its place, and those of version 1. */
function hierarchies(): string[] {
  if (!existsSync(mounted)) return []
  const all = readdirSync(mounted, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return [mounted, ...all.map(({ name }) => join(mounted, name))]
}

function removed(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch {
    return false
  }
}
