/** Rules on what layers keep: package lists, and files that a later step deletes. */
import { posix } from 'node:path'
import type { LoweredInstruction } from '../../plan/options.ts'
import { type Draft, rule } from '../rule.ts'
import type { SceneStage } from '../scene.ts'
import { chainOf, commandsOf, finalStages, lineOf, mountsOf, shippedStages } from './chain.ts'

const lists = '/var/lib/apt/lists'

/** The lists of apt go in the step that fetched them. */
export const aptListsLeft = rule({
  name: 'AptListsLeft',
  summary: 'A RUN that fetches the package lists of apt removes them.',
  why: 'They are tens of megabytes that nothing reads once the image is built, and out of date when it is used.',
  how: 'end the RUN with && rm -rf /var/lib/apt/lists/*, or add --mount=type=cache,target=/var/lib/apt,sharing=locked',
  origin: 'imgsdk',
  *check(scene) {
    for (const step of shippedStages(scene).flatMap(({ steps }) => steps)) {
      if (!fetchesLists(step) || removesLists(step) || isMounted(step, lists)) continue
      yield { on: step.instruction, message: `the package lists that "apt-get update" fetches stay in the layer` }
    }
  },
})

function fetchesLists(step: LoweredInstruction): boolean {
  return commandsOf(step).some(({ words }) => ['apt-get', 'apt'].includes(words[0]!) && words.includes('update'))
}

function removesLists(step: LoweredInstruction): boolean {
  const removed = deletedBy(step, '/')
  return (
    removed.some((path) => covers(path, `${lists}/x`)) ||
    commandsOf(step).some(
      ({ words }) => words[0] === 'find' && words[1]?.startsWith(lists) && words.includes('-delete'),
    )
  )
}

/** What is deleted goes in the step that made it. */
export const deletedLater = rule({
  name: 'DeletedLater',
  summary: 'A file is deleted in the step that made it, or never.',
  why: 'A later step only hides it: the layer before still has it, to be pulled, stored, and read by whoever looks.',
  how: 'make and delete it in one RUN, mount it, or make it in another stage and copy what is needed',
  origin: 'imgsdk',
  *check(scene) {
    const told = new Set<LoweredInstruction>()
    for (const stage of finalStages(scene)) yield* hidden(chainOf(scene, stage), told)
  },
})

function* hidden(chain: readonly SceneStage[], told: Set<LoweredInstruction>): Generator<Draft> {
  const made = new Map<string, LoweredInstruction>()
  for (const step of chain.flatMap(({ steps }) => steps)) {
    for (const path of deletedBy(step, step.context.workdir)) {
      const victim = [...made].find(([file]) => covers(path, file))
      if (!victim) continue
      made.delete(victim[0])
      if (told.has(step)) continue
      told.add(step)
      const [file, maker] = victim
      const message = `deletes ${file}, but the layer of ${maker.instruction.keyword} on ${lineOf(maker.instruction)} keeps it`
      yield { on: step.instruction, message }
    }
    for (const path of madeBy(step)) made.set(path, step)
  }
}

/** Files and directories that a step leaves behind, as far as it can be told. Those it deletes itself are not among them. */
function madeBy(step: LoweredInstruction): string[] {
  const { instruction, args, context } = step
  if (!args) return []
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
    return [...sources, ...contents.map(({ name }) => name)].map((source) => copied(source, dest, context.workdir))
  }
  const gone = deletedBy(step, context.workdir)
  const all = commandsOf(step).flatMap(({ words, writes }) => [...writes, ...downloads(words)])
  const files = all.filter((path) => !path.includes('$')).map((path) => posix.resolve('/', context.workdir, path))
  if (fetchesLists(step) && !removesLists(step)) files.push(`${lists}/*`)
  return files.filter(
    (path) => !path.startsWith('/dev/') && !isMounted(step, path) && !gone.some((one) => covers(one, path)),
  )
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

/** What a step removes, as absolute paths; patterns stay. */
function deletedBy(step: LoweredInstruction, workdir: string): string[] {
  let folder = workdir
  return commandsOf(step).flatMap(({ words }) => {
    if (words[0] === 'cd' && words[1] !== undefined) folder = posix.resolve('/', folder, words[1])
    if (words[0] !== 'rm') return []
    return words
      .slice(1)
      .filter((word) => !word.startsWith('-') && word !== '')
      .map((path) => posix.resolve('/', folder, path))
  })
}

/** Whether removing the pattern takes the path away. */
function covers(pattern: string, path: string): boolean {
  if (pattern === path || path.startsWith(`${pattern}/`)) return pattern !== '/'
  if (!/[*?[]/.test(pattern)) return false
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  return wanted.length <= given.length && wanted.every((part, at) => matchesPart(part, given[at]!))
}

/** One name against one part of a pattern; only `*` and `?` count. */
function matchesPart(pattern: string, name: string): boolean {
  let [at, to, star, mark] = [0, 0, -1, 0]
  while (to < name.length) {
    if (pattern[at] === '?' || (pattern[at] === name[to] && pattern[at] !== '*')) {
      at += 1
      to += 1
    } else if (pattern[at] === '*') {
      star = at
      mark = to
      at += 1
    } else if (star >= 0) {
      at = star + 1
      mark += 1
      to = mark
    } else return false
  }
  while (pattern[at] === '*') at += 1
  return at === pattern.length
}

/** Whether a path lies in a mount that leaves nothing in the layer. */
function isMounted(step: LoweredInstruction, path: string): boolean {
  return mountsOf(step).some(
    ({ type, target }) =>
      type !== 'secret' &&
      type !== 'ssh' &&
      target &&
      (path === target || path.startsWith(`${target.replace(/\/+$/, '')}/`)),
  )
}
