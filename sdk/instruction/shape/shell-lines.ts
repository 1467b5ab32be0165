/** Where a shell command is broken so that it reads well, without a change to its text. */

/** A place to go on in the next line, between two words. */
interface Place {
  /** What the next line begins with: the rest of the blanks, and the word. */
  readonly at: number
  /** `written`: there are blanks that tell of an author's line; before `&&` and `||`, behind `;`; before `|`. */
  readonly kind: 'written' | 'list' | 'pipe'
}

/**
 * A command in lines: as its author had broken it, as far as runs of blanks tell, in quotes those with tabs; what is still long,
 * between the commands of a list, then between those of a pipe, but never inside of `if`, `for`, `(` and the like.
 *
 * @param room  how long the first line and the others may be
 */
export function shellLines(
  text: string,
  escape: string,
  room: { readonly first: number; readonly next: number },
): string[] {
  const places = placesIn(text, escape)
  let lines: readonly Line[] = cut({ text, from: 0 }, new Cursor(places, 'written'))
  for (const kind of ['list', 'pipe'] as const) {
    const cursor = new Cursor(places, kind)
    lines = lines.flatMap((line, index) =>
      line.text.length > (index === 0 ? room.first : room.next) ? cut(line, cursor) : line,
    )
  }
  return lines.map((line) => line.text)
}

/** A part of the text, and where it begins. */
interface Line {
  readonly text: string
  readonly from: number
}

/** Places of one kind, taken in order. */
class Cursor {
  private readonly places: readonly Place[]
  private readonly kind: Place['kind']
  private index = 0

  constructor(places: readonly Place[], kind: Place['kind']) {
    this.places = places
    this.kind = kind
  }

  /** The next one before the end, whatever came before the start left out. */
  next(start: number, end: number): number | undefined {
    for (; this.index < this.places.length; this.index += 1) {
      const { at, kind } = this.places[this.index]!
      if (at >= end) return undefined
      if (at > start && kind === this.kind) return at
    }
    return undefined
  }
}

/** The line cut at the places that are in it; what follows a cut must not be a line's own indentation. */
function cut({ text, from }: Line, cursor: Cursor): Line[] {
  const out: Line[] = []
  let start = 0
  for (let at = cursor.next(from, from + text.length); at !== undefined; at = cursor.next(at, from + text.length)) {
    if (text.slice(start, at - from).trim() === '') continue
    out.push({ text: text.slice(start, at - from), from: from + start })
    start = at - from
  }
  return [...out, { text: text.slice(start), from: from + start }]
}

const opening: ReadonlySet<string> = new Set(['if', 'for', 'while', 'until', 'case', 'select', '{'])
const closing: ReadonlySet<string> = new Set(['fi', 'done', 'esac', '}'])
/** What a command may follow, besides `;`, `&`, `|` and `(`. */
const leading: ReadonlySet<string> = new Set(['if', 'while', 'until', 'then', 'do', 'else', 'elif', '!', '{'])

/** Every such place, in order. */
function placesIn(text: string, escape: string): Place[] {
  const out: Place[] = []
  const nesting = new Nesting()
  let quote = ''
  let word = 0
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!
    if (char === '\\' && quote !== "'") at += 1
    else if (quote !== '' && char === quote) quote = ''
    else if (quote === '' && (char === '"' || char === "'")) quote = char
    else if (char === ' ' || char === '\t') {
      let end = at
      while (text[end] === ' ' || text[end] === '\t') end += 1
      if (quote === '') nesting.pass(text.slice(word, at))
      // what follows must neither look like a comment nor be nothing, and the escape character must not look escaped
      const safe = end < text.length && text[end] !== '#' && text[end] !== escape
      const kind = safe ? kindOf(text, at, end, quote !== '', nesting.depth) : undefined
      if (kind) out.push({ at: at + 1, kind })
      at = end - 1
      word = end
    }
  }
  return out
}

function kindOf(text: string, at: number, end: number, quoted: boolean, depth: number): Place['kind'] | undefined {
  const run = text.slice(at, end)
  if (run.includes('\t') ? run.length > 1 : run.length > 2 && !quoted) return 'written'
  if (quoted || depth > 0) return undefined
  if (/^(?:&&|\|\|) \S/.test(text.slice(end, end + 4)) || (text[at - 1] === ';' && text[at - 2] !== ';')) return 'list'
  return /^\| \S/.test(text.slice(end, end + 3)) ? 'pipe' : undefined
}

/** How deep inside of compound commands a place is. */
class Nesting {
  private blocks = 0
  private parentheses = 0
  private begins = true

  get depth(): number {
    return this.blocks + this.parentheses
  }

  /** Goes past a word, quotes and all. */
  pass(word: string): void {
    if (word === '') return
    const name = word.replace(/[;)&|]+$/, '')
    if (this.begins && opening.has(name)) this.blocks += 1
    if (this.begins && closing.has(name)) this.blocks = Math.max(0, this.blocks - 1)
    // those in quotes come in pairs
    const [opened, closed] = [word.split('(').length, word.split(')').length]
    this.parentheses = Math.max(0, this.parentheses + opened - closed)
    this.begins = leading.has(word) || /[;&|(]$/.test(word)
  }
}
