/** The shape of VOLUME's paths: a JSON array, or words. */
import { expand } from '../../graph/expand.ts'
import type { Template } from '../../graph/template.ts'
import { jsonStrings, writeJson } from './json-strings.ts'
import { lexWord } from './lex-word.ts'
import { templateSchema } from './schema.ts'
import type { Shape } from './shape.ts'
import { firstOf, same, shown, spellWord } from './spell.ts'
import { splitBlanks, trim } from './tokens.ts'

/** Source: D4.10.1. */
export const list: Shape<readonly Template[], readonly string[]> = {
  read(source) {
    const items = jsonStrings(source.text)
    if (items === 'mixed') return source.fail('DOCKERFILE_SYNTAX', 'a JSON array must be comprised of strings only')
    const texts = items ?? splitBlanks(source.text).map(({ text }) => text)
    if (texts.length === 0) source.fail('DOCKERFILE_SYNTAX', `${source.keyword} requires at least one argument`)
    return texts.map(trim).map((text) => {
      if (text === '') source.fail('DOCKERFILE_SYNTAX', `${source.keyword} specified can not be an empty string`)
      return lexWord(text, source.wordEscape ?? source.escape)
    })
  },
  write(values, { escape }) {
    const right = (text: string) => same(readBack(text, escape), values)
    return firstOf(spellings(values, escape), right, () => `the list ${shown(values)}`)
  },
  expand: (values, lookup) => values.map((value) => expand(value, lookup)),
  schema: { type: 'array', items: templateSchema, minItems: 1 },
}

function* spellings(values: readonly Template[], escape: string): Generator<string> {
  const texts = values.map((value) => spellWord(value, { escape, lines: true, fits: (text) => trim(text) === text }))
  if (!texts.some((text) => text.includes('\n'))) yield texts.join(' ')
  yield writeJson(texts)
}

function readBack(text: string, escape: string): unknown {
  const items = jsonStrings(text) ?? splitBlanks(text).map((token) => token.text)
  return items === 'mixed' ? undefined : items.map((item) => lexWord(item, escape))
}
