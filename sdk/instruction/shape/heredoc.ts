/** Here-documents: the tokens that announce them, `<<NAME`, `<<-NAME`, `3<<"NAME"`, and their bodies. */
import { rawWords } from './raw-words.ts'
import type { Heredoc } from './shape.ts'

/** What a token announces. */
export type HeredocToken = Omit<Heredoc, 'body'>

/**
 * The here-documents that a logical line announces, in order. Where the line cannot be cut into words there are none.
 *
 * @source D1.51, D1.57, D1.58
 */
export function heredocsOf(line: string): HeredocToken[] {
  if (!line.includes('<<')) return []
  const words = rawWords(line, { quotes: true, escapes: true }) ?? []
  return words.map(heredocToken).filter((token) => token !== undefined)
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
  if (text.includes('<')) return undefined
  // a pair of quotes with nothing in them is a word only while they count as text
  const [words, quoted] = [rawWords(text, {}), rawWords(text, { quotes: true })]
  if (words?.length !== 1 || quoted?.length !== 1) return undefined
  const name = words[0]!
  return { name, expand: quotesIn(name) === quotesIn(quoted[0]!), chomp: match[1] === '-' }
}

function quotesIn(text: string): number {
  return text.replace(/[^"']/g, '').length
}

/** The body without the tabs that its lines begin with. */
export function chompTabs(body: string): string {
  return body.replace(/(^|\n)\t+/g, '$1')
}

/**
 * Takes a written text apart again: its first line, and the bodies that the line announces.
 *
 * @returns undefined where the rest is not exactly those bodies
 */
export function takeBodies(text: string): { readonly line: string; readonly heredocs: readonly Heredoc[] } | undefined {
  const end = text.indexOf('\n')
  const line = end < 0 ? text : text.slice(0, end)
  const heredocs: Heredoc[] = []
  let at = end < 0 ? text.length + 1 : end + 1
  for (const token of heredocsOf(`RUN ${line}`)) {
    const close = closingLine(text, at, token)
    if (close === undefined) return undefined
    heredocs.push({ ...token, body: text.slice(at, close.start) })
    at = close.end + 1
  }
  return at === text.length + 1 ? { line, heredocs } : undefined
}

function closingLine(text: string, from: number, { name, chomp }: HeredocToken) {
  for (let start = from; start <= text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    if (isDelimiter(text.slice(start, end), name, chomp)) return { start, end }
    start = end + 1
  }
  return undefined
}

/** Whether a line, without its line break, ends a here-document. Source: D1.53. */
export function isDelimiter(line: string, name: string, chomp: boolean): boolean {
  const content = line.replace(/\r+$/, '')
  return (chomp ? content.replace(/^\t+/, '') : content) === name
}
