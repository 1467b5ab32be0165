/**
 * What commands a RUN has: enough of the shell's grammar to tell programs, arguments and files that are written. Long
 * because here-documents, substitutions and shells in shells are one walk over the text.
 */
import type { Command } from '../../instruction/shape/command.ts'

/** One simple command. */
export interface Invocation {
  /** The program's name without its folder, then its arguments, quotes taken off. */
  readonly words: readonly string[]
  /** Files that its output is sent to. */
  readonly writes: readonly string[]
  /** Variables set for it alone, as `NAME=value`. */
  readonly sets: readonly string[]
}

/** Words that stand before a command without being one. */
const before = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', '{', '('])
const shells = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh'])

/** Programs that run another: their options that take a value, and how many arguments come before it. */
const wrappers: ReadonlyMap<string, readonly [valued: RegExp, skip: number]> = new Map([
  ['exec', [/^-a$/, 0]],
  ['command', [/^$/, 0]],
  ['builtin', [/^$/, 0]],
  ['time', [/^-[fo]$/, 0]],
  ['nohup', [/^$/, 0]],
  ['eatmydata', [/^$/, 0]],
  ['env', [/^-[uCS]$/, 0]],
  ['nice', [/^-n$/, 0]],
  ['ionice', [/^-[cn]$/, 0]],
  ['stdbuf', [/^-[ioe]$/, 0]],
  ['sudo', [/^-[ughpCrtTR]$/, 0]],
  ['doas', [/^-[uC]$/, 0]],
  ['xargs', [/^-[nPILadEs]$/, 0]],
  ['timeout', [/^-[sk]$/, 1]],
  ['chroot', [/^$/, 1]],
  ['gosu', [/^$/, 1]],
  ['su-exec', [/^$/, 1]],
  ['runuser', [/^-[ugG]$/, 0]],
  ['setpriv', [/^$/, 0]],
])

/** The simple commands of a command, in order; those of shells inside it too. */
export function invocationsOf(command: Command): Invocation[] {
  return command.form === 'exec' ? invocation(command.args, []) : split(command.text)
}

/** Shells in shells are followed this deep. */
const deepest = 8

function split(text: string, depth = 0): Invocation[] {
  if (depth > deepest) return []
  const out: Invocation[] = []
  let words: string[] = []
  let writes: string[] = []
  let redirect = false
  let inner: string[] = []
  const finish = () => {
    out.push(...inner.flatMap((script) => split(script, depth + 1)), ...invocation(words, writes, depth))
    words = []
    writes = []
    inner = []
    redirect = false
  }
  for (const token of tokens(text)) {
    if (token.kind === 'end') finish()
    else if (token.kind === 'write') redirect = true
    else if (token.kind === 'body') {
      // what a shell reads from a here-document are commands; what anything else reads is not
      if (isShell(baseName(words[programAt(words)] ?? ''))) inner.push(token.text)
    } else {
      inner.push(...token.scripts)
      if (redirect) writes.push(token.text)
      else words.push(token.text)
      redirect = false
    }
  }
  finish()
  return out
}

function invocation(all: readonly string[], writes: readonly string[], depth = 0): Invocation[] {
  const start = programAt(all)
  const words = all.slice(start)
  if (words.length === 0) return []
  const program = baseName(words[0]!)
  const script = scriptOf(program, words)
  if (script !== undefined) return split(script, depth + 1)
  const sets = all.slice(0, start).filter((word) => assignment.test(word))
  return [{ words: [program, ...words.slice(1)], writes, sets }]
}

const assignment = /^[A-Za-z_]\w*\+?=/

/** Where the program's name is, after assignments, keywords of the shell and programs that only run another. */
function programAt(all: readonly string[]): number {
  let at = 0
  while (at < all.length) {
    const word = all[at]!
    const wrapper = wrappers.get(baseName(word))
    if (before.has(word) || assignment.test(word)) at += 1
    else if (!wrapper || at + 1 === all.length) return at
    else {
      const [valued, skip] = wrapper
      at += 1
      while (all[at]?.startsWith('-') && all[at] !== '--') at += valued.test(all[at]!) ? 2 : 1
      if (all[at] === '--') at += 1
      at += skip
    }
  }
  return at
}

/** What `sh -c` and `su -c` run. */
function scriptOf(program: string, words: readonly string[]): string | undefined {
  if (!isShell(program) && program !== 'su') return undefined
  const at = words.findIndex((word, place) => place > 0 && /^-[a-zA-Z]*c$|^--command$/.test(word))
  // a word that is no option is a script's name, and what follows are its arguments; -o has a value
  const named = words.slice(1, at).some((word, place) => !/^[-+]/.test(word) && !/^[-+][a-z]*o$/.test(words[place]!))
  return at < 0 || (named && program !== 'su') ? undefined : words[at + 1]
}

function isShell(program: string): boolean {
  return shells.has(program)
}

function baseName(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1)
}

type Token =
  /** `scripts`: commands whose output is put in its place. */
  | { readonly kind: 'word'; readonly text: string; readonly scripts: readonly string[] }
  | { readonly kind: 'end' }
  | { readonly kind: 'write' }
  /** What a here-document holds. */
  | { readonly kind: 'body'; readonly text: string }

function* tokens(text: string): Generator<Token> {
  let at = 0
  let announced: { readonly name: string; readonly chomp: boolean }[] = []
  while (at < text.length) {
    const char = text[at]!
    if (char === ' ' || char === '\t' || char === '\r') at += 1
    else if (char === '\\' && text[at + 1] === '\n') at += 2
    else if (char === '#') while (at < text.length && text[at] !== '\n') at += 1
    else if (char === '\n' && announced.length > 0) {
      at += 1
      for (const { name, chomp } of announced) {
        const { body, end } = bodyAt(text, at, name, chomp)
        at = end
        yield { kind: 'body', text: body }
      }
      announced = []
      yield { kind: 'end' }
    } else if (';&|\n()'.includes(char) && !(char === '&' && text[at + 1] === '>')) {
      yield { kind: 'end' }
      at += 1
    } else {
      const heredoc = /^[0-9]*<<(-?)[ \t]*(?:"([^"\n]+)"|'([^'\n]+)'|\\?([\w.-]+))/.exec(text.slice(at, at + 80))
      const redirection = /^(?:[0-9]*|&)(>>?\|?|<<<|<<?)(&?)/.exec(text.slice(at, at + 8))
      if (heredoc) {
        at += heredoc[0].length
        announced.push({ name: heredoc[2] ?? heredoc[3] ?? heredoc[4]!, chomp: heredoc[1] === '-' })
        continue
      }
      if (redirection) {
        at += redirection[0].length
        // >&2 is no file, and what is read is not written
        if (redirection[1]!.startsWith('>') && redirection[2] === '') yield { kind: 'write' }
        continue
      }
      const { word, end, scripts } = wordAt(text, at)
      at = end
      yield { kind: 'word', text: word, scripts }
    }
  }
}

