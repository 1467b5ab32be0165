/** Rules on the build cache: what is fetched again and again. */
import type { StageRef } from '../../graph/graph.ts'
import { type Draft, rule } from '../rule.ts'
import type { SceneStage, SceneStep } from '../scene.ts'
import { commandsOf, fromBaseUp, lineOf } from './chain.ts'
import { cleaningOf, type Install, installOf } from './packages.ts'
import { covers, deletedBy } from './removals.ts'

/** Package managers keep what they fetched. */
export const cacheMountMissing = rule({
  name: 'CacheMountMissing',
  summary: 'A RUN that installs packages keeps what the package manager fetched.',
  why: 'When the step runs again, because one package more is wanted, everything is fetched again, and it grows the layer.',
  how: 'add a mount of type=cache on the directory of the package manager',
  origin: 'imgsdk',
  check(scene) {
    const drafts: Draft[] = []
    fromBaseUp<ReadonlySet<string>>(scene, (below, stage) => uncached(below, stage, drafts))
    return drafts
  },
})

/** @returns  the managers that have fetched something by the end of the stage */
function uncached(below: ReadonlySet<string> | undefined, { steps }: SceneStage, drafts: Draft[]): ReadonlySet<string> {
  // what lies in a layer below is not fetched again by a command that only compiles
  const fetched = new Set(below)
  for (const step of steps) {
    const targets = step.mounts.flatMap(({ type, target }) => (type === 'cache' && target ? target : []))
    const missing: Install[] = []
    for (const install of installsOf(step)) {
      const { manager, compiles } = install
      if (missing.some((one) => one.manager === manager) || targets.some((target) => isKept(install, target))) continue
      const isThere = compiles && fetched.has(manager.name)
      fetched.add(manager.name)
      if (!isThere && wantsCache(step, install)) missing.push(install)
    }
    if (missing.length > 0) drafts.push({ on: step.instruction, ...missingOf(step, missing) })
  }
  return fetched
}

/** `apk` without its index is what `apk --no-cache` leaves. */
function wantsCache(step: SceneStep, { manager, keeps }: Install): boolean {
  if (!keeps || manager.name !== 'apk') return keeps
  return !deletedBy(step, step.context.workdir).some((removed) => covers(removed, `${manager.cache}/x`))
}

function missingOf(step: SceneStep, missing: readonly Install[]): Pick<Draft, 'message' | 'hint'> {
  const names = missing.map(({ command }) => `"${command}"`)
  const last = names.pop()!
  const message =
    names.length === 0
      ? `${last} has no cache mount, so it fetches every package again each time it runs`
      : `${names.join(', ')} and ${last} have no cache mounts, so they fetch every package again each time they run`
  return {
    message,
    hint: missing.map((install) => mountHint(step, install)).join('; '),
  }
}

function isKept({ manager }: Install, target: string): boolean {
  return manager.caches.test(target) || `${manager.cache}/`.startsWith(`${target.replace(/\/+$/, '')}/`)
}

function mountHint(step: SceneStep, { manager, compiles }: Install): string {
  const { cache, compiled, note } = manager
  const { folder, owner } = homeOf(step)
  const mount = (target: string) => {
    const inHome = target.startsWith('/root/')
    const place = inHome ? `${folder}${target.slice('/root'.length)}` : target
    return `--mount=type=cache,target=${place}${manager.name === 'apt' ? ',sharing=locked' : ''}${inHome ? owner : ''}`
  }
  const mounts = [cache, ...(compiles && compiled ? [compiled] : [])].map(mount)
  const cleaning = commandsOf(step).flatMap((command) => cleaningOf(command) ?? [])
  const empties = cleaning.find((one) => one.manager === manager)?.command
  return [
    `add a cache mount: ${mounts.join(' ')}`,
    ...(empties ? [`leave out "${empties}", which empties it`] : []),
    ...(note ? [note] : []),
  ].join('; ')
}

/** The home of the user that a step runs as. A cache mount belongs to root unless it says otherwise. */
function homeOf({ context: { config } }: SceneStep): { folder: string; owner: string } {
  const user = (config.User ?? '').split(':', 1)[0]!
  if (user === '' || user === 'root' || /^0+$/.test(user)) return { folder: '/root', owner: '' }
  const home = config.Env?.find((one) => one.startsWith('HOME='))?.slice('HOME='.length)
  const isNumber = /^[0-9]+$/.test(user)
  return { folder: home || (isNumber ? '~' : `/home/${user}`), owner: `,uid=${isNumber ? user : `UID of ${user}`}` }
}

/** Manifests, install, sources: in that order. */
export const copyDefeatsCache = rule({
  name: 'CopyDefeatsCache',
  summary: 'Packages are installed before the sources are copied.',
  why: 'A change of any file of the build context makes everything after its COPY run again, the install too.',
  how: 'copy only what the install reads, install, and copy the rest after that',
  origin: 'imgsdk',
  *check(scene) {
    const told = new Set<string>()
    const defeats: Defeat[] = []
    fromBaseUp<Copied>(scene, (below, stage) => defeated(below, stage, defeats))
    for (const { copy, step, install } of defeats) {
      const { manager, command, manifests } = install
      // a copy in a shared stage is told once for each manager
      const key = `${copy.stage}:${copy.instruction.at?.line}:${manager.name}`
      if (told.has(key)) continue
      told.add(key)
      yield {
        on: copy.instruction,
        message: `every change of a file runs "${command}" on ${lineOf(step.instruction, copy.instruction)} again, because the whole build context is copied before it`,
        hint: manifests
          ? `before this, COPY ${manifests} and run the install`
          : 'move the install above this instruction',
      }
    }
  },
})

interface Defeat {
  readonly copy: SceneStep
  readonly step: SceneStep
  readonly install: Install
}

/** What a stage hands to those that start from it. */
interface Copied {
  /** The first that brought the whole context. */
  readonly copy: SceneStep | undefined
  /** Managers that are done with. */
  readonly installed: ReadonlySet<string>
}

function defeated(below: Copied | undefined, { steps }: SceneStage, defeats: Defeat[]): Copied {
  const installed = new Set(below?.installed)
  let copy = below?.copy
  for (const step of steps) {
    if (copiesAll(step)) copy ??= step
    for (const install of installsOf(step)) {
      const { manager, early } = install
      if (copy && early && !installed.has(manager.name)) {
        installed.add(manager.name)
        defeats.push({ copy, step, install })
      }
      // installed from its manifests before, it has little to do now; a manager of the system has other packages each time
      if (!copy && manager.manifests) installed.add(manager.name)
    }
  }
  return { copy, installed }
}

function installsOf(step: SceneStep): Install[] {
  return commandsOf(step).flatMap((command) => installOf(command, step.context.config.Env) ?? [])
}

/** Whether a step brings all of the build context. */
function copiesAll({ instruction, args }: SceneStep): boolean {
  if ((instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') || !args) return false
  const { sources, from } = args as { sources: readonly string[]; from?: StageRef }
  return !from && sources.some((source) => /^(?:\.?\/*|\.\/\.|\.?\/?\*)$/.test(source))
}
