/** Breaking a logical line into physical ones, without changing what it says. */
import { shellLines } from '../instruction/shape/shell-lines.ts'
import { isSpace, splitBlanks, splitShellWords } from '../instruction/shape/tokens.ts'

/** Lines up to this long stay whole. */
const comfortable = 100
/** Lines must be shorter than this; no code unit takes more than three of the 65535 bytes allowed. */
const hardest = 20_000
/** What a line that goes on begins with. */
export const indent = '    '

/** An instruction to lay out. */
export interface Spelled {
  readonly keyword: string
  readonly flags: readonly string[]
  readonly text: string
  /** `shell`: nothing in the text may change. `words`: blanks between words do not matter. `list`: a JSON array, blanks behind its commas. */
  readonly kind: 'shell' | 'assignments' | 'words' | 'list' | 'other'
}

/** The lines of an instruction as a person would write them. */
export function layOut(spelled: Spelled, escape: string): string {
  const { keyword, flags, text, kind } = spelled
  const whole = [keyword, ...flags, text].filter((part) => part !== '').join(' ')
  const room = { first: comfortable - (whole.length - text.length), next: comfortable }
  const pieces = kind === 'shell' ? shellLines(text, escape, room) : [text]
  if (whole.length <= comfortable && pieces.length === 1) return ended(whole, escape)
  const lines: string[] = []
  const flagsApart = flags.length > 0 && [keyword, ...flags, pieces[0]].join(' ').length > comfortable
  if (flagsApart) lines.push(`${keyword} ${flags[0]} `, ...flags.slice(1).map((flag) => `${indent}${flag} `))
  const start = flagsApart ? indent : [keyword, ...flags, ''].join(' ')
  const physical = [...lines, ...rest(spelled, start, pieces, flagsApart, escape)]
    .flatMap((line) => hardPieces(line, escape))
    .join(`${escape}\n`)
    .trimEnd()
  return ended(physical, escape)
}

/** An escape character that ends the text would continue the line; before white space that is no blank it does not. */
function ended(text: string, escape: string): string {
  return text.at(-1) === escape && text.at(-2) !== escape ? `${text}\f` : text
}

/** The lines after those of the flags. */
function rest(
  { text, kind }: Spelled,
  start: string,
  pieces: readonly string[],
  flagsApart: boolean,
  escape: string,
): readonly string[] {
  if (kind === 'assignments' || kind === 'words' || kind === 'list') return filled(text, start, kind, escape)
  return text !== '' || !flagsApart ? [start + pieces[0], ...pieces.slice(1)] : []
}

/** The line as it is, broken only where it must be. */
export function flat({ keyword, flags, text }: Spelled, escape: string): string {
  const whole = [keyword, ...flags, text].filter((part) => part !== '').join(' ')
  return ended(hardPieces(whole, escape).join(`${escape}\n`), escape)
}

/** Words in lines: one assignment each, or as many words as fit. */
function filled(text: string, start: string, kind: 'assignments' | 'words' | 'list', escape: string): string[] {
  const tokens = tokensOf(text, kind, escape)
  const lines: string[] = []
  let line = start
  for (const { text: token } of tokens) {
    const fresh = line === start && lines.length === 0
    if (!fresh && (kind === 'assignments' || line.length + token.length > comfortable)) {
      lines.push(line)
      line = indent
    }
    line += `${token} `
  }
  return [...lines, line.trimEnd()]
}

/** The pieces that a line may end after. */
function tokensOf(text: string, kind: 'assignments' | 'words' | 'list', escape: string): readonly { text: string }[] {
  if (kind === 'assignments') return splitShellWords(text, escape)
  // one source and its destination are no list
  if (kind === 'words') return splitBlanks(text).length > 2 ? splitBlanks(text) : [{ text }]
  return (text.match(/[^"]*"(?:[^"\\]|\\.)*"(?:,|[^"]*$)/g) ?? [text]).map((piece) => ({ text: piece.trim() }))
}

/** A line cut into pieces that are short enough for any reader, wherever the language lets it be cut. */
function hardPieces(line: string, escape: string): string[] {
  const pieces: string[] = []
  let from = 0
  while (line.length - from > hardest) {
    const to = breakBefore(line, from, escape) ?? breakAfter(line, from + hardest, escape)
    if (to === undefined) break
    pieces.push(line.slice(from, to))
    from = to
  }
  return [...pieces, line.slice(from)]
}

/** The last place to go on in the next line, so that this one is neither too long nor blank. */
function breakBefore(line: string, from: number, escape: string): number | undefined {
  const first = wordFrom(line, from)
  let next = wordFrom(line, from + hardest)
  for (let at = from + hardest; at > first; at -= 1) {
    if (!isSpace(line.charCodeAt(at))) next = at
    // the next line must reach the word, or it is blank
    if (next - at < hardest && mayBreak(line, at, next, escape)) return at
  }
  return undefined
}

/** The next such place: what lies between cannot be cut, but may still be short enough. */
function breakAfter(line: string, from: number, escape: string): number | undefined {
  for (let at = from + 1; at < line.length; at += 1) {
    const word = wordFrom(line, at)
    at = Math.max(at, word - hardest + 1)
    if (mayBreak(line, at, word, escape)) return at
    if (line[word] === '#') at = word
  }
  return undefined
}

/** Whether a line may go on in the next one at this place; `word`: where the first character stands that is no white space. */
function mayBreak(line: string, at: number, word: number, escape: string): boolean {
  const next = line.charCodeAt(at)
  if (line[at - 1] === escape || (next >= 0xdc00 && next < 0xe000)) return false
  return word < line.length && line[word] !== '#'
}

/** The first place from here on where there is no white space. */
function wordFrom(line: string, from: number): number {
  let at = from
  while (at < line.length && isSpace(line.charCodeAt(at))) at += 1
  return at
}
