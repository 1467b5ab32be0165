/** Walks JSON text without recursion: finds the first mistake, and the place of a value. */

/** The members and indices that lead to a value. */
export type Path = readonly (string | number)[]

/** Deeper nesting is refused; a graph written by us stays far below. */
export const maxDepth = 500

/** `start` and `end` count characters. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** The outcome: the first mistake, if any, and the range of the value (or of the key of the member) that was asked for. */
export interface Scan {
  readonly mistake?: Range & { readonly why: string }
  readonly found?: Range
}

/**
 * Reads JSON text, repeated members and nesting deeper than 500 levels being mistakes too.
 *
 * @param path  the value to find; `key` finds the name of that member instead
 * @source RFC 8259
 */
export function scanJson(text: string, path?: Path, key = false): Scan {
  const scanner = new Scanner(text, path, key)
  try {
    scanner.run()
  } catch (error) {
    if (!(error instanceof Mistake)) throw error
    return { mistake: { start: error.start, end: error.end, why: error.message } }
  }
  return scanner.found ? { found: scanner.found } : {}
}

class Mistake extends Error {
  readonly start: number
  readonly end: number
  constructor(why: string, start: number, end = start + 1) {
    super(why)
    this.start = start
    this.end = end
  }
}

/** An open array or object. `matches`: it is, or leads to, the value that is looked for. */
interface Frame {
  readonly keys: Set<string> | undefined
  readonly matches: boolean
  readonly start: number
  index: number
  member: string
}

const blanks = /[ \t\n\r]*/y
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const plain = /[^"\\\u0000-\u001f]*/y
const escape = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/y
const word = /[^\s,:[\]{}"]+/y

class Scanner {
  found: Range | undefined
  private at = 0
  private readonly frames: Frame[] = []
  private readonly text: string
  private readonly path: Path | undefined
  private readonly wantsKey: boolean

  constructor(text: string, path: Path | undefined, wantsKey: boolean) {
    this.text = text
    this.path = path
    this.wantsKey = wantsKey
  }

  run(): void {
    if (this.text.startsWith('\ufeff')) this.at = 1
    this.value()
    while (this.frames.length > 0) this.next()
    this.skip(blanks)
    if (this.at < this.text.length) this.fail('nothing more after the document')
  }

  /** One step inside the innermost array or object: its end, or its next value. */
  private next(): void {
    const frame = this.frames.at(-1)!
    this.skip(blanks)
    const close = frame.keys ? '}' : ']'
    if (this.text[this.at] === close) {
      this.close(frame)
      return
    }
    if (frame.index >= 0) {
      if (this.text[this.at] !== ',') this.fail(`"," or "${close}"`)
      this.at++
      this.skip(blanks)
    }
    frame.index++
    if (frame.keys) this.key(frame, frame.keys)
    this.value()
  }

  private key(frame: Frame, keys: Set<string>): void {
    const start = this.at
    if (this.text[this.at] !== '"')
      this.fail(frame.index === 0 ? 'a member name in double quotes or "}"' : 'a member name in double quotes')
    frame.member = JSON.parse(this.string()) as string
    if (keys.has(frame.member)) throw new Mistake(`the member "${frame.member}" stands there twice`, start, this.at)
    keys.add(frame.member)
    if (this.wantsKey && this.isWanted()) this.found = { start, end: this.at }
    this.skip(blanks)
    if (this.text[this.at] !== ':') this.fail('":"')
    this.at++
  }

  private value(): void {
    this.skip(blanks)
    const start = this.at
    const char = this.text[start]
    if (char === '{' || char === '[') {
      if (this.frames.length >= maxDepth) throw new Mistake(`it is nested more than ${maxDepth} levels deep`, start)
      const matches = this.leadsTo()
      this.frames.push({ keys: char === '{' ? new Set() : undefined, matches, start, index: -1, member: '' })
      this.at++
      return
    }
    if (char === '"') this.string()
    else if (!this.take(scalar)) this.fail('a value')
    if (!this.wantsKey && this.isWanted()) this.found = { start, end: this.at }
  }

  private close(frame: Frame): void {
    this.at++
    this.frames.pop()
    if (!this.wantsKey && frame.matches && this.path?.length === this.frames.length)
      this.found = { start: frame.start, end: this.at }
  }

  private leadsTo(): boolean {
    const parent = this.frames.at(-1)
    if (!this.path) return false
    if (!parent) return true
    const step = this.path[this.frames.length - 1]
    return parent.matches && step !== undefined && String(step) === (parent.keys ? parent.member : String(parent.index))
  }

  private isWanted(): boolean {
    return this.path?.length === this.frames.length && this.leadsTo()
  }

  private string(): string {
    const start = this.at++
    do this.take(plain)
    while (this.take(escape))
    if (this.text[this.at] !== '"') {
      const line = this.text.indexOf('\n', start)
      const end = line < 0 ? this.text.length : line
      throw new Mistake(
        'a string is not closed, or holds a character or an escape that JSON does not allow',
        start,
        end,
      )
    }
    return this.text.slice(start, ++this.at)
  }

  private skip(expression: RegExp): void {
    this.take(expression)
  }

  private take(expression: RegExp): boolean {
    expression.lastIndex = this.at
    if (!expression.test(this.text)) return false
    this.at = expression.lastIndex
    return true
  }

  private fail(expected: string): never {
    const start = this.at
    if (start >= this.text.length) throw new Mistake(`the text ends where ${expected} is expected`, start, start)
    const end = this.take(word) ? this.at : start + 1
    throw new Mistake(
      `expected ${expected}, found ${JSON.stringify(this.text.slice(start, Math.min(end, start + 40)))}`,
      start,
      end,
    )
  }
}
