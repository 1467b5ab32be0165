/** Reads YAML as far as a graph needs it: one document, plain keys, no tags, no aliases. */
import type { CST, Document, Node } from 'yaml'
import { maxDepth, type Path, type Range } from './scan.ts'

type Mistake = Range & { readonly why: string }

/** The value of a document, and where its parts stand; or the first mistake. */
export type YamlReading =
  | { readonly value: unknown; find(path: Path, key?: boolean): Range | undefined }
  | { readonly mistake: Mistake }

/**
 * Reads YAML text. What could be slow or endless is a mistake: aliases, collections as keys, nesting deeper than 500 levels.
 *
 * @source YAML 1.2.2, core schema
 */
export async function readYaml(text: string): Promise<YamlReading> {
  const { Composer, isMap, isScalar, Parser } = await import('yaml')
  const tokens = [...new Parser().parse(text)]
  // The composer calls itself for each level, so this comes first.
  const early = findMistake(tokens)
  if (early) return { mistake: early }
  // Its own search for repeated keys compares every two.
  const documents = [...new Composer({ version: '1.2', uniqueKeys: false }).compose(tokens, true, text.length)]
  const [document, second] = documents as Document.Parsed[]
  if (!document) return { mistake: { start: 0, end: 0, why: 'the text holds no document' } }
  const problem = document.errors[0] ?? document.warnings[0]
  if (problem) return { mistake: { start: problem.pos[0], end: problem.pos[1], why: problem.message } }
  if (second) return { mistake: { start: second.range[0], end: second.range[1], why: 'a second document begins here' } }
  const repeated = findRepeated(document.contents, { isMap, isScalar })
  if (repeated) return { mistake: repeated }
  const find = (path: Path, key = false): Range | undefined => {
    const parent = key ? document.getIn(path.slice(0, -1), true) : undefined
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === path.at(-1))
      : undefined
    return rangeOf(key ? pair?.key : document.getIn(path, true))
  }
  return { value: document.toJS(), find }
}

function rangeOf(node: unknown): Range | undefined {
  const range = (node as Node | undefined)?.range
  return range ? { start: range[0], end: range[1] } : undefined
}

/** The first thing that is refused before the tokens are composed. Without recursion: the tokens may be nested as deep as they like. */
function findMistake(tokens: readonly CST.Token[]): Mistake | undefined {
  const stack = tokens.map((token) => ({ token, depth: 0 })).reverse()
  while (stack.length > 0) {
    const { token, depth } = stack.pop()!
    const at = { start: token.offset, end: token.offset + 1 }
    if (token.type === 'error') return { ...at, why: token.message }
    if (token.type === 'alias') return { ...at, why: 'a graph may not hold aliases' }
    if (token.type === 'document') {
      const property = findProperty(token.start)
      if (property) return property
      if (token.value) stack.push({ token: token.value, depth })
    } else if ('items' in token) {
      if (depth >= maxDepth) return { ...at, why: `it is nested more than ${maxDepth} levels deep` }
      const items = token.items as readonly CST.CollectionItem[]
      for (let i = items.length - 1; i >= 0; i--) {
        const { start, key, sep, value } = items[i]!
        const property = findProperty(start) ?? findProperty(sep ?? [])
        if (property) return property
        if (key && 'items' in key)
          return { start: key.offset, end: key.offset + 1, why: 'a member name must be plain text' }
        if (value) stack.push({ token: value, depth: depth + 1 })
        if (key) stack.push({ token: key, depth: depth + 1 })
      }
    }
  }
  return undefined
}

function findProperty(tokens: readonly CST.SourceToken[]): Mistake | undefined {
  const found = tokens.find(({ type }) => type === 'anchor' || type === 'tag')
  if (!found) return undefined
  const why = found.type === 'tag' ? 'a graph may not hold tags' : 'a graph may not hold anchors and aliases'
  return { start: found.offset, end: found.offset + found.source.length, why }
}

type Guards = Pick<typeof import('yaml'), 'isMap' | 'isScalar'>

/** The second of two members with one name in one map. */
function findRepeated(node: unknown, guards: Guards): Mistake | undefined {
  const names = new Set<string>()
  for (const item of (node as { items?: readonly unknown[] } | null)?.items ?? []) {
    const pair = item as { key?: unknown; value?: unknown }
    if (guards.isMap(node) && guards.isScalar(pair.key)) {
      const name = String(pair.key.value)
      if (names.has(name)) return { ...rangeOf(pair.key)!, why: `the member "${name}" stands there twice` }
      names.add(name)
    }
    const inner = findRepeated(guards.isMap(node) ? pair.value : item, guards)
    if (inner) return inner
  }
  return undefined
}
