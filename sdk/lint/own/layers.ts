/** Rules on what layers keep: package lists, and what a later step deletes. Long because both ask what a command makes. */
import { posix } from 'node:path'
import { type Draft, rule } from '../rule.ts'
import type { Scene, SceneStage, SceneStep } from '../scene.ts'
import { chainOf, commandsOf, finalStages, lineOf, shippedStages } from './chain.ts'
import { cleaningOf, type Install, installOf, removalOf } from './packages.ts'
import { covers, deletedBy, removedBy } from './removals.ts'

const lists = '/var/lib/apt/lists'

/** The lists of apt go in the step that fetched them. */
export const aptListsLeft = rule({
  name: 'AptListsLeft',
  summary: 'A RUN that fetches the package lists of apt removes them.',
  why: 'They are tens of megabytes that nothing reads once the image is built, and out of date when it is used.',
  how: 'end the RUN with && rm -rf /var/lib/apt/lists/*, or add --mount=type=cache,target=/var/lib/apt,sharing=locked',
  origin: 'imgsdk',
  *check(scene) {
    for (const { steps } of shippedStages(scene)) {
      for (const step of steps) {
        if (!leavesLists(step)) continue
        const late = removedLater(scene, step)
        const message = 'the package lists that "apt-get update" fetches stay in the layer'
        yield {
          on: step.instruction,
          message: late ? `${message}: ${lineOf(late.instruction, step.instruction)} removes them too late` : message,
        }
      }
    }
  },
})

/** Whether lists are there when the step ends. */
function leavesLists(step: SceneStep): boolean {
  let left = false
  let folder = '/'
  for (const { words } of commandsOf(step)) {
    if (words[0] === 'cd' && words[1] !== undefined) folder = posix.resolve('/', folder, words[1])
    if (fetchesLists(words)) left = true
    if (removesLists(words, folder)) left = false
  }
  return left && !isMounted(step, lists)
}

function fetchesLists(words: readonly string[]): boolean {
  return ['apt-get', 'apt', 'aptitude'].includes(words[0]!) && words.includes('update')
}

function removesLists(words: readonly string[], folder: string): boolean {
  if (words[0] === 'find') return words[1]?.startsWith(lists) === true && /-delete|rm/.test(words.join(' '))
  if (words[0] === 'apt-get' || words[0] === 'apt') return words.includes('distclean')
  return removedBy(words, folder).some((path) => covers(path, `${lists}/a_dists_b_Release`))
}

/** The first step after it that removes lists and fetches none. */
function removedLater(scene: Scene, step: SceneStep): SceneStep | undefined {
  for (const stage of finalStages(scene)) {
    const steps = chainOf(scene, stage).flatMap((one) => one.steps)
    const at = steps.indexOf(step)
    const late = (at < 0 ? [] : steps.slice(at + 1)).find((one) => {
      const commands = commandsOf(one).map(({ words }) => words)
      return commands.some((words) => removesLists(words, '/')) && !commands.some(fetchesLists)
    })
    if (late) return late
  }
  return undefined
}

/** What is deleted goes in the step that made it. */
export const deletedLater = rule({
  name: 'DeletedLater',
  summary: 'A file is deleted in the step that made it, or never.',
  why: 'A later step only hides it: the layer before still has it, to be pulled, stored, and read by whoever looks.',
  how: 'make and delete it in one RUN, mount it, or make it in another stage and copy what is needed',
  origin: 'imgsdk',
  *check(scene) {
    const told = new Set<SceneStep>()
    for (const stage of finalStages(scene)) yield* hidden(chainOf(scene, stage), told)
  },
})

/** What a step left behind: its name, and who made it. */
interface Made {
  readonly path: string
  readonly name: string
  readonly step: SceneStep
}

function* hidden(chain: readonly SceneStage[], told: Set<SceneStep>): Generator<Draft> {
  let made: Made[] = []
  for (const step of chain.flatMap(({ steps }) => steps)) {
    const fresh = madeBy(step)
    const { workdir } = step.context
    const isOwn = ({ path }: Made, removed: string) =>
      fresh.some((one) => one.path === path || covers(removed, one.path))
    for (const removed of [...deletedBy(step, workdir), ...undoneBy(step)]) {
      const victim = made.find((one) => covers(removed, one.path) && !isOwn(one, removed))
      if (!victim) continue
      made = made.filter((one) => one !== victim)
      if (told.has(step)) continue
      told.add(step)
      const { instruction } = victim.step
      const message = `deletes ${victim.name}, but the layer of ${instruction.keyword} on ${lineOf(instruction, step.instruction)} keeps it`
      yield { on: step.instruction, message }
    }
    const kept = remaining(step, fresh)
    if (kept.length === 0) continue
    const again = new Set(kept.map(({ path }) => path))
    made = [...made.filter(({ path }) => !again.has(path)), ...kept]
  }
}

