/** Here-document tokens: `<<NAME`, `<<-NAME`, `3<<"NAME"`. */
import { lexWords } from './lex-word.ts'

/** What a token announces. */
export interface HeredocToken {
  readonly name: string
  readonly expand: boolean
  readonly chomp: boolean
}

/**
 * The here-document that a word announces; undefined where it is none.
 *
 * @source D1.51, D1.54, D1.56
 */
export function heredocToken(word: string): HeredocToken | undefined {
  const match = /^[0-9]*<<(-?)/.exec(word)
  if (!match) return undefined
  const text = word.slice(match[0].length).replace(/^[\t\n\f\r ]+/, '')
  if (text === '' || text.includes('<')) return undefined
  const [only, ...more] = lexWords(hideDollars(text), '\\')
  if (typeof only !== 'string' || more.length > 0) return undefined
  return { name: only.replaceAll(dollar, '$'), expand: !isQuoted(text), chomp: match[1] === '-' }
}

/** The body without the tabs that its lines begin with. */
export function chompTabs(body: string): string {
  return body.replace(/(^|\n)\t+/g, '$1')
}

// A dollar sign in a delimiter is just that; the lexer is shown a character that no text holds instead.
const dollar = '\ue000\udc00'

function hideDollars(text: string): string {
  return text.replaceAll('$', dollar)
}

/** Whether a quote in it is one, and not escaped. */
function isQuoted(text: string): boolean {
  return /^(?:[^"'\\]|\\.)*["']/s.test(text)
}
