/** The shape of EXPOSE's ports: words that split once more when variables are filled in. */
import { expandWords } from '../../graph/expand.ts'
import { partsOf, type Template } from '../../graph/template.ts'
import { lexWords } from './lex-word.ts'
import { templateSchema } from './schema.ts'
import type { Shape } from './shape.ts'
import { firstOf, same, shown, spellWord } from './spell.ts'
import { splitBlanks } from './tokens.ts'

/** In the order of their text. Source: D2.31, D4.7.1. */
export const words: Shape<readonly Template[], readonly string[]> = {
  read(source) {
    const tokens = splitBlanks(source.text).map(({ text }) => text)
    if (tokens.length === 0) source.fail('DOCKERFILE_SYNTAX', `${source.keyword} requires at least one argument`)
    return tokens.sort(byText).flatMap((token) => lexWords(token, source.wordEscape ?? source.escape))
  },
  write(values, { escape }) {
    const texts = values.map((value) => spellPort(value, escape, () => true))
    // reading sorts, so a text that would sort too late gets a spelling that sorts earlier
    for (let at = texts.length - 2; at >= 0; at -= 1) {
      const next = texts[at + 1]!
      if (byText(texts[at]!, next) > 0) texts[at] = spellPort(values[at]!, escape, (text) => byText(text, next) <= 0)
    }
    return texts.length === 0 ? '""' : texts.join(' ')
  },
  expand: expandWords,
  schema: { type: 'array', items: templateSchema },
}

function spellPort(value: Template, escape: string, fits: (text: string) => boolean): string {
  const right = (text: string) => splitBlanks(text).length === 1 && fits(text) && same(lexWords(text, escape), [value])
  return firstOf(portSpellings(value, escape), right, () => `the port ${shown(value)} in this place`)
}

function* portSpellings(value: Template, escape: string): Generator<string> {
  const plain = partsOf(value)
    .map((part) => {
      if (typeof part === 'string') return spellWord(part, { escape, tight: true })
      const spelled =
        'invalid' in part ? part.invalid : spellWord([{ ...part, quoted: undefined } as never], { escape, tight: true })
      return 'quoted' in part && part.quoted ? `"${spelled.replace(/^"(.*)"$/s, '$1')}"` : spelled
    })
    .join('')
  yield plain
  if (typeof value === 'string') yield `"${plain}"`
  for (let prefix = '""'; prefix.length <= 64; prefix += '""') yield prefix + plain
}

/** The order of bytes of the UTF-8 text. */
function byText(left: string, right: string): number {
  if (left === right) return 0
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)]
    // surrogates stand for characters above all others
    if (a !== b) return (a >= 0xd800 && a < 0xe000 ? a + 0x10000 : a) - (b >= 0xd800 && b < 0xe000 ? b + 0x10000 : b)
  }
  return left.length - right.length
}
