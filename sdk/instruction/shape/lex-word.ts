/**
 * Reading a word into a template: quotes and escapes are undone, variable references become parts.
 * Recursive descent over `${…}`; the depth is bounded so that no input overflows the stack.
 * Longer than most files because the rules of quotes, escapes and references call each other.
 */
import { type Invalid, type Modifier, type Part, type Template, template, type Variable } from '../../graph/template.ts'
import { isSpace } from './tokens.ts'

/** `${…}` inside `${…}` further than this is refused. */
const deepest = 100

const letters = /[\p{L}_][\p{L}\p{Nd}_]*/uy
const digits = /\p{Nd}+/uy
const specials = '@*#?-$!'

/** The expansion can never succeed. Caught in this file. */
class Malformed {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}

/**
 * The template that a word means.
 *
 * @param text    the word as written
 * @param escape  the escape character
 * @returns       a template; where the word is malformed, one `Invalid` part that fails when it is expanded
 * @source        D2.1 to D2.25
 */
export function lexWord(text: string, escape: string): Template {
  // Go's scanner drops a mark of the byte order before the first character
  const word = text.startsWith('\ufeff') ? text.slice(1) : text
  if (isPlain(word, escape)) return word
  return guarded(text, () => template(new Lexer(word, escape, true).until('', false, 0)))
}

/** The template that the body of a here-document means: quotes are ordinary, `\` escapes. Source: D2.60, D2.61. */
export function lexBody(text: string): Template {
  if (!text.includes('$') && !text.includes('\\')) return text
  return guarded(text, () => template(new Lexer(text, '\\', false).until('', false, 0)))
}

/** The words of a text of words mode: quoted references carry `quoted`, unquoted white space splits. Source: D2.31. */
export function lexWords(text: string, escape: string): Template[] {
  const lexer = new Lexer(text, escape, true)
  try {
    const words: Part[][] = [[]]
    lexer.words = words
    lexer.until('', false, 0)
    const templates = words.map((parts) => template(parts))
    return templates.filter((word) => word !== '')
  } catch (thrown) {
    return [invalid(text, thrown)]
  }
}

function isPlain(text: string, escape: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 0x24 || code === 0x22 || code === 0x27 || text[at] === escape) return false
  }
  return true
}

function guarded(text: string, read: () => Template): Template {
  try {
    return read()
  } catch (thrown) {
    return invalid(text, thrown)
  }
}

function invalid(text: string, thrown: unknown): Template {
  if (!(thrown instanceof Malformed)) throw thrown
  const part: Invalid = Object.freeze({ invalid: text, reason: thrown.reason })
  return Object.freeze([part])
}

/**
 * In words mode BuildKit loses the beginning of a word when it reads one behind an operator. `expandWords` does the same;
 * but what stood before the quotes that the reference is in can be told only here.
 */
function forget(parts: Part[], region: number): void {
  const last = parts.findLastIndex(
    (part, at) => at < region && typeof part === 'object' && 'var' in part && !part.quoted,
  )
  parts.fill('', last + 1, region)
}

class Lexer {
  /** Where words mode collects; undefined in word mode. */
  words: Part[][] | undefined
  private at = 0
  private readonly text: string
  private readonly escape: string
  private readonly quotes: boolean

  constructor(text: string, escape: string, quotes: boolean) {
    this.text = text
    this.escape = escape
    this.quotes = quotes
  }

  /** Reads up to `stop`, which is consumed. `raw` keeps escape characters, for patterns. */
  until(stop: '' | '}' | '/', raw: boolean, depth: number): Part[] {
    if (depth > deepest) throw new Malformed(`it nests deeper than ${deepest} levels`)
    const { text, escape, quotes } = this
    const splitting = depth === 0 ? this.words : undefined
    let out: Part[] = splitting?.[0] ?? []
    while (this.at < text.length) {
      const char = text[this.at]!
      if (char === stop) {
        this.at += 1
        return out
      }
      if (char === '$') out.push(this.dollar(depth))
      else if (quotes && char === "'") out.push(this.singleQuoted())
      else if (quotes && char === '"') this.doubleQuoted(out, raw, depth)
      else if (char === escape) {
        const next = text[this.at + 1] ?? ''
        out.push(raw ? escape + next : next)
        this.at += 2
      } else if (splitting && isSpace(text.charCodeAt(this.at))) {
        this.at += 1
        if (out.length > 0) splitting.push((out = []))
      } else out.push(this.plain(stop, splitting !== undefined))
    }
    if (stop !== '') throw new Malformed(`there is no closing "${stop}"`)
    return out
  }

