/** The stages that become an image, and what happens in them from the base up. */

import { posix } from 'node:path'
import type { Instruction, StageRef } from '../../graph/graph.ts'
import type { Command } from '../../instruction/shape/command.ts'
import { baseStage, type Scene, type SceneStage, type SceneStep } from '../scene.ts'
import { type Invocation, invocationsOf } from './shell.ts'

/**
 * The stages that images are made of: the one that is asked for; else the last one, and those that no other stage uses and
 * that have something to start. One without, such as a stage of tests, is built for what its steps tell.
 */
export function finalStages(scene: Scene): readonly SceneStage[] {
  if (scene.target !== undefined) return [scene.stages[scene.target]!]
  const used = new Set<number | undefined>()
  for (const { stage } of scene.stages) {
    used.add(baseStage(scene.graph, stage, scene.globals))
    for (const { args } of stage.instructions) for (const ref of refsOf(args)) if ('stage' in ref) used.add(ref.stage)
  }
  const last = scene.stages.length - 1
  const isImage = (stage: SceneStage) => !used.has(stage.index) && startsSomething(scene, stage)
  return scene.stages.filter((stage) => stage.index === last || isImage(stage))
}

function startsSomething(scene: Scene, stage: SceneStage): boolean {
  const steps = chainOf(scene, stage).flatMap((one) => one.steps)
  return steps.some(({ instruction: { keyword } }) => ['CMD', 'ENTRYPOINT', 'EXPOSE', 'HEALTHCHECK'].includes(keyword))
}

/** The stages that refer to others by COPY --from and mounts: the references. */
export function refsOf(args: object): StageRef[] {
  const { from, mount } = args as { from?: StageRef; mount?: readonly { from?: StageRef }[] }
  return [...(from ? [from] : []), ...(mount ?? []).flatMap((one) => one.from ?? [])]
}

/** A stage and those that it starts from, the first one first. */
export function chainOf(scene: Scene, { index }: SceneStage): readonly SceneStage[] {
  const chain: SceneStage[] = []
  const seen = new Set<number>()
  for (let at: number | undefined = index; at !== undefined && !seen.has(at); ) {
    seen.add(at)
    const stage: SceneStage = scene.stages[at]!
    chain.unshift(stage)
    at = baseStage(scene.graph, stage.stage, scene.globals)
  }
  return chain
}

/** All stages whose layers are in an image, each once. */
export function shippedStages(scene: Scene): readonly SceneStage[] {
  const shipped = new Set(finalStages(scene).flatMap((stage) => chainOf(scene, stage)))
  return scene.stages.filter((stage) => shipped.has(stage))
}

/** The commands of a RUN; none for anything else. */
export function commandsOf({ instruction, args }: SceneStep): readonly Invocation[] {
  const command = (args as { command?: Command } | undefined)?.command
  return instruction.keyword === 'RUN' && command ? invocationsOf(command) : []
}

/** `line 7`, and of which file, where a finding is shown in another one. */
export function lineOf({ at }: Instruction, shownAt: Instruction): string {
  if (!at) return 'an earlier step'
  return `line ${at.line}${at.file === shownAt.at?.file ? '' : ` of ${posix.basename(at.file)}`}`
}
