/** What is to be known of a package manager, and how its command lines are read. */

/** A package manager. `words` are a command's: the program's name, then its arguments. */
export interface Manager {
  readonly name: string
  readonly programs: readonly string[]
  /** A directory to keep between builds; below `/root/`, it is in the home of whoever runs it. */
  readonly cache: string
  /** Where what it compiled is kept, if not there. */
  readonly compiled?: string
  /** What else is to be said of a cache mount. */
  readonly note?: string
  /** Targets of mounts that keep what it fetches. */
  readonly caches: RegExp
  /** What an install reads, for a COPY before it. */
  readonly manifests?: string | ((words: readonly string[]) => string)
  /** The subcommand that the words are, where they fetch. */
  installs(words: readonly string[]): string | undefined
  /** Whether it can go before the sources are there. @default true */
  early?(words: readonly string[]): boolean
  /** Whether it fetches only what an earlier command did not. @default false */
  compiles?(words: readonly string[]): boolean
  /** The command, where it throws away what was fetched. */
  cleans?(words: readonly string[]): string | undefined
  /** Subcommands that take packages away again. */
  readonly removes?: readonly string[]
  /** Environment variables that, once set, ask for no cache. */
  readonly noCache?: readonly string[]
}

/** Options that are followed by a value, of any manager: what comes after them is no subcommand. */
const valued =
  /^(?:--prefix|--cwd|--dir|--filter|--directory|--working-dir|--project|--proxy|--file|--manifest-path|--cache-dir|--root|--installroot|--releasever|--repo|-C|-F|-R|-p|-f|-d|-c|-o|-t)$/

/** The arguments that are no options. */
export function operands(words: readonly string[]): readonly string[] {
  return words.slice(1).filter((word, at) => !word.startsWith('-') && !(at > 0 && valued.test(words[at]!)))
}

/** The first operand, where it is one of these. */
export const sub =
  (...names: readonly string[]) =>
  (words: readonly string[]): string | undefined =>
    names.find((name) => operands(words)[0] === name)

/** The first argument that is one of these. */
export const any =
  (...names: readonly string[]) =>
  (words: readonly string[]): string | undefined =>
    words.slice(1).find((word) => names.includes(word))

/** Two words, such as `cache clean`. */
export const pair =
  (first: string, ...seconds: readonly string[]) =>
  (words: readonly string[]): string | undefined => {
    const [one, two = ''] = operands(words)
    return one === first && seconds.includes(two) ? `${one} ${two}` : undefined
  }

/** It only tells something about itself. */
export const asksNothing = (words: readonly string[]) =>
  words.some((word) => /^(?:--version|-[vV]|--help|-h)$/.test(word))

/** A file of the context or of an earlier step, rather than the name of a package. */
export const isPath = (word: string) => word === '.' || /^\.{0,2}\//.test(word) || /^\.\[/.test(word)

/** The packages are told by a file. */
const isRead = (word: string) => /\$\(|`/.test(word)

/** All packages are told by their names. */
export const namesOnly = (words: readonly string[]) => !words.some((word) => isPath(word) || isRead(word))
