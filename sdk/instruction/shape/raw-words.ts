/**
 * Words of a line as BuildKit's shell lexer cuts them when no variable is set: references stay spelled out.
 * Here-documents are found in such words, so their quirks decide what is one.
 */
import { isSpace } from './tokens.ts'

const deepest = 100
const letters = /[\p{L}_][\p{L}\p{Nd}_]*/uy
const digits = /\p{Nd}+/uy

/** What stays in the words. */
export interface Keep {
  readonly quotes?: boolean
  readonly escapes?: boolean
}

/** The words; undefined where quotes are unbalanced or a reference is malformed. The escape character is `\`. */
export function rawWords(text: string, keep: Keep): readonly string[] | undefined {
  try {
    return new RawWords(text, keep).read()
  } catch (thrown) {
    if (thrown instanceof Unreadable) return undefined
    throw thrown
  }
}

class Unreadable {}

class RawWords {
  private readonly text: string
  private readonly keep: Keep
  private at = 0
  private readonly words: string[] = []
  private word = ''
  /** A word behind an operator was read since this was last cleared. */
  private nested = false

  constructor(text: string, keep: Keep) {
    this.text = text
    this.keep = keep
  }

  read(): readonly string[] {
    while (this.at < this.text.length) this.step()
    this.endWord()
    return this.words
  }

  private endWord(): void {
    if (this.word !== '') this.words.push(this.word)
    this.word = ''
  }

  private step(): void {
    if (isSpace(this.text.charCodeAt(this.at))) {
      this.endWord()
      this.at += 1
      return
    }
    const reference = this.text[this.at] === '$'
    this.nested = false
    const piece = this.piece(0, this.keep.escapes === true)
    // BuildKit loses the beginning of a word when it reads one behind an operator
    if (this.nested) this.word = ''
    if (!reference) this.word += piece
    else this.split(piece)
  }

  private split(text: string): void {
    for (const char of text) {
      if (isSpace(char.charCodeAt(0))) this.endWord()
      else this.word += char
    }
  }

  /** One character, quoted run, escaped pair or reference. */
  private piece(depth: number, escapes: boolean): string {
    const { text, at } = this
    const char = text[at]!
    if (char === '$') return this.reference(depth)
    if (char === "'") {
      const end = text.indexOf("'", at + 1)
      if (end < 0) throw new Unreadable()
      this.at = end + 1
      return this.keep.quotes ? text.slice(at, this.at) : text.slice(at + 1, end)
    }
    if (char === '"') return this.doubleQuoted(depth, escapes)
    if (char === '\\') {
      this.at += 2
      return text.slice(escapes ? at : at + 1, this.at)
    }
    this.at += 1
    if (char !== '<' || text[this.at] !== '<') return char
    // blanks between << and its word belong to the word
    this.at += 1
    while (/[\t\r ]/.test(text[this.at] ?? '')) this.at += 1
    return text.slice(at, this.at)
  }

  private doubleQuoted(depth: number, escapes: boolean): string {
    const quote = this.keep.quotes ? '"' : ''
    let out = quote
    this.at += 1
    while (this.at < this.text.length) {
      const char = this.text[this.at]!
      if (char === '$') {
        out += this.reference(depth)
        continue
      }
      this.at += 1
      if (char === '"') return out + quote
      const next = this.text[this.at] ?? ''
      const special = char === '\\' && (next === '"' || next === '$' || next === '\\')
      if (char === '\\' && escapes) out += char
      if (special) this.at += 1
      out += special ? next : char
    }
    throw new Unreadable()
  }

  private reference(depth: number): string {
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
    // what follows a colon is looked at only when the variable is set, which none is
    if (!/^(:[^#%]|[-+?#%])$/su.test(operator)) throw new Unreadable()
    return `\${${name}${operator}${this.until('}', operator === '#' || operator === '%', depth + 1)}}`
  }

  /** What follows an operator; a pattern keeps its escape characters. */
  private until(stop: string, escapes: boolean, depth: number): string {
    this.nested = true
    const out: string[] = []
    while (this.at < this.text.length) {
      if (this.text[this.at] === stop) {
        this.at += 1
        return out.join('')
      }
      out.push(this.piece(depth, escapes))
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
