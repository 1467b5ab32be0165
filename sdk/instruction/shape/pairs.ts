/** The shape of `key=value …`, as of ENV and LABEL, and of its legacy form `key value`. */
import { expand } from '../../graph/expand.ts'
import { partsOf, type Template } from '../../graph/template.ts'
import { lexWord } from './lex-word.ts'
import { objectSchema, templateSchema } from './schema.ts'
import type { Shape, Source } from './shape.ts'
import { firstOf, same, shown, spellWord } from './spell.ts'
import { isBlank, splitShellWords } from './tokens.ts'
import { isWholeLine } from './word.ts'

/** One assignment. */
export interface Pair {
  readonly key: Template
  readonly value: Template
}

/** Source: D3.20, D3.21, D4.5.1. */
export const pairs: Shape<readonly Pair[], readonly { readonly key: string; readonly value: string }[]> = {
  read: (source) =>
    cutPairs(source).map(({ key, value, offset }) => {
      if (key !== '') return pair(key, value, source.wordEscape ?? source.escape)
      const message = `${source.keyword} names can not be blank`
      return source.fail('DOCKERFILE_SYNTAX', message, { offset, length: value.length + 1 })
    }),
  write(values, { escape }) {
    const right = (text: string) => same(readBack(text, escape), values)
    return firstOf(spellings(values, escape), right, () => `the assignments ${shown(values)}`)
  },
  expand: (values, lookup) =>
    values.map(({ key, value }) => ({ key: expand(key, lookup), value: expand(value, lookup) })),
  schema: {
    type: 'array',
    items: objectSchema({ key: templateSchema, value: templateSchema }, ['key', 'value']),
    minItems: 1,
  },
}

/** The text of a key or value that stays one word, behind its name. */
export function spellAssigned(
  value: Template,
  escape: string,
  fits: (text: string) => boolean = () => true,
  name = 'x',
): string {
  return spellWord(value, { escape, tight: true, fits: (text) => isOneWord(`${name}=${text}`, escape) && fits(text) })
}

function isOneWord(text: string, escape: string): boolean {
  const words = splitShellWords(text, escape)
  return words.length === 1 && words[0]!.text === text
}

/** Keys and values as written. Fails where the words do not make pairs. */
export function cutPairs(source: Source): { readonly key: string; readonly value: string; readonly offset: number }[] {
  const words = splitShellWords(source.text, source.escape)
  const [first] = words
  if (!first) return source.fail('DOCKERFILE_SYNTAX', `${source.keyword} requires at least one argument`)
  if (!first.text.includes('=')) return [legacy(source)]
  return words.map(({ text, offset }) => {
    const equals = text.indexOf('=')
    if (equals >= 0) return { key: text.slice(0, equals), value: text.slice(equals + 1), offset }
    const message = `can't find = in "${text}", it must be of the form name=value`
    const hint = 'put a value with blanks in quotes'
    return source.fail('DOCKERFILE_SYNTAX', message, { offset, length: text.length, hint })
  })
}

function legacy(source: Source) {
  source.note('legacy')
  const { text } = source
  let end = 0
  while (end < text.length && !isBlank(text.charCodeAt(end))) end += 1
  let start = end
  while (start < text.length && isBlank(text.charCodeAt(start))) start += 1
  if (start < text.length) return { key: text.slice(0, end), value: text.slice(start), offset: 0 }
  const hint = `write ${source.keyword} ${text}=`
  return source.fail('DOCKERFILE_SYNTAX', `${source.keyword} must have two arguments`, { hint })
}

function pair(key: string, value: string, escape: string): Pair {
  const name = lexWord(key, escape)
  const [only] = typeof name === 'string' ? [] : name
  // a malformed name fails before its value is looked at, and its quotes may end only there
  if (isInvalid(only)) return { key: name, value: [{ invalid: value, reason: 'its name is malformed' }] }
  return { key: name, value: lexWord(value, escape) }
}

function* spellings(values: readonly Pair[], escape: string): Generator<string> {
  const invalid = values.some(({ key, value }) =>
    [key, value].some((part) => typeof part !== 'string' && part.some(isInvalid)),
  )
  const [only] = values
  if (values.length === 1 && only && holdsEquals(only.key)) {
    yield spellLegacy(only, escape)
    return
  }
  if (!invalid) {
    const texts = values.map(({ key, value }) => {
      const name = spellAssigned(key, escape, (text) => !text.includes('='))
      return `${name}=${spellAssigned(value, escape)}`
    })
    yield texts.join(' ')
    return
  }
  // what never expands is written as it stood
  yield values.map(({ key, value }) => `${verbatim(key, escape)}=${verbatim(value, escape)}`).join(' ')
  yield values.map(({ key, value }) => `${verbatim(key, escape)} ${verbatim(value, escape)}`).join(' ')
}

/** A key that holds `=` behind white space other than blanks: only the form without `=` has such. */
function spellLegacy({ key, value }: Pair, escape: string): string {
  const fits = (text: string) =>
    !/[ \t\v\f\r]/.test(text) && splitShellWords(text, escape)[0]?.text.includes('=') === false
  const name = spellWord(key, { escape, tight: true, fits })
  return `${name} ${isInvalidAlone(value) ? verbatim(value, escape) : spellWord(value, { escape, fits: isWholeLine })}`
}

function isInvalidAlone(value: Template): boolean {
  return typeof value !== 'string' && value.length === 1 && isInvalid(value[0])
}

function verbatim(value: Template, escape: string): string {
  if (typeof value === 'string') return spellAssigned(value, escape)
  const [only] = value
  return value.length === 1 && isInvalid(only) ? (only as { invalid: string }).invalid : spellAssigned(value, escape)
}

function isInvalid(part: unknown): boolean {
  return typeof part === 'object' && part !== null && 'invalid' in part
}

function readBack(text: string, escape: Source['escape']): unknown {
  const fail = (): never => {
    throw new SyntaxError(text)
  }
  try {
    return pairs.read({ keyword: '', text, escape, heredocs: [], note: () => undefined, fail })
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined
    throw thrown
  }
}

function holdsEquals(key: Template): boolean {
  return partsOf(key).some((part) => typeof part === 'string' && part.includes('='))
}
