/** The regular expressions of Go, as far as file patterns can spell them, read into a tree. */
import { ImgError } from '../error.ts'
import { type CharTest, not, perlClasses, posixClasses, unicodeClass } from './char-class.ts'

/** A regular expression. `literal` is set where a test admits just that code point. */
export type Node =
  | { readonly op: 'char'; readonly test: CharTest; readonly literal?: number }
  | { readonly op: 'assert'; readonly what: 'start' | 'end' | 'boundary' | 'inside' }
  | { readonly op: 'concat'; readonly nodes: readonly Node[] }
  | { readonly op: 'alternate'; readonly nodes: readonly Node[] }
  | { readonly op: 'repeat'; readonly node: Node; readonly min: number; readonly max: number }

const newline = 10
const escapes: Record<string, number> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }
const asserts = { A: 'start', z: 'end', b: 'boundary', B: 'inside' } as const
const maxRepeat = 1000

/**
 * Reads a regular expression.
 * @throws PATTERN_INVALID where Go refuses it too
 * @source Go, package regexp/syntax
 */
export function parseRegexp(text: string): Node {
  return new Parser(text).alternation()
}

class Parser {
  private at = 0
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  alternation(): Node {
    const branches: Node[][] = [[]]
    let repeated = false
    while (this.at < this.text.length && this.text[this.at] !== ')') {
      const branch = branches.at(-1)!
      const repeat = this.repetition()
      if (repeat) {
        const node = branch.pop()
        if (!node || repeated) this.fail(`the repetition at character ${this.at} repeats nothing`)
        branch.push({ op: 'repeat', node, ...repeat })
      } else if (this.take('|')) branches.push([])
      else branch.push(...this.atom())
      repeated = repeat !== undefined
    }
    const nodes = branches.map((nodes): Node => (nodes.length === 1 ? nodes[0]! : { op: 'concat', nodes }))
    return nodes.length === 1 ? nodes[0]! : { op: 'alternate', nodes }
  }

