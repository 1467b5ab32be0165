/** Rules on FROM: its variables, its platform, its base image. */
import type { FromArgs, Instruction } from '../../graph/graph.ts'
import { type Template, variablesOf } from '../../graph/template.ts'
import { goQuote } from '../../instruction/part/go-quote.ts'
import type { ArgDeclaration } from '../../instruction/shape/names.ts'
import { nearest } from '../../instruction/shape/nearest.ts'
import { spellWord } from '../../instruction/shape/spell.ts'
import { formatPlatformFull, normalizePlatform, parsePlatform } from '../../oci/platform.ts'
import { formatReference, isReference, parseReference } from '../../oci/reference.ts'
import type { Platform } from '../../oci/types.ts'
import { hasNoLayers } from '../../plan/base-output.ts'
import { refsOf } from '../../plan/connect.ts'
import { contextOf } from '../../plan/contexts.ts'
import { imageKey } from '../../plan/options.ts'
import { type Draft, rule } from '../rule.ts'
import { fill, noteOf, type Scene } from '../scene.ts'

/** Variables in FROM are declared. */
export const undefinedArgInFrom = rule({
  name: 'UndefinedArgInFrom',
  summary: 'A variable in FROM is declared by an ARG before the first FROM.',
  why: 'FROM sees no other variables; one that is not declared there is empty.',
  how: 'declare it with ARG before the first FROM',
  origin: 'buildkit',
  *check({ graph, globals }) {
    const known = [
      ...graph.args.flatMap(({ args }) => (args as { variables: readonly ArgDeclaration[] }).variables),
      ...globals.names().map((name) => ({ name })),
    ].map(({ name }) => name)
    for (const { from } of graph.stages) {
      const { base, platform } = from.args
      for (const value of ['image' in base ? base.image : '', platform ?? '']) {
        const unset = new Set<string>()
        fill(value, globals, (name) => unset.add(name))
        for (const name of unset) {
          if (known.includes(name)) continue
          const near = nearest(name, known)
          const message = `FROM argument '${name}' is not declared${near === undefined ? '' : ` (did you mean ${near}?)`}`
          yield { on: from, message }
        }
      }
    }
  },
})

/** Without build arguments the base is still a reference. */
export const invalidDefaultArgInFrom = rule({
  name: 'InvalidDefaultArgInFrom',
  summary: 'FROM names a valid image when no build argument is given.',
  why: 'Otherwise a plain build fails, and tools that read the file without arguments cannot follow it.',
  how: 'give the ARG a default that makes a valid image name',
  origin: 'buildkit',
  fileWide: true,
  *check({ graph, defaults }) {
    if (!defaults) return
    for (const { from } of graph.stages) {
      const { base } = from.args
      if ('stage' in base) continue
      const name = fill(base.image, defaults)
      // what cannot be expanded ends the look, as in BuildKit
      if (name === undefined) return
      if (isReference(name)) continue
      const text = noteOf(from, 'base') ?? spelled(base.image)
      yield { on: from, message: `Default value for ARG ${text} results in empty or invalid base image name` }
    }
  },
})

function spelled(value: Template): string {
  return spellWord(value, { escape: '\\' })
}

/** The default needs no saying. */
export const redundantTargetPlatform = rule({
  name: 'RedundantTargetPlatform',
  summary: 'FROM does not say --platform=$TARGETPLATFORM.',
  why: 'That is the default.',
  how: 'remove the flag',
  origin: 'buildkit',
  *check({ graph, globals }) {
    for (const { from } of graph.stages) {
      const { platform } = from.args
      if (platform === undefined || [...new Set(variablesOf(platform))].join() !== 'TARGETPLATFORM') continue
      if (fill(platform, globals) !== globals.get('TARGETPLATFORM')) continue
      const text = noteOf(from, 'platform') ?? spelled(platform)
      const message = `Setting platform to predefined ${text} in FROM is redundant as this is the default behavior`
      yield { on: from, message }
    }
  },
})

/** No fixed platform, unless the stage says so in its name. */
export const fromPlatformFlagConstDisallowed = rule({
  name: 'FromPlatformFlagConstDisallowed',
  summary: 'FROM --platform is a variable, unless the name of the stage names the platform.',
  why: 'A fixed platform makes an image for one kind of machine, whatever the build asks for.',
  how: 'remove the flag, use $BUILDPLATFORM, or name the stage after the platform',
  origin: 'buildkit',
  *check({ graph, buildPlatform }) {
    for (const { from } of graph.stages) {
      const { platform, name = '' } = from.args
      if (typeof platform !== 'string' || platform === '') continue
      const parsed = platformIn(platform, buildPlatform)
      if (!parsed || name.includes(parsed.os) || name.includes(parsed.architecture)) continue
      yield { on: from, message: `FROM --platform flag should not use constant value ${goQuote(platform)}` }
    }
  },
})

function platformIn(text: string, host: Platform): Platform | undefined {
  try {
    return parsePlatform(text, host)
  } catch {
    return undefined
  }
}

/** The base is for the platform that was asked for. */
export const invalidBaseImagePlatform = rule({
  name: 'InvalidBaseImagePlatform',
  summary: 'A base image is for the platform that is built for.',
  why: 'Programs of another kind of machine run slowly, under emulation, or not at all.',
  how: 'use a base image that has the platform, or build for the platform that it has',
  origin: 'buildkit',
  fileWide: true,
  *check(scene) {
    for (const { stage, reached, steps } of scene.stages) {
      if (!reached) continue
      yield* mismatch(stage.from, scene)
      for (const { instruction } of steps)
        for (const ref of refsOf(instruction))
          if ('image' in ref) yield* unfit(instruction, String(ref.image), scene.targetPlatform, scene)
    }
  },
})

function* mismatch(from: Instruction<FromArgs>, scene: Scene): Generator<Draft> {
  const { base, platform } = from.args
  if ('stage' in base) return
  const name = fill(base.image, scene.globals)
  const text = platform === undefined ? undefined : fill(platform, scene.globals)
  const wanted = text === undefined ? scene.targetPlatform : platformIn(text, scene.buildPlatform)
  if (wanted) yield* unfit(from, name, wanted, scene)
}

function* unfit(on: Instruction, name: string | undefined, wanted: Platform, scene: Scene): Generator<Draft> {
  // an image that a named context stands for is what was asked for
  if (!name || name === 'scratch' || !isReference(name) || contextOf(scene.contexts, name, wanted)) return
  const config = scene.images.get(imageKey(formatReference(parseReference(name)), wanted))?.config
  if (!config || hasNoLayers(config.rootfs, config.history)) return
  if (config.os === wanted.os && config.architecture === wanted.architecture) return
  const actual = formatPlatformFull(normalizePlatform(config))
  const expected = formatPlatformFull(normalizePlatform(wanted))
  const message = `Base image ${name} was pulled with platform "${actual}", expected "${expected}" for current build`
  yield { on, message }
}
