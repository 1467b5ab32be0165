/** The shape of one word with variables: a path, a user, the value of a flag. */
import { expand } from '../../graph/expand.ts'
import type { Template } from '../../graph/template.ts'
import { lexWord } from './lex-word.ts'
import { templateSchema } from './schema.ts'
import type { Shape } from './shape.ts'
import { spellWord } from './spell.ts'
import { trim } from './tokens.ts'

/** The whole text is one word, blanks included. Source: D2.30, D2.36. */
export const word: Shape<Template, string> = {
  read(source) {
    if (source.text === '' && source.flag === undefined) {
      source.fail('DOCKERFILE_SYNTAX', `${source.keyword} requires exactly one argument`)
    }
    if (source.keyword === 'FROM' && source.text.includes('$')) source.note(`${source.flag}:${source.text}`)
    return lexWord(source.text, source.wordEscape ?? source.escape)
  },
  write: (value, { escape }) => spellWord(value, { escape, fits: isWholeLine }),
  expand,
  schema: templateSchema,
  isAbsent: (value) => value === '',
}

/** Whether a text keeps its ends when it stands alone after a keyword. */
export function isWholeLine(text: string): boolean {
  return text !== '' && trim(text) === text
}