/** Files, directories and packages that a step makes, as far as it can be told; those too that it deletes itself. */
function madeBy(step: SceneStep): Made[] {
  const { instruction, args, context } = step
  if (!args) return []
  const at = (path: string): Made => ({ path, name: path, step })
  if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
    const {
      sources,
      contents = [],
      dest,
    } = args as {
      sources: readonly string[]
      contents?: readonly { name: string }[]
      dest: string
    }
    return [...sources, ...contents.map(({ name }) => name)].map((source) => at(copied(source, dest, context.workdir)))
  }
  let folder = context.workdir
  return commandsOf(step).flatMap((command) => {
    const { words, writes } = command
    if (words[0] === 'cd' && words[1] !== undefined) folder = posix.resolve('/', folder, words[1])
    const paths = [...writes, ...downloads(words), ...clones(words)].filter((path) => !/[$`]/.test(path))
    const install = installOf(command, context.config.Env)
    return [...paths.map((path) => at(posix.resolve('/', folder, path))), ...(install ? installed(install, step) : [])]
  })
}

/** The packages of an install, and the cache that it leaves; apt's is emptied by the images that have apt. */
function installed({ manager, packages, command, keeps }: Install, step: SceneStep): Made[] {
  const { name, cache, removes } = manager
  const named = removes ? packages : []
  return [
    ...named.map((one) => ({ path: packagePath(name, one), name: `the package "${one}"`, step })),
    ...(name === 'apt' || !keeps
      ? []
      : [{ path: `${cache}/x`, name: `the cache of ${command.split(' ', 1)[0]}`, step }]),
  ]
}

/** What is still there when a step ends. */
function remaining(step: SceneStep, made: readonly Made[]): Made[] {
  const gone = [...new Set([...deletedBy(step, step.context.workdir), ...undoneBy(step)])]
  const unique = new Map(made.map((one) => [one.path, one]))
  return [...unique.values()].filter(
    ({ path }) => !path.startsWith('/dev/') && !isMounted(step, path) && !gone.some((one) => covers(one, path)),
  )
}

/** Packages that a step takes away, and caches that it empties, as the paths that `madeBy` gives them. */
function undoneBy(step: SceneStep): string[] {
  return commandsOf(step).flatMap((command) => {
    const removal = removalOf(command)
    const cleaning = cleaningOf(command)
    return [
      ...(removal?.packages ?? []).map((one) => packagePath(removal!.manager.name, one)),
      ...(cleaning ? [cleaning.manager.cache] : []),
    ]
  })
}

/** No file has such a path. */
function packagePath(manager: string, name: string): string {
  return `\0${manager}/${name.replace(/[=<>~@].*$/, '')}`
}

function copied(source: string, dest: string, workdir: string): string {
  const to = posix.resolve('/', workdir, dest)
  const intoFolder = dest.endsWith('/') || dest === '.' || dest === './'
  const name = posix.basename(source)
  return intoFolder && name !== '' && name !== '.' ? posix.join(to, name) : to
}

/** Where curl and wget put what they fetch. */
function downloads(words: readonly string[]): string[] {
  const [program] = words
  if (program !== 'curl' && program !== 'wget') return []
  const names = program === 'curl' ? ['-o', '--output'] : ['-O', '--output-document']
  const out = words.flatMap((word, at) => {
    const [name, value] = word.startsWith('--') ? word.split('=', 2) : [word]
    const isLast = program === 'curl' ? /^-[a-zA-Z]*o$/.test(word) : /^-[a-zA-Z]*O$/.test(word)
    return names.includes(name!) || isLast ? (value ?? words[at + 1] ?? []) : []
  })
  const url = words.find((word) => /^(?:https?|ftp):\/\//.test(word))
  const bare = program === 'wget' ? out.length === 0 : words.some((word) => /^-[a-zA-Z]*O[a-zA-Z]*$/.test(word))
  return bare && url ? [...out, posix.basename(url.replace(/[?#].*$/, ''))] : out.filter((path) => path !== '-')
}

/** Where git clones to. */
function clones(words: readonly string[]): string[] {
  if (words[0] !== 'git' || words[1] !== 'clone') return []
  const at = words.findIndex((word) => /^(?:https?|ssh|git):\/\/|^[\w.-]+@[\w.-]+:/.test(word))
  if (at < 0) return []
  const [folder] = words.slice(at + 1).filter((word) => !word.startsWith('-'))
  return [folder ?? posix.basename(words[at]!.replace(/\/+$/, '')).replace(/\.git$/, '')]
}

/** Whether a path lies in a mount that leaves nothing in the layer. */
function isMounted(step: SceneStep, path: string): boolean {
  return step.mounts.some(
    ({ type, target }) =>
      type !== 'secret' &&
      type !== 'ssh' &&
      target &&
      (path === target || path.startsWith(`${target.replace(/\/+$/, '')}/`)),
  )
}
