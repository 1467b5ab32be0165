/** The shape of EXPOSE's ports: words that split once more when variables are filled in. */
import { expandWords } from '../../graph/expand.ts'
import { partsOf, type Template, template } from '../../graph/template.ts'
import { lexWords } from './lex-word.ts'
import { templateSchema } from './schema.ts'
import type { Shape } from './shape.ts'
import { inexpressible, same, shown, spellBare, spellDouble } from './spell.ts'
import { splitBlanks } from './tokens.ts'

/** In the order of their text. Source: D2.31, D4.7.1. */
export const words: Shape<readonly Template[], readonly string[]> = {
  read(source) {
    const tokens = splitBlanks(source.text).map(({ text }) => text)
    if (tokens.length === 0) source.fail('DOCKERFILE_SYNTAX', `${source.keyword} requires at least one argument`)
    return tokens.sort(byText).flatMap((token) => lexWords(token, source.wordEscape ?? source.escape))
  },
  write: (values, { escape }) => inOrder(values, escape).join(' ') || '""',
  expand: expandWords,
  schema: { type: 'array', items: templateSchema },
}

/** One spelling of each, so that reading, which sorts, leaves them in their order. */
function inOrder(values: readonly Template[], escape: string): readonly string[] {
  const first = values.map((value) => portSpellings(value, escape, [])[0]!)
  if (first.every((text, at) => at === 0 || byText(first[at - 1]!, text) <= 0)) return first
  let last = ''
  return values.map((value, at) => {
    const fitting = portSpellings(value, escape, disguises(value, escape))
      .filter((text) => byText(last, text) <= 0)
      .sort(byText)
    if (fitting.length === 0) throw inexpressible(`the port ${first[at]} in this place`)
    last = fitting[0]!
    return last
  })
}

/** The texts that read back as the value, the most readable first. */
function portSpellings(value: Template, escape: string, more: readonly string[]): readonly string[] {
  const [only] = typeof value === 'string' ? [] : value
  if (typeof only === 'object' && 'invalid' in only) return [only.invalid]
  const plain = spellBare(value, { escape, tight: true })
  const candidates = [plain, spellBare(value, { escape, tight: true, braces: true }), escape + plain]
  candidates.push(enclosed(value, escape))
  if (typeof value === 'string') candidates.push(`"${value}"`, `'${value}'`)
  candidates.push(...more)
  const right = candidates.filter((text) => splitBlanks(text).length === 1 && same(lexWords(text, escape), [value]))
  if (right.length === 0) throw inexpressible(`the port ${shown(value)}`)
  return right
}

/** All in one pair of quotes. */
function enclosed(value: Template, escape: string): string {
  const unquoted = partsOf(value).map((part) =>
    typeof part === 'object' && 'var' in part ? { ...part, quoted: undefined } : part,
  )
  return spellDouble(unquoted as Template, { escape })
}

/** Spellings that nobody would choose, but for where they sort: empty quotes, white space that parts no words of a line, a last escape. */
function disguises(value: Template, escape: string): string[] {
  const plain = spellBare(value, { escape, tight: true })
  const braced = spellBare(value, { escape, tight: true, braces: true })
  const out = [`''${plain}`, plain + escape, braced + escape]
  for (const nothing of ['""', '\u00a0'])
    for (let times = 1; times <= 8; times += 1)
      out.push(nothing.repeat(times) + plain, nothing.repeat(times) + enclosed(value, escape))
  const [head = '', ...tail] = partsOf(value)
  if (typeof head !== 'string') return out
  for (let at = 1; at <= head.length && at <= 16; at += 1) {
    const [front, back] = [spellBare(head.slice(0, at), { escape, tight: true }), template([head.slice(at), ...tail])]
    out.push(`${front}""${spellBare(back, { escape, tight: true })}`)
  }
  return out
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
