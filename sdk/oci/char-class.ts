/** The character classes of Go's regular expressions. */

/** Whether a code point belongs to a class. */
export type CharTest = (char: number) => boolean

/** Letters, digits and underscore of ASCII: what Go calls a word character. */
export const isWord: CharTest = (c) => isDigit(c) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95
const isDigit: CharTest = (c) => c >= 48 && c <= 57
const isBlank: CharTest = (c) => c === 9 || c === 10 || c === 12 || c === 13 || c === 32

/** `\d`, `\s` and `\w`. */
export const perlClasses: Record<string, CharTest> = { d: isDigit, s: isBlank, w: isWord }
/** `[:alpha:]` and its kind. */
export const posixClasses: Record<string, CharTest> = {
  alnum: (c) => isWord(c) && c !== 95,
  alpha: (c) => isWord(c) && c !== 95 && !isDigit(c),
  ascii: (c) => c <= 127,
  blank: (c) => c === 9 || c === 32,
  cntrl: (c) => c < 32 || c === 127,
  digit: isDigit,
  graph: (c) => c > 32 && c < 127,
  lower: (c) => c >= 97 && c <= 122,
  print: (c) => c >= 32 && c < 127,
  punct: (c) => c > 32 && c < 127 && (!isWord(c) || c === 95),
  space: (c) => (c >= 9 && c <= 13) || c === 32,
  upper: (c) => c >= 65 && c <= 90,
  word: isWord,
  xdigit: (c) => isDigit(c) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102),
}
/** The opposite class. */
export const not =
  (test: CharTest): CharTest =>
  (c) =>
    !test(c)

/** A general category or a script by its Unicode name. */
export function unicodeClass(name: string): CharTest | undefined {
  for (const property of name === 'Any' ? ['Any'] : [`gc=${name}`, `sc=${name}`]) {
    try {
      const expression = new RegExp(`^\\p{${property}}$`, 'u')
      return (c) => expression.test(String.fromCodePoint(c))
    } catch {}
  }
  return undefined
}
