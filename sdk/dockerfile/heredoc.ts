/** Finding the here-documents that a logical line announces. */
import { type HeredocToken, heredocToken } from '../instruction/shape/heredoc.ts'
import { isSpace } from '../instruction/shape/tokens.ts'

const deepest = 100
const letters = /[\p{L}_][\p{L}\p{Nd}_]*/uy
const digits = /\p{Nd}+/uy

/**
 * The here-documents of a line, in order. The whole line is read like a shell would; where that fails there are none.
 *
 * @source D1.51, D1.57, D1.58
 */
export function heredocsOf(line: string): HeredocToken[] {
  if (!line.includes('<<')) return []
  const words = new RawWords(line).read()
  const tokens = words.filter((word) => word.includes('<<')).map(heredocToken)
  return tokens.filter((token) => token !== undefined)
}

class Unreadable extends Error {}

/** The words of a line with quotes, escapes and references left in place. */
class RawWords {
  private readonly text: string
  private at = 0
  private readonly words: string[] = []
  private word = ''

  constructor(text: string) {
    this.text = text
  }

  read(): readonly string[] {
    try {
      while (this.at < this.text.length) this.step()
    } catch (thrown) {
      if (thrown instanceof Unreadable) return []
      throw thrown
    }
    this.endWord()
    return this.words
  }

  private endWord(): void {
    if (this.word !== '') this.words.push(this.word)
    this.word = ''
  }

  private step(): void {
    const char = this.text[this.at]!
    if (char === '$') {
      for (const piece of this.dollar(0)) {
        if (isSpace(piece.charCodeAt(0))) this.endWord()
        else this.word += piece
      }
    } else if (isSpace(this.text.charCodeAt(this.at))) {
      this.endWord()
      this.at += 1
    } else this.word += this.piece(0)
  }

  /** One character, quoted run or escaped pair that is not a reference. */
  private piece(depth: number): string {
    const { text, at } = this
    const char = text[at]!
    if (char === "'") {
      const end = text.indexOf("'", at + 1)
      if (end < 0) throw new Unreadable()
      this.at = end + 1
      return text.slice(at, this.at)
    }
    if (char === '"') return this.doubleQuoted(depth)
    if (char === '\\') {
      this.at += 2
      return text.slice(at, this.at)
    }
    this.at += 1
    if (char !== '<' || text[this.at] !== '<') return char
    // blanks between << and its word belong to the word
    this.at += 1
    while (/[\t\r ]/.test(text[this.at] ?? '')) this.at += 1
    return text.slice(at, this.at)
  }

  private doubleQuoted(depth: number): string {
    let out = '"'
    this.at += 1
    while (this.at < this.text.length) {
      const char = this.text[this.at]!
      if (char === '"') {
        this.at += 1
        return `${out}"`
      }
      if (char === '$') {
        out += this.dollar(depth)
        continue
      }
      this.at += 1
      out += char
      const next = this.text[this.at] ?? ''
      if (char !== '\\') continue
      if (next === '"' || next === '$' || next === '\\') this.at += 1
      out += next === '"' || next === '$' || next === '\\' ? next : '\\'
    }
    throw new Unreadable()
  }

  /** A reference, spelled out again: nothing is set, so nothing is filled in. */
  private dollar(depth: number): string {
    if (depth > deepest) throw new Unreadable()
    this.at += 1
    if (this.text[this.at] !== '{') return `$${this.name()}`
    this.at += 1
    if (/^[{}:]?$/.test(this.text[this.at] ?? '')) throw new Unreadable()
    const name = this.name()
    const char = this.text[this.at] ?? ''
    this.at += 1
    if (char === '}') return `\${${name}}`
    if (char === '/') {
      if (this.text[this.at] === '/') this.at += 1
      const pattern = this.until('/', true, depth + 1)
      return `\${${name}/${pattern}/${this.until('}', true, depth + 1)}}`
    }
    const operator = char === ':' ? char + (this.text[this.at++] ?? '') : char
    if (!/^(:?[-+?]|[#%])$/.test(operator)) throw new Unreadable()
    return `\${${name}${operator}${this.until('}', operator === '#' || operator === '%', depth + 1)}}`
  }

  /** What follows an operator; a word loses its escape characters, a pattern keeps them. */
  private until(stop: string, raw: boolean, depth: number): string {
    let out = ''
    while (this.at < this.text.length) {
      const char = this.text[this.at]!
      if (char === stop) {
        this.at += 1
        return out
      }
      if (char === '$') out += this.dollar(depth)
      else out += char === '\\' && !raw ? this.piece(depth).slice(1) : this.piece(depth)
    }
    throw new Unreadable()
  }

  private name(): string {
    for (const pattern of [digits, letters]) {
      pattern.lastIndex = this.at
      const match = pattern.exec(this.text)
      if (!match) continue
      this.at += match[0].length
      return match[0]
    }
    const char = this.text[this.at] ?? ' '
    if (!'@*#?-$!'.includes(char)) return ''
    this.at += 1
    return char
  }
}
