/** The sources that a COPY names: a path, or wildcards in some of its components. */
import { ImgError } from '../../error.ts'
import { isWellFormed } from '../../oci/glob.ts'
import type { Tree } from '../ports.ts'
import { cleanPath, components, follow, joinName } from '../tree.ts'

/**
 * The paths that a pattern stands for, in lexical order: of a pattern without wildcards itself, whether it exists or not. Links
 * before the first wildcard are followed, none behind it.
 *
 * @param options.last  whether a link in the last component before the first wildcard is followed
 * @throws PATTERN_INVALID; COPY_SOURCE_MISSING when the directory that holds the first wildcard does not exist
 * @source tonistiigi/fsutil, copy.ResolveWildcards
 */
export function selectPaths(tree: Tree, pattern: string, options: { readonly last: boolean }): string[] {
  const names = components(cleanPath(pattern))
  const first = names.findIndex(hasWildcard)
  if (first < 0) return [names.join('/')]
  if (!isWellFormed(pattern))
    throw new ImgError('PATTERN_INVALID', `the source "${pattern}" is a malformed pattern`, {
      detail: { path: pattern },
    })
  const prefix = names.slice(0, first).join('/')
  const start = follow(tree, prefix, options)
  if (start !== '' && !tree.entry(start)) throw sourceMissing(prefix)
  const tests = names.slice(first).map(compileGlob)
  const found: string[] = []
  const visit = (directory: string, depth: number) => {
    const test = tests[depth]!
    for (const name of tree.names(directory)) {
      if (!test(name)) continue
      const path = joinName(directory, name)
      if (depth === tests.length - 1) found.push(path)
      else if (tree.entry(path)?.type === 'directory') visit(path, depth + 1)
    }
  }
  if (start === '' || tree.entry(start)?.type === 'directory') visit(start, 0)
  return found
}

/** The error for a source that is not there; `detail.path` lets a caller say which ignore pattern hides it. */
export function sourceMissing(path: string): ImgError {
  return new ImgError('COPY_SOURCE_MISSING', `COPY found nothing at "/${path}"`, { detail: { path: `/${path}` } })
}

/** A backslash hides the character after it. */
function hasWildcard(name: string): boolean {
  return /^(?:[^*?[\\]|\\.)*[*?[]/su.test(name)
}

type Token = { readonly kind: 'star' } | { readonly kind: 'one'; test(char: number): boolean }

/** A test of one name against a well-formed pattern of `path.Match`. Its cost is bounded by the product of the lengths. */
export function compileGlob(pattern: string): (name: string) => boolean {
  const tokens = tokenize([...pattern].map((char) => char.codePointAt(0)!))
  return (name) =>
    matches(
      tokens,
      [...name].map((char) => char.codePointAt(0)!),
    )
}

const [star, question, open, close, caret, dash, backslash] = [...'*?[]^-\\'].map((char) => char.charCodeAt(0))

function tokenize(chars: readonly number[]): Token[] {
  const tokens: Token[] = []
  let i = 0
  const literal = () => {
    if (chars[i] === backslash) i++
    return chars[i++]!
  }
  while (i < chars.length) {
    if (chars[i] === star) {
      i++
      tokens.push({ kind: 'star' })
    } else if (chars[i] === question) {
      i++
      tokens.push({ kind: 'one', test: () => true })
    } else if (chars[i] === open) {
      i++
      const negated = chars[i] === caret
      if (negated) i++
      const ranges: [number, number][] = []
      while (i < chars.length && (chars[i] !== close || ranges.length === 0)) {
        const low = literal()
        if (chars[i] !== dash) ranges.push([low, low])
        else {
          i++
          ranges.push([low, literal()])
        }
      }
      i++
      tokens.push({
        kind: 'one',
        test: (char) => ranges.some(([low, high]) => low <= char && char <= high) !== negated,
      })
    } else {
      const char = literal()
      tokens.push({ kind: 'one', test: (other) => other === char })
    }
  }
  return tokens
}

/** Only the last star ever needs to take more: what stands before it has matched as early as it can. */
function matches(tokens: readonly Token[], chars: readonly number[]): boolean {
  let t = 0
  let c = 0
  let retry: { readonly token: number; char: number } | undefined
  while (c < chars.length || t < tokens.length) {
    const token = tokens[t]
    if (token?.kind === 'star') {
      retry = { token: ++t, char: c }
    } else if (token && c < chars.length && token.test(chars[c]!)) {
      t++
      c++
    } else if (retry && retry.char < chars.length) {
      t = retry.token
      c = ++retry.char
    } else {
      return false
    }
  }
  return true
}
