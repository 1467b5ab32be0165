/** Rules on base images and on the user that an image ends with. */
import { ImgError } from '../../error.ts'
import type { Instruction } from '../../graph/graph.ts'
import type { Template } from '../../graph/template.ts'
import type { Command } from '../../instruction/shape/command.ts'
import { familiar, parseReference, type Reference } from '../../oci/reference.ts'
import { type Draft, rule } from '../rule.ts'
import { baseStage, fill, type Scene, type SceneStage, type SceneStep } from '../scene.ts'
import { chainOf, commandsOf, finalStages, refsOf } from './chain.ts'

/** Parts of tags that say nothing of which release it is; a tag of nothing else is moved with each. */
const floating: ReadonlySet<string> = new Set(
  'latest edge rolling nightly main master dev devel sid unstable testing stable mainline current lts alpine slim'.split(
    ' ',
  ),
)

/** A tag that says which release. */
export const latestBase = rule({
  name: 'LatestBase',
  summary: 'Base images have a tag that names a release: not latest, edge or alpine alone.',
  why: 'What such a tag means changes without notice: the same file makes another image next week, or none.',
  how: 'name a release, for example :3.20, or a digest',
  origin: 'imgsdk',
  *check(scene) {
    for (const { on, reference } of images(scene)) {
      if (reference.digest || !reference.tag?.split('-').every((part) => floating.has(part))) continue
      yield { on, message: `the image "${familiar(reference)}" is whatever is latest on the day of the build` }
    }
  },
})

/** Digests say exactly what is meant. */
export const baseWithoutDigest = rule({
  name: 'BaseWithoutDigest',
  summary: 'Base images are named by digest.',
  why: 'A tag can be moved; a digest always names the same bytes.',
  how: 'add @sha256:…; the tag may stay in front of it',
  origin: 'imgsdk',
  experimental: true,
  *check(scene) {
    for (const { on, reference } of images(scene)) {
      if (!reference.digest) yield { on, message: `the image "${familiar(reference)}" is not pinned to a digest` }
    }
  },
})

/** Every image that is named, and where. */
function* images(scene: Scene): Generator<{ on: Instruction; reference: Reference }> {
  for (const { stage } of scene.stages) {
    const { base } = stage.from.args
    const isStage = baseStage(scene.graph, stage, scene.globals) !== undefined
    const names: { on: Instruction; image: Template }[] =
      isStage || 'stage' in base ? [] : [{ on: stage.from, image: base.image }]
    for (const on of stage.instructions)
      for (const ref of refsOf(on.args)) if ('image' in ref) names.push({ on, image: ref.image })
    for (const { on, image } of names) {
      const reference = referenceOf(fill(image, scene.globals))
      // one word after --from may be a named context, which only the command line knows
      if (reference && (on === stage.from || String(image).includes(':') || String(image).includes('/')))
        yield { on, reference }
    }
  }
}

function referenceOf(text: string | undefined): Reference | undefined {
  if (!text || text === 'scratch') return undefined
  try {
    return parseReference(text)
  } catch (thrown) {
    if (thrown instanceof ImgError) return undefined
    throw thrown
  }
}

/** Another user than root. */
export const runsAsRoot = rule({
  name: 'RunsAsRoot',
  summary: 'The last USER of an image is not root.',
  why: 'A program that is taken over has all rights in its container, and a better chance at getting out of it.',
  how: 'create a user and end with USER, for example USER 1000:1000',
  origin: 'imgsdk',
  *check(scene) {
    const told = new Set<Instruction>()
    for (const stage of finalStages(scene)) {
      for (const draft of root(stage, scene)) {
        if (!told.has(draft.on)) yield draft
        told.add(draft.on)
      }
    }
  },
})

function* root(stage: SceneStage, scene: Scene): Generator<Draft> {
  const chain = chainOf(scene, stage)
  const steps = chain.flatMap((one) => one.steps)
  if (dropsRights(steps)) return
  const { base } = chain[0]!.stage.from.args
  const name = 'image' in base ? (fill(base.image, scene.globals) ?? '') : ''
  const config = [...scene.images.values()].find(({ ref }) => sameImage(ref, name))?.config.config
  const user = steps.findLast(({ instruction, args }) => instruction.keyword === 'USER' && args)
  if (user) {
    // the base may set the variable, as those of .NET do
    if (user.unset.length > 0 && !config && name !== 'scratch') return
    const login = (user.args as { user: string }).user.split(':', 1)[0]!
    const who = login === 'root' ? 'root' : login === '' ? 'root: USER is empty here' : `user ${login}, which is root`
    if (login === 'root' || /^0*$/.test(login)) yield { on: user.instruction, message: `the image runs as ${who}` }
    return
  }
  const runs = steps.some(({ instruction }) => instruction.keyword === 'CMD' || instruction.keyword === 'ENTRYPOINT')
  // files without a program, and bases that are known to set a user
  if ((name === 'scratch' && !runs) || otherUser.test(name)) return
  if (config?.User && !/^(?:root|0+)(?::|$)/.test(config.User)) return
  const known = name === 'scratch' || config !== undefined
  yield {
    on: stage.stage.from,
    message:
      known || name === ''
        ? 'no USER is set, so the image runs as root'
        : `no USER is set, so the image runs as the user of "${name}", most likely root`,
  }
}

/** Bases that are known to set a user, or that have no root. */
const otherUser = /windows|nanoserver|non-?root|rootless|unprivileged|^cgr\.dev\/|(?:^|\/)bitnami\//

/** Whether it has a program that starts as root in order to become another user. */
function dropsRights(steps: readonly SceneStep[]): boolean {
  const starts =
    steps.findLast(({ instruction }) => instruction.keyword === 'ENTRYPOINT') ??
    steps.findLast(({ instruction }) => instruction.keyword === 'CMD')
  const { command } = (starts?.args ?? {}) as { command?: Command }
  const first = command?.form === 'exec' ? command.args.join(' ') : (command?.text ?? '')
  return (
    droppers.test(first) ||
    steps.some((step) => commandsOf(step).some(({ words }) => words.some((word) => droppers.test(word))))
  )
}

const droppers = /(?:^|[\s/])(?:gosu|su-exec|setuidgid|s6-setuidgid)(?![\w.])/

function sameImage(left: string, right: string): boolean {
  const [a, b] = [referenceOf(left), referenceOf(right)]
  return (
    a !== undefined && b !== undefined && a.registry === b.registry && a.repository === b.repository && a.tag === b.tag
  )
}
