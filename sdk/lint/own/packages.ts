/** What a command does with packages: fetches them, takes them away, or throws away what was fetched. */
import { languageManagers } from './language-managers.ts'
import { type Manager, operands } from './manager.ts'
import type { Invocation } from './shell.ts'
import { systemManagers } from './system-managers.ts'

/** A command that fetches packages. */
export interface Install {
  readonly manager: Manager
  /** The command as a person would name it: `apt-get install`. */
  readonly command: string
  /** It only needs the manifests, not the sources. */
  readonly early: boolean
  /** It keeps what it fetched for the next time: false where it is told not to. */
  readonly keeps: boolean
  /** It fetches only what is not there yet. */
  readonly compiles: boolean
  /** The files that say what to install, where there are any. */
  readonly manifests: string | undefined
  /** The packages that it names. */
  readonly packages: readonly string[]
}

const managers = [...systemManagers, ...languageManagers]
const byProgram = new Map(managers.flatMap((manager) => manager.programs.map((program) => [program, manager] as const)))

/** Words that say that nothing is fetched, whatever the manager. */
const idle = /^--(?:offline|no-index|version|help|dry-run)$/
/** And those that say that no cache is wanted. */
const uncached = /^--(?:no-cache|no-cache-dir)$/

/**
 * What a command installs with; undefined where it installs nothing.
 *
 * @param environment  variables in force, as `NAME=value`
 */
export function installOf({ words, sets }: Invocation, environment: readonly string[] = []): Install | undefined {
  const manager = managerOf(words)
  const subcommand = manager?.installs(words)
  if (!manager || subcommand === undefined || words.some((word) => idle.test(word))) return undefined
  const asksNoCache = (set: string) => manager.noCache?.some((name) => set.startsWith(`${name}=`) && set !== `${name}=`)
  const named = operands(words)
  return {
    manager,
    command: `${words[0]} ${subcommand}`,
    keeps: !words.some((word) => uncached.test(word)) && ![...environment, ...sets].some(asksNoCache),
    early: manager.early?.(words) ?? true,
    compiles: manager.compiles?.(words) ?? false,
    manifests: typeof manager.manifests === 'function' ? manager.manifests(words) : manager.manifests,
    packages: [...named.slice(named.indexOf(subcommand.split(' ').at(-1)!) + 1), ...virtualOf(words)],
  }
}

/** The packages that a command takes away, and the manager that it asks. */
export function removalOf({ words }: Invocation): { manager: Manager; packages: readonly string[] } | undefined {
  const manager = managerOf(words)
  const named = operands(words)
  const at = named.findIndex((word) => manager?.removes?.includes(word))
  return manager && at >= 0 ? { manager, packages: named.slice(at + 1) } : undefined
}

/** The manager whose cache a command empties, and the command. */
export function cleaningOf({ words }: Invocation): { manager: Manager; command: string } | undefined {
  const manager = managerOf(words)
  const command = manager?.cleans?.(words)
  return manager && command !== undefined ? { manager, command: `${words[0]} ${command}` } : undefined
}

function managerOf([program = '']: readonly string[]): Manager | undefined {
  return byProgram.get(program) ?? byProgram.get(program.replace(/(?<=^(?:pip|python|gem|bundle))[0-9.]+$/, ''))
}

/** The name under which `apk add --virtual NAME` keeps packages together. */
function virtualOf(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => word === '--virtual' || word === '-t')
  return words[0] === 'apk' && at > 0 ? words.slice(at + 1, at + 2) : []
}