  private repetition(): { min: number; max: number } | undefined {
    if (this.take('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
    if (this.take('?')) return { min: 0, max: 1 }
    const counts = /\{(0|[1-9]\d{0,8})(,(0|[1-9]\d{0,8})?)?\}/y
    counts.lastIndex = this.at
    const found = counts.exec(this.text)
    if (!found) return undefined
    this.at = counts.lastIndex
    const min = Number(found[1])
    const max = found[2] === undefined ? min : found[3] === undefined ? Number.POSITIVE_INFINITY : Number(found[3])
    if (min > maxRepeat || (max > maxRepeat && Number.isFinite(max)) || min > max)
      this.fail(`"${found[0]}" is not a repetition; expected counts up to ${maxRepeat}`)
    return { min, max }
  }

  private atom(): Node[] {
    const char = this.next()
    if (char === '^') return [{ op: 'assert', what: 'start' }]
    if (char === '$') return [{ op: 'assert', what: 'end' }]
    if (char === '.') return [{ op: 'char', test: (c) => c !== newline }]
    if (char === '[') return [{ op: 'char', test: this.charClass() }]
    if (char === '\\') return this.escape()
    if (char !== '(') return [literal(char.codePointAt(0)!)]
    const inner = this.alternation()
    this.take(')')
    return [inner]
  }

  private escape(): Node[] {
    const char = this.text[this.at] ?? ''
    if (Object.hasOwn(asserts, char)) {
      this.at++
      return [{ op: 'assert', what: asserts[char as keyof typeof asserts] }]
    }
    if (this.take('Q')) {
      const end = this.text.indexOf('\\E', this.at)
      const quoted = this.text.slice(this.at, end < 0 ? undefined : end)
      this.at = end < 0 ? this.text.length : end + 2
      return [...quoted].map((quotedChar) => literal(quotedChar.codePointAt(0)!))
    }
    const test = this.namedClass()
    return test ? [{ op: 'char', test }] : [literal(this.escaped())]
  }

  /** `\d` and its kind, or a Unicode class, the backslash taken. */
  private namedClass(): CharTest | undefined {
    const letter = this.text[this.at] ?? ''
    const perl = Object.hasOwn(perlClasses, letter.toLowerCase()) && perlClasses[letter.toLowerCase()]
    if (perl) {
      this.at++
      return letter === letter.toLowerCase() ? perl : not(perl)
    }
    if (letter !== 'p' && letter !== 'P') return undefined
    const form = /[pP](?:\{(\^?)(\w+)\}|(\w))/y
    form.lastIndex = this.at
    const found = form.exec(this.text)
    const name = found?.[2] ?? found?.[3]
    const known = name === undefined ? undefined : unicodeClass(name)
    if (!found || !known) this.fail(`"\\${letter}" names no Unicode class`)
    this.at = form.lastIndex
    return (letter === 'P') === (found[1] === '^') ? known : not(known)
  }

  /** The code point that an escape stands for, the backslash taken. */
  private escaped(): number {
    const numeric = /x\{([0-9A-Fa-f]{1,8})\}|x([0-9A-Fa-f]{2})|([1-7][0-7]{1,2}|0[0-7]{0,2})/y
    numeric.lastIndex = this.at
    const found = numeric.exec(this.text)
    if (found) {
      this.at = numeric.lastIndex
      const hex = found[1] ?? found[2]
      const value = hex === undefined ? Number.parseInt(found[3]!, 8) : Number.parseInt(hex, 16)
      if (value <= 0x10ffff) return value
    } else {
      const char = this.next()
      if (Object.hasOwn(escapes, char)) return escapes[char]!
      if (/^[^0-9A-Za-z\u0080-\u{10ffff}]$/u.test(char)) return char.codePointAt(0)!
    }
    this.fail('a backslash stands before a character that it gives no meaning')
  }

  private charClass(): CharTest {
    const negated = this.take('^')
    const tests: CharTest[] = []
    for (let first = true; first || this.text[this.at] !== ']'; first = false) {
      if (this.at >= this.text.length) this.fail('a class lacks its "]"')
      tests.push(this.posixClass() ?? this.escapedClass() ?? this.range())
    }
    this.at++
    const any: CharTest = (c) => tests.some((test) => test(c))
    return negated ? not(any) : any
  }

  private posixClass(): CharTest | undefined {
    if (!this.text.startsWith('[:', this.at)) return undefined
    const end = this.text.indexOf(':]', this.at + 2)
    if (end < 0) return undefined
    const name = this.text.slice(this.at + 2, end)
    const bare = name.startsWith('^') ? name.slice(1) : name
    if (!Object.hasOwn(posixClasses, bare)) this.fail(`"[:${name}:]" names no class`)
    this.at = end + 2
    return bare === name ? posixClasses[bare]! : not(posixClasses[bare]!)
  }

  private escapedClass(): CharTest | undefined {
    if (this.text[this.at] !== '\\') return undefined
    this.at++
    const test = this.namedClass()
    if (!test) this.at--
    return test
  }

  private range(): CharTest {
    const low = this.classChar()
    const ranges = this.text[this.at] === '-' && this.at + 1 < this.text.length && this.text[this.at + 1] !== ']'
    if (!ranges) return (c) => c === low
    this.at++
    const high = this.classChar()
    if (high < low) this.fail('the range of a class runs backwards')
    return (c) => c >= low && c <= high
  }

  private classChar(): number {
    if (this.at >= this.text.length) this.fail('a class lacks its "]"')
    const char = this.next()
    return char === '\\' ? this.escaped() : char.codePointAt(0)!
  }

  private next(): string {
    if (this.at >= this.text.length) this.fail('it ends in a backslash')
    const char = String.fromCodePoint(this.text.codePointAt(this.at)!)
    this.at += char.length
    return char
  }

  private take(char: string): boolean {
    if (this.text[this.at] !== char) return false
    this.at++
    return true
  }

  private fail(why: string): never {
    throw new ImgError('PATTERN_INVALID', why)
  }
}

const literal = (char: number): Node => ({ op: 'char', test: (c) => c === char, literal: char })