  /** A run of characters that mean themselves. */
  private plain(stop: string, splitting: boolean): string {
    const { text, escape, quotes } = this
    const start = this.at
    this.at += 1
    while (this.at < text.length) {
      const char = text[this.at]!
      if (char === '$' || char === escape || char === stop) break
      if (quotes && (char === "'" || char === '"')) break
      if (splitting && isSpace(text.charCodeAt(this.at))) break
      this.at += 1
    }
    return text.slice(start, this.at)
  }

  private singleQuoted(): string {
    const end = this.text.indexOf("'", this.at + 1)
    if (end < 0) throw new Malformed('a single quote is not closed')
    const inner = this.text.slice(this.at + 1, end)
    this.at = end + 1
    return inner
  }

  private doubleQuoted(out: Part[], raw: boolean, depth: number): void {
    const { text, escape } = this
    const region = out.length
    this.at += 1
    let start = this.at
    while (this.at < text.length) {
      const char = text[this.at]!
      if (char === '"') {
        out.push(text.slice(start, this.at))
        this.at += 1
        return
      }
      if (char === '$') {
        out.push(text.slice(start, this.at))
        const part = this.dollar(depth)
        if (this.words && depth === 0 && typeof part !== 'string' && part.op !== undefined) forget(out, region)
        out.push(this.words && depth === 0 && typeof part !== 'string' ? { ...part, quoted: true } : part)
        start = this.at
      } else if (char === escape) {
        const next = text[this.at + 1] ?? ''
        const special = next === '"' || next === '$' || next === escape
        if (raw || special) {
          out.push(text.slice(start, this.at), raw ? escape : '', special ? next : escape)
          this.at += special ? 2 : 1
          start = this.at
        } else this.at += 1
      } else this.at += 1
    }
    throw new Malformed('a double quote is not closed')
  }

  /** A reference, or a dollar sign that is only that. */
  private dollar(depth: number): Variable | string {
    this.at += 1
    if (this.text[this.at] !== '{') {
      const name = this.name()
      return name === '' ? '$' : { var: name }
    }
    this.at += 1
    const first = this.text[this.at]
    if (first === undefined) throw new Malformed('there is no closing "}"')
    if (first === '{' || first === '}' || first === ':') throw new Malformed('it is a bad substitution')
    const name = this.name()
    const char = this.text[this.at] ?? ''
    this.at += 1
    if (char === '}') return { var: name }
    if (char === '/') return this.replacement(name, depth)
    const operator = char === ':' ? char + (this.text[this.at++] ?? '') : char
    if (!/^(:?[-+?]|[#%])$/.test(operator)) throw new Malformed(`the modifier "${operator}" is not supported`)
    return this.modified(name, operator as Modifier, depth)
  }

  private modified(name: string, operator: Modifier, depth: number): Variable {
    const glob = operator === '#' || operator === '%'
    const word = template(this.until('}', glob, depth + 1))
    const head = typeof word === 'string' ? word : word[0]
    if (!glob || typeof head !== 'string' || !head.startsWith(operator)) return { var: name, op: operator, word }
    // the doubled form is told by the first character of the pattern, whatever spells it
    const rest = typeof word === 'string' ? word.slice(1) : template([head.slice(1), ...word.slice(1)])
    return { var: name, op: (operator + operator) as Modifier, word: rest }
  }

  private replacement(name: string, depth: number): Variable {
    const all = this.text[this.at] === '/'
    if (all) this.at += 1
    const word = template(this.until('/', true, depth + 1))
    return { var: name, op: all ? '//' : '/', word, with: template(this.until('}', true, depth + 1)) }
  }

  /** The name at this place, or nothing. Source: D2.1, D2.2. */
  private name(): string {
    for (const pattern of [digits, letters]) {
      pattern.lastIndex = this.at
      const match = pattern.exec(this.text)
      if (!match) continue
      this.at += match[0].length
      return match[0]
    }
    const char = this.text[this.at]
    if (char === undefined || !specials.includes(char)) return ''
    this.at += 1
    return char
  }
}
