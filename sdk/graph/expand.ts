/** Filling in the variables of a template. */
import { ImgError } from '../error.ts'
import { removePrefix, removeSuffix, replaceMatches } from './glob.ts'
import { partsOf, type Template, type Variable } from './template.ts'

/** The variables that an instruction sees. */
export interface Lookup {
  /** The value; undefined when unset. */
  get(name: string): string | undefined
  /** Told of every variable that was referred to and is not set, once for each word; `besides` are set just here. */
  unset?(name: string, besides?: Iterable<string>): void
}

/** `${…}` inside `${…}` further than this is refused, wherever the graph comes from. */
const deepest = 200
/** The longest value, in characters, that variables may grow a text to. */
const longest = 8 * 1024 * 1024

/**
 * The text of a template.
 *
 * @throws EXPANSION where the template is malformed, a required variable is missing, or a pattern is wrong
 * @source D2.1 to D2.16
 */
export function expand(value: Template, lookup: Lookup): string {
  return typeof value === 'string' ? value : expandParts(value, tellingOnce(lookup), 0)
}

function tellingOnce(lookup: Lookup): Lookup {
  if (!lookup.unset) return lookup
  const told = new Set<string>()
  return {
    get: (name) => lookup.get(name),
    unset: (name) => {
      if (!told.has(name)) lookup.unset?.(name)
      told.add(name)
    },
  }
}

/**
 * The words of templates in words mode: blanks in values of unquoted variables split, empty words vanish.
 *
 * @throws EXPANSION as `expand`
 * @source D2.31
 */
export function expandWords(values: readonly Template[], lookup: Lookup): string[] {
  const words: string[] = []
  for (const value of values) {
    let word = ''
    // where what came from the last unquoted reference ends
    let mark = 0
    for (const part of partsOf(value)) {
      if (typeof part === 'string') {
        word += part
        continue
      }
      const text = expandParts([part], lookup, 0)
      const quoted = 'var' in part && part.quoted === true
      // BuildKit loses the beginning of a word when it reads one behind an operator
      if ('var' in part && part.op !== undefined) word = quoted ? word.slice(mark) : ''
      if (quoted) {
        word += text
        continue
      }
      const [head = '', ...tail] = text.split(white)
      word += head
      for (const next of tail) {
        if (word !== '') words.push(word)
        word = next
      }
      mark = word.length
    }
    if (word !== '') words.push(word)
  }
  return words
}

const white = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

function expandParts(value: Template, lookup: Lookup, depth: number): string {
  if (typeof value === 'string') return value
  if (depth > deepest) throw new ImgError('EXPANSION', `a variable reference nests deeper than ${deepest} levels`)
  let out = ''
  for (const part of value) {
    if (typeof part === 'string') out += part
    else if ('invalid' in part)
      throw new ImgError('EXPANSION', `failed to process ${quoted(part.invalid)}: ${part.reason}`)
    else out += variable(part, lookup, depth)
    if (out.length > longest) throw new ImgError('EXPANSION', `a value grows beyond ${longest} characters`)
  }
  return out
}

// Everything inside is expanded whether or not it is used, as in BuildKit: an error in it counts.
function variable(part: Variable, lookup: Lookup, depth: number): string {
  const word = part.word === undefined ? '' : expandParts(part.word, lookup, depth + 1)
  const replacement = part.with === undefined ? '' : expandParts(part.with, lookup, depth + 1)
  const found = lookup.get(part.var)
  if (found === undefined) lookup.unset?.(part.var)
  const value = found ?? ''
  switch (part.op) {
    case '-':
      return found ?? word
    case ':-':
      return value === '' ? word : value
    case '+':
      return found === undefined ? '' : word
    case ':+':
      return value === '' ? '' : word
    case '?':
    case ':?':
      if (found === undefined) throw required(part.var, word || 'is not allowed to be unset')
      if (part.op === ':?' && value === '') throw required(part.var, word || 'is not allowed to be empty')
      return value
    // the doubled form is told by the pattern, so a value may double it too
    case '#':
      return word.startsWith('#') ? removePrefix(value, word.slice(1), true) : removePrefix(value, word, false)
    case '##':
      return removePrefix(value, word, true)
    case '%':
      return word.startsWith('%') ? removeSuffix(value, word.slice(1), true) : removeSuffix(value, word, false)
    case '%%':
      return removeSuffix(value, word, true)
    case '/':
    case '//':
      return replaceMatches(value, word, replacement, part.op === '//')
    default:
      return value
  }
}

function required(name: string, message: string): ImgError {
  return new ImgError('EXPANSION', `${name}: ${message}`, {
    hint: `set it with --build-arg ${name}=…, ARG or ENV`,
    detail: { variable: name },
  })
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text)
}
