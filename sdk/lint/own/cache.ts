/** Rules on the build cache: what is fetched again and again. */
import type { StageRef } from '../../graph/graph.ts'
import type { LoweredInstruction } from '../../plan/options.ts'
import { rule } from '../rule.ts'
import type { SceneStage } from '../scene.ts'
import { commandsOf, lineOf, mountsOf } from './chain.ts'
import { type Install, installOf } from './packages.ts'

/** Package managers keep what they fetched. */
export const cacheMountMissing = rule({
  name: 'CacheMountMissing',
  summary: 'A RUN that installs packages keeps what the package manager fetched.',
  why: 'When the step runs again, because one package more is wanted, everything is fetched again, and it grows the layer.',
  how: 'add a mount of type=cache on the directory of the package manager',
  origin: 'imgsdk',
  *check({ stages }) {
    for (const step of stages.flatMap(({ steps }) => steps)) {
      const targets = mountsOf(step).flatMap(({ type, target }) => (type === 'cache' && target ? target : []))
      const told = new Set<string>()
      for (const install of installsOf(step)) {
        if (told.has(install.manager) || targets.some((target) => install.caches.test(target))) continue
        told.add(install.manager)
        yield {
          on: step.instruction,
          message: `"${install.command}" has no cache mount, so it fetches every package again each time it runs`,
          hint: `add a cache mount: --mount=type=cache,target=${install.cache}${install.manager === 'apt' ? ',sharing=locked' : ''}`,
        }
      }
    }
  },
})

/** Manifests, install, sources: in that order. */
export const copyDefeatsCache = rule({
  name: 'CopyDefeatsCache',
  summary: 'Packages are installed before the sources are copied.',
  why: 'A change of any file of the build context makes everything after its COPY run again, the install too.',
  how: 'copy only what the install reads, install, and copy the rest after that',
  origin: 'imgsdk',
  *check({ stages }) {
    for (const stage of stages) yield* defeated(stage)
  },
})

function* defeated({ steps }: SceneStage) {
  const installed = new Set<string>()
  let copy: LoweredInstruction | undefined
  for (const step of steps) {
    if (copiesAll(step)) copy ??= step
    for (const install of installsOf(step)) {
      if (copy && install.early && !installed.has(install.manager)) {
        yield {
          on: copy.instruction,
          message: `every change of a file runs "${install.command}" on ${lineOf(step.instruction)} again, because the whole build context is copied before it`,
          hint: install.manifests
            ? `before this, COPY ${install.manifests} and run the install`
            : 'move the install above this instruction',
        }
        installed.add(install.manager)
      }
      if (!copy) installed.add(install.manager)
    }
  }
}

function installsOf(step: LoweredInstruction): Install[] {
  return commandsOf(step).flatMap((command) => installOf(command) ?? [])
}

/** Whether a step brings all of the build context. */
function copiesAll({ instruction, args }: LoweredInstruction): boolean {
  if ((instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') || !args) return false
  const { sources, from } = args as { sources: readonly string[]; from?: StageRef }
  return !from && sources.some((source) => /^(?:\.?\/*|\.\/\.|\.?\/?\*)$/.test(source))
}
