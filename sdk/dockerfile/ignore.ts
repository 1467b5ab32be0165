/** `.dockerignore`: which files of a build context are as if they did not exist. */
import { ImgError } from '../error.ts'
import { cleanPath, createMatcher, type Match, type Matcher, trimSpace } from '../oci/pattern.ts'

/** A read ignore file. Paths are relative to the context, `/` between components, no `.` or `..`; '' is the context itself. */
export interface Ignore {
  /** Whether a build sees nothing of the path: what a walk from the root of the context decides. */
  ignored(path: string): boolean
  /** The same, and the line that decided (`pattern` as it is written there, `line` from 1); neither where no line applies. */
  decide(path: string): Decision
  /** Whether an ignored directory may hold something that is not. If not, a walk need not enter it. */
  mayContain(directory: string): boolean
  /** For walks that carry each directory's answer along: `matcher.child(path, answer of its directory).matched`. */
  readonly matcher: Matcher
}

/** Why a path is ignored, or is not. */
export interface Decision {
  readonly ignored: boolean
  readonly pattern?: string
  readonly line?: number
}

/**
 * Reads the text of an ignore file.
 *
 * @param file  its name, for errors
 * @default file '.dockerignore'
 * @throws IGNORE_INVALID at the first malformed line
 * @source Docker build documentation, .dockerignore files; moby/patternmatcher v0.6.1, package ignorefile
 */
export function parseIgnore(text: string, file = '.dockerignore'): Ignore {
  const lines = patternLines(text)
  const matcher = compile(lines, file)
  const answer = remembering(matcher)
  return {
    ignored: (path) => answer(path).matched,
    decide(path) {
      const { matched, by } = answer(path)
      const line = by && lines[by.index]
      return line ? { ignored: matched, pattern: line.text, line: line.line } : { ignored: matched }
    },
    mayContain: (directory) => matcher.mayDiffer(directory, answer(directory)),
    matcher,
  }
}

interface Line {
  readonly text: string
  readonly line: number
  readonly pattern: string
}

/** The lines that hold patterns. A `#` makes a comment only in the first column. */
function patternLines(text: string): Line[] {
  const lines: Line[] = []
  const whole = text.startsWith('\ufeff') ? text.slice(1) : text
  whole.split('\n').forEach((line, index) => {
    const trimmed = trimSpace(line)
    if (line.startsWith('#') || trimmed === '') return
    lines.push({ text: trimmed, line: index + 1, pattern: normalize(trimmed) })
  })
  return lines
}

/** The path of a pattern made relative to the context. */
function normalize(line: string): string {
  if (line.startsWith('!')) return `!${relative(trimSpace(line.slice(1)))}`
  return relative(line)
}

function relative(path: string): string {
  if (path === '') return ''
  const clean = cleanPath(path)
  return clean.length > 1 && clean.startsWith('/') ? clean.slice(1) : clean
}

function compile(lines: readonly Line[], file: string): Matcher {
  try {
    return createMatcher(lines.map((line) => line.pattern))
  } catch (error) {
    const index = error instanceof ImgError ? error.detail?.['index'] : undefined
    if (!(error instanceof ImgError) || typeof index !== 'number') throw error
    const { line, text } = lines[index]!
    throw new ImgError('IGNORE_INVALID', error.message, {
      at: { file, line },
      hint:
        text === '!'
          ? 'Write the path to keep after the "!", or remove the line.'
          : 'Close the class, or write a backslash before the character to take it as it is.',
      cause: error,
    })
  }
}

/** Answers for any path in any order; the answers of the last directory's chain are kept, so a walk pays for each directory once. */
function remembering(matcher: Matcher): (path: string) => Match {
  const nothing: Match = { matched: false, applies: [] }
  const chain: { path: string; answer: Match }[] = []
  const directory = (path: string): Match | undefined => {
    if (path === '') return undefined
    while (chain.length > 0 && !`${path}/`.startsWith(`${chain.at(-1)!.path}/`)) chain.pop()
    const last = chain.at(-1)
    let answer = last?.answer
    for (let end = last ? last.path.length : -1; end < path.length; ) {
      const next = path.indexOf('/', end + 1)
      end = next < 0 ? path.length : next
      answer = matcher.child(path.slice(0, end), answer)
      chain.push({ path: path.slice(0, end), answer })
    }
    return answer
  }
  return (path) => {
    if (path === '') return nothing
    const slash = path.lastIndexOf('/')
    return matcher.child(path, directory(slash < 0 ? '' : path.slice(0, slash)))
  }
}
