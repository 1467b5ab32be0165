/** The shape of ARG: names, each with or without a default. */
import type { Template } from '../../graph/template.ts'
import { lexWord } from './lex-word.ts'
import { spellAssigned } from './pairs.ts'
import { objectSchema, templateSchema } from './schema.ts'
import type { Shape } from './shape.ts'
import { inexpressible, shown } from './spell.ts'
import { splitShellWords } from './tokens.ts'

/** A build argument; the name is as written, nothing in it expands. */
export interface ArgDeclaration {
  readonly name: string
  readonly default?: Template
}

/** Defaults are left as they are: whether one is evaluated depends on what else is given. Source: D3.5, D3.13, D3.14. */
export const names: Shape<readonly ArgDeclaration[]> = {
  read(source) {
    const words = splitShellWords(source.text, source.escape)
    if (words.length === 0) source.fail('DOCKERFILE_SYNTAX', `${source.keyword} requires at least one argument`)
    return words.map(({ text, offset }) => {
      const equals = text.indexOf('=')
      if (equals < 0) return { name: text }
      if (equals === 0)
        source.fail('DOCKERFILE_SYNTAX', `${source.keyword} names can not be blank`, { offset, length: text.length })
      return {
        name: text.slice(0, equals),
        default: lexWord(text.slice(equals + 1), source.wordEscape ?? source.escape),
      }
    })
  },
  write(values, { escape }) {
    const texts = values.map((value) =>
      value.default === undefined ? value.name : `${value.name}=${spellDefault(value.name, value.default, escape)}`,
    )
    const text = texts.join(' ')
    const words = splitShellWords(text, escape)
    if (values.length === 0 || words.length !== texts.length || words.some((word, at) => word.text !== texts[at])) {
      throw inexpressible(`the build arguments ${shown(values)}`)
    }
    return text
  },
  expand: (values) => values,
  schema: {
    type: 'array',
    items: objectSchema({ name: { type: 'string' }, default: templateSchema }, ['name']),
    minItems: 1,
  },
}

/** A name may hold a quote, which is open where the default begins. */
function spellDefault(name: string, value: Template, escape: string): string {
  const [only] = typeof value === 'string' ? [] : value
  if (typeof only === 'object' && 'invalid' in only) return only.invalid
  return spellAssigned(value, escape, () => true, name)
}
