/** One file pattern: its syntax, and the test that it stands for. */
import { type Automaton, compileRegexp } from './automaton.ts'
import { type Node, parseRegexp } from './regexp.ts'

/** `prefix` and `suffix`: what every matched path begins and ends with. */
export interface GlobTest extends Automaton {
  readonly prefix: string
  readonly suffix: string
}

/**
 * The test that a cleaned, well-formed pattern stands for. Patterns without wildcards, and the commonest with, need no automaton.
 * @throws PATTERN_INVALID where what the pattern becomes is no regular expression of Go
 * @source moby/patternmatcher v0.6.1, Pattern
 */
export function globTest(text: string): GlobTest {
  const { kind, expression } = translate(text)
  if (kind === 'exact') {
    return {
      matches: (path) => path === text,
      mayMatchAfter: (start) => text.startsWith(start),
      prefix: text,
      suffix: text,
    }
  }
  if (kind === 'prefix') {
    const prefix = text.slice(0, -2)
    return {
      matches: (path) => path.startsWith(prefix),
      mayMatchAfter: (start) => prefix.startsWith(start) || start.startsWith(prefix),
      prefix,
      suffix: '',
    }
  }
  if (kind === 'suffix') {
    const suffix = text.slice(2)
    const whole = suffix.startsWith('/') ? suffix.slice(1) : suffix
    return {
      matches: (path) => path.endsWith(suffix) || path === whole,
      mayMatchAfter: () => true,
      prefix: '',
      suffix: whole,
    }
  }
  return guarded(parseRegexp(expression))
}

/** An automaton that is run only on texts that begin and end as the expression's literal ends demand. */
function guarded(node: Node): GlobTest {
  const automaton = compileRegexp(node)
  const last = node.op === 'concat' ? node.nodes.at(-1)! : node
  // Alternatives, or a "\\Q" that swallows the end, leave nothing that is certain.
  if (node.op !== 'concat' || last.op !== 'assert' || last.what !== 'end')
    return { ...automaton, prefix: '', suffix: '' }
  const prefix = literals(node.nodes.slice(1))
  const suffix = [...literals(node.nodes.slice(0, -1).reverse())].reverse().join('')
  return {
    matches: (path) => path.endsWith(suffix) && path.startsWith(prefix) && automaton.matches(path),
    mayMatchAfter: automaton.mayMatchAfter,
    prefix,
    suffix,
  }
}

function literals(nodes: readonly Node[]): string {
  const end = nodes.findIndex((node) => node.op !== 'char' || node.literal === undefined)
  const leading = end < 0 ? nodes : nodes.slice(0, end)
  return leading.map((node) => String.fromCodePoint((node as { literal: number }).literal)).join('')
}

/**
 * The pattern as a regular expression, and the simpler kind of test that stands for it where there is one. The letter of the
 * original is kept, oddities too: wildcards are translated inside of classes, and `{`, `|` and `}` keep their meaning in Go.
 */
function translate(text: string): { kind: 'exact' | 'prefix' | 'suffix' | 'regexp'; expression: string } {
  let kind: 'exact' | 'prefix' | 'suffix' | 'regexp' = 'exact'
  let expression = '^'
  const chars = [...text]
  // Go's scanner drops a byte order mark.
  let i = chars[0] === '\ufeff' ? 1 : 0
  for (let first = true; i < chars.length; first = false) {
    const char = chars[i++]!
    if (char === '*' && chars[i] === '*') {
      i++
      if (chars[i] === '/') i++
      const last = i >= chars.length
      expression += last ? '.*' : '(.*/)?'
      kind = first ? 'suffix' : last && kind === 'exact' ? 'prefix' : 'regexp'
    } else if (char === '*' || char === '?') {
      expression += char === '*' ? '[^/]*' : '[^/]'
      kind = 'regexp'
    } else if (char === '\\') {
      expression += `\\${chars[i++] ?? ''}`
      kind = 'regexp'
    } else {
      expression += '.+()$'.includes(char) ? `\\${char}` : char
      if (char === '[' || char === ']') kind = 'regexp'
    }
  }
  return { kind, expression: `${expression}$` }
}

/**
 * Whether `path.Match` takes the pattern: every class closed and not empty, no dangling range, no backslash at the end.
 * @source Go, package path, func Match
 */
export function isWellFormed(pattern: string): boolean {
  return chunksOf(pattern).every(isWellFormedChunk)
}

/** The pieces between stars. A star in brackets does not separate, and a bracket counts here wherever it stands. */
function chunksOf(pattern: string): string[] {
  const chunks: string[] = []
  let start = 0
  let inBrackets = false
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]
    if (char === '\\') i++
    else if (char === '[') inBrackets = true
    else if (char === ']') inBrackets = false
    else if (char === '*' && !inBrackets) {
      chunks.push(pattern.slice(start, i))
      start = i + 1
    }
  }
  return [...chunks, pattern.slice(start)]
}

function isWellFormedChunk(chunk: string): boolean {
  for (let i = 0; i < chunk.length; i++) {
    if (chunk[i] === '\\') {
      if (++i >= chunk.length) return false
    } else if (chunk[i] === '[') {
      i = endOfClass(chunk, i + 1)
      if (i < 0) return false
    }
  }
  return true
}

/** Where the class whose inside begins at `i` is closed, or -1. */
function endOfClass(chunk: string, i: number): number {
  if (chunk[i] === '^') i++
  for (let count = 0; ; count++) {
    if (chunk[i] === ']' && count > 0) return i
    i = endOfMember(chunk, i)
    if (i > 0 && chunk[i] === '-') i = endOfMember(chunk, i + 1)
    if (i < 0) return -1
  }
}

/** What follows one character of a class, or -1 where there is none or nothing follows it. */
function endOfMember(chunk: string, i: number): number {
  if (i >= chunk.length || chunk[i] === '-' || chunk[i] === ']') return -1
  if (chunk[i] === '\\') i++
  const next = i + ((chunk.codePointAt(i) ?? 0) > 0xffff ? 2 : 1)
  return next < chunk.length ? next : -1
}
