/** What commands a RUN has: enough of the shell's grammar to tell programs, arguments and files that are written. */
import type { Command } from '../../instruction/shape/command.ts'

/** One simple command. */
export interface Invocation {
  /** The program's name without its folder, then its arguments, quotes taken off. */
  readonly words: readonly string[]
  /** Files that its output is sent to. */
  readonly writes: readonly string[]
}

/** Words that stand before a command without being one. */
const before = new Set([
  'if',
  'then',
  'else',
  'elif',
  'do',
  'while',
  'until',
  '!',
  '{',
  '(',
  'exec',
  'time',
  'sudo',
  'command',
  'env',
  'nice',
  'eatmydata',
])
const shells = new Set(['sh', 'bash', 'ash', 'dash', 'zsh'])

/** The simple commands of a command, in order. */
export function invocationsOf(command: Command): Invocation[] {
  if (command.form !== 'exec') return split(command.text)
  const [program = '', option, script] = command.args
  const isShell = shells.has(program.slice(program.lastIndexOf('/') + 1)) && /^-[a-z]*c$/.test(option ?? '')
  if (isShell && script !== undefined) return split(script)
  return invocation(command.args, [])
}

function split(text: string): Invocation[] {
  const out: Invocation[] = []
  let words: string[] = []
  let writes: string[] = []
  let redirect = false
  const finish = () => {
    out.push(...invocation(words, writes))
    words = []
    writes = []
    redirect = false
  }
  for (const token of tokens(text)) {
    if (token.kind === 'end') finish()
    else if (token.kind === 'write') redirect = true
    else if (redirect) {
      writes.push(token.text)
      redirect = false
    } else words.push(token.text)
  }
  finish()
  return out
}

function invocation(all: readonly string[], writes: readonly string[]): Invocation[] {
  let start = 0
  while (start < all.length && (before.has(all[start]!) || /^[A-Za-z_]\w*\+?=/.test(all[start]!))) start += 1
  const words = all.slice(start)
  if (words.length === 0) return []
  const program = words[0]!
  return [{ words: [program.slice(program.lastIndexOf('/') + 1), ...words.slice(1)], writes }]
}

type Token = { readonly kind: 'word'; readonly text: string } | { readonly kind: 'end' } | { readonly kind: 'write' }

function* tokens(text: string): Generator<Token> {
  let at = 0
  while (at < text.length) {
    const char = text[at]!
    if (char === ' ' || char === '\t' || char === '\r') at += 1
    else if (char === '\\' && text[at + 1] === '\n') at += 2
    else if (char === '#') while (at < text.length && text[at] !== '\n') at += 1
    else if (';&|\n()'.includes(char) && !(char === '&' && text[at + 1] === '>')) {
      yield { kind: 'end' }
      at += 1
    } else {
      const redirection = /^(?:[0-9]*|&)(>>?\|?|<<?)(&?)/.exec(text.slice(at, at + 8))
      if (redirection) {
        at += redirection[0].length
        // >&2 is no file, and what is read is not written
        if (redirection[1]!.startsWith('>') && redirection[2] === '') yield { kind: 'write' }
        continue
      }
      const { word, end } = wordAt(text, at)
      at = end
      yield { kind: 'word', text: word }
    }
  }
}

function wordAt(text: string, start: number): { word: string; end: number } {
  let word = ''
  let quote = ''
  let at = start
  for (; at < text.length; at += 1) {
    const char = text[at]!
    if (char === '\\' && quote !== "'") {
      at += 1
      if (text[at] !== '\n') word += text[at] ?? ''
    } else if (quote !== '') {
      if (char === quote) quote = ''
      else word += char
    } else if (char === '"' || char === "'") quote = char
    else if (' \t\r\n;&|()<>'.includes(char)) break
    else word += char
  }
  // an operator that no case took, such as < before (, must not stop the walk
  return { word, end: at === start ? start + 1 : at }
}
