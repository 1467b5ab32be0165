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
  const starts = starting(scene)
  const isImage = (stage: SceneStage) => !used.has(stage.index) && starts[stage.index]
  return scene.stages.filter((stage) => stage.index === last || isImage(stage))
}

const starters: readonly string[] = ['CMD', 'ENTRYPOINT', 'EXPOSE', 'HEALTHCHECK']

/** For each stage: whether it, or one that it starts from, says what a container does. */
function starting(scene: Scene): boolean[] {
  return fromBaseUp(
    scene,
    (base, { steps }) => base === true || steps.some(({ instruction }) => starters.includes(instruction.keyword)),
  )
}

/** What is made of each stage, given what was made of the one that it starts from. */
export function fromBaseUp<T>(scene: Scene, make: (base: T | undefined, stage: SceneStage) => T): T[] {
  const made: T[] = []
  for (const stage of scene.stages) {
    const base = baseStage(scene.graph, stage.stage, scene.globals)
    made.push(make(base === undefined ? undefined : made[base], stage))
  }
  return made
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
    chain.push(stage)
    at = baseStage(scene.graph, stage.stage, scene.globals)
  }
  return chain.reverse()
}

/** All stages whose layers are in an image, each once. */
export function shippedStages(scene: Scene): readonly SceneStage[] {
  const shipped = new Set<number>()
  for (const { index } of finalStages(scene)) {
    for (let at: number | undefined = index; at !== undefined && !shipped.has(at); ) {
      shipped.add(at)
      at = baseStage(scene.graph, scene.stages[at]!.stage, scene.globals)
    }
  }
  return scene.stages.filter(({ index }) => shipped.has(index))
}

/** A script longer than this, in characters, was made by a program, which knows what it does: it is not looked into. */
const longestScript = 1 << 18
const known = new WeakMap<SceneStep, readonly Invocation[]>()

/** The commands of a RUN; none for anything else. */
export function commandsOf(step: SceneStep): readonly Invocation[] {
  let commands = known.get(step)
  if (!commands) {
    const command = (step.args as { command?: Command } | undefined)?.command
    const isShort = command && (command.form === 'exec' || command.text.length <= longestScript)
    commands = step.instruction.keyword === 'RUN' && isShort ? invocationsOf(command) : []
    known.set(step, commands)
  }
  return commands
}

/** `line 7`, and of which file, where a finding is shown in another one. */
export function lineOf({ at }: Instruction, shownAt: Instruction): string {
  if (!at) return 'an earlier step'
  return `line ${at.line}${at.file === shownAt.at?.file ? '' : ` of ${posix.basename(at.file)}`}`
}