/** The lines up to the one that ends a here-document. */
function bodyAt(text: string, start: number, name: string, chomp: boolean): { body: string; end: number } {
  let at = start
  while (at < text.length) {
    const newline = text.indexOf('\n', at)
    const end = newline < 0 ? text.length : newline
    const line = text.slice(at, end)
    const next = Math.min(end + 1, text.length)
    if ((chomp ? line.replace(/^\t+/, '') : line) === name) return { body: text.slice(start, at), end: next }
    at = next
  }
  return { body: text.slice(start), end: text.length }
}

function wordAt(text: string, start: number): { word: string; end: number; scripts: string[] } {
  let word = ''
  let quote = ''
  let at = start
  const scripts: string[] = []
  for (; at < text.length; at += 1) {
    const char = text[at]!
    if (char === '\\' && quote !== "'") {
      at += 1
      if (text[at] !== '\n') word += text[at] ?? ''
    } else if (quote !== "'" && (char === '`' || (char === '$' && text[at + 1] === '('))) {
      const { script, end } = substitutionAt(text, at)
      if (script !== undefined) scripts.push(script)
      word += text.slice(at, end)
      at = end - 1
    } else if (quote !== '') {
      if (char === quote) quote = ''
      else word += char
    } else if (char === '"' || char === "'") quote = char
    else if (' \t\r\n;&|()<>'.includes(char)) break
    else word += char
  }
  // an operator that no case took, such as < before (, must not stop the walk
  return { word, end: at === start ? start + 1 : at, scripts }
}

/** `$(…)` or a pair of backquotes: the script, none in `$((…))`, and where it ends. */
function substitutionAt(text: string, start: number): { script: string | undefined; end: number } {
  if (text[start] === '`') {
    const close = text.indexOf('`', start + 1)
    return { script: text.slice(start + 1, close < 0 ? undefined : close), end: close < 0 ? text.length : close + 1 }
  }
  let depth = 0
  let quote = ''
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text[at]!
    if (char === '\\' && quote !== "'") at += 1
    else if (quote !== '') quote = char === quote ? '' : quote
    else if (char === '"' || char === "'") quote = char
    else if (char === '(') depth += 1
    else if (char === ')') {
      depth -= 1
      if (depth > 0) continue
      const script = text.slice(start + 2, at)
      return { script: script.startsWith('(') ? undefined : script, end: at + 1 }
    }
  }
  return { script: undefined, end: text.length }
}
