/** File patterns as `.dockerignore`, `COPY --exclude` and `COPY --parents` have them: lists where the last one that applies decides. */
import { posix } from 'node:path'
import { ImgError } from '../error.ts'
import { type GlobTest, globTest, isWellFormed } from './glob.ts'

/** One pattern of a list. `text` is its cleaned form, `!` taken off; `index` its place in the list that was given. */
export interface Pattern {
  readonly text: string
  readonly exception: boolean
  readonly index: number
}

/** What is known of a path: whether it is matched, and by which pattern. A directory's answer is handed to what lies in it. */
export interface Match {
  readonly matched: boolean
  /** The pattern that decided; absent where none applies. */
  readonly by?: Pattern
  /** For each pattern whether it applies to the path or to a directory that the path is in. */
  readonly applies: readonly boolean[]
}

/** A list of patterns. Paths are relative, `/` between components, no `.` or `..`. */
export interface Matcher {
  readonly patterns: readonly Pattern[]
  /**
   * Whether the list matches the path or a directory that it is in. An exception that names a directory counts here even
   * where a walk would not have asked it; what ends up in an image is decided by `child`.
   */
  matches(path: string): boolean
  /** The answer for a path, given its directory's; without one the path must lie in the root. */
  child(path: string, directory?: Match): Match
  /** Whether something below the directory, whose answer is given, may get the opposite answer. If not, a walk need not enter. */
  mayDiffer(directory: string, answer: Match): boolean
}

/**
 * Compiles a list of patterns; blank ones are skipped, `!` marks an exception.
 * @throws PATTERN_INVALID with the index of the malformed one in `detail`
 * @source moby/patternmatcher v0.6.1
 */
export function createMatcher(patterns: readonly string[]): Matcher {
  const rules = patterns.flatMap((text, index) => compile(text, index) ?? [])
  return {
    patterns: rules.map((rule) => rule.pattern),
    matches: (path) => matches(rules, path),
    child: (path, directory) => child(rules, path, directory),
    mayDiffer(directory, { matched, by }) {
      const below = `${directory}/`
      return rules.some(
        ({ pattern, test }) =>
          pattern.exception === matched &&
          (!by || pattern.index > by.index) &&
          (directory === '' || test.mayMatchAfter(below)),
      )
    },
  }
}

interface Rule {
  readonly pattern: Pattern
  readonly test: GlobTest
  /** The UTF-16 units that a matched path begins and ends with, where the pattern says; compared first, they spare most tests. */
  readonly first: number
  readonly last: number
}

function matches(rules: readonly Rule[], path: string): boolean {
  let matched = false
  for (const { pattern, test } of rules) {
    if (pattern.exception === matched && matchesOrParent(test, path)) matched = !matched
  }
  return matched
}

function matchesOrParent(test: GlobTest, path: string): boolean {
  if (test.matches(path)) return true
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
    if (test.matches(path.slice(0, end))) return true
  }
  return false
}

/** A pattern is asked only where its answer could change something, just as upstream: an exception met while unmatched is passed over. */
function child(rules: readonly Rule[], path: string, directory: Match | undefined): Match {
  let matched = false
  let by: Pattern | undefined
  const inherited = directory?.applies
  let applies: boolean[] | undefined
  const firstUnit = path.charCodeAt(0)
  const lastUnit = path.charCodeAt(path.length - 1)
  for (let i = 0; i < rules.length; i++) {
    const { pattern, test, first, last } = rules[i]!
    if (inherited?.[i] !== true) {
      if (pattern.exception !== matched || (first >= 0 && first !== firstUnit) || (last >= 0 && last !== lastUnit))
        continue
      if (!test.matches(path)) continue
      // Most paths learn nothing new, and share their directory's list.
      applies ??= inherited ? [...inherited] : rules.map(() => false)
      applies[i] = true
    }
    matched = !pattern.exception
    by = pattern
  }
  const known = applies ?? inherited ?? []
  return by ? { matched, by, applies: known } : { matched, applies: known }
}

function compile(given: string, index: number): Rule | undefined {
  const trimmed = trimSpace(given)
  if (trimmed === '') return undefined
  const cleaned = cleanPath(trimmed)
  const exception = cleaned.startsWith('!')
  const text = exception ? cleaned.slice(1) : cleaned
  const fail = (why: string, cause?: unknown): never => {
    throw new ImgError('PATTERN_INVALID', `the pattern "${given}" is malformed: ${why}`, { detail: { index }, cause })
  }
  if (text === '') fail('nothing follows the "!"')
  if (!isWellFormed(text)) fail('a class is empty or not closed, or it ends in a backslash')
  try {
    const test = globTest(text)
    const first = test.prefix === '' ? -1 : test.prefix.charCodeAt(0)
    const last = test.suffix === '' ? -1 : test.suffix.charCodeAt(test.suffix.length - 1)
    return { pattern: { text, exception, index }, test, first, last }
  } catch (error) {
    return fail((error as Error).message, error)
  }
}

/** The shortest path that means the same, without a trailing slash. */
export function cleanPath(path: string): string {
  const clean = posix.normalize(path)
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean
}

const blank = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

/** The text without the white space around it, as Unicode has it (`trim` would drop a byte order mark too). */
export function trimSpace(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && blank.test(text[start]!)) start++
  while (end > start && blank.test(text[end - 1]!)) end--
  return text.slice(start, end)
}
