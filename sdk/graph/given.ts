/** What a call was given where it takes something else: what kind of value it is, and what is usually meant by it. */
import { ImgError } from '../error.ts'

/** Values of the builder that are no text, by their marks. Copies of the SDK share these. */
const marked: readonly (readonly [mark: symbol, kind: string])[] = [
  [Symbol.for('imgsdk.stage'), 'a stage'],
  [Symbol.for('imgsdk.token'), 'a build argument'],
]

/** What kind of value it is: `undefined`, `a promise`, `a list`, `text`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'string') return value === '' ? 'empty text' : 'text'
  if (typeof value === 'function') return /^class\b/.test(String(value)) ? 'a class' : 'a function'
  if (typeof value !== 'object') return `a ${typeof value}`
  if (typeof (value as { then?: unknown }).then === 'function') return 'a promise'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  const name = (value as { constructor?: { name?: string } }).constructor?.name
  const other = name === undefined || name === 'Object' || name === '' ? 'an object' : `a ${name}`
  return marked.find(([mark]) => mark in value)?.[1] ?? other
}

/** What to do about a value of the wrong kind, where that is clear. */
export function hintFor(value: unknown): string | undefined {
  switch (kindOf(value)) {
    case 'a promise':
      return 'did you forget await? write (await …)'
    case 'a build argument':
      return 'put it into text: `${…}`'
    case 'a Buffer':
    case 'a Uint8Array':
      return "give it as text: readFileSync(path, 'utf8')"
    case 'a function':
      return 'give what the function returns: call it'
    default:
      return undefined
  }
}

/** The error for a value of the wrong kind: `the path of WORKDIR is undefined; expected text`. */
export function wrongKind(value: unknown, what: string, expected: string, hint = hintFor(value)): ImgError {
  return new ImgError('ARGUMENT_VALUE', `${what} is ${kindOf(value)}; expected ${expected}`, { hint })
}

/** The value, which must be text. Throws ARGUMENT_VALUE. */
export function textOf(value: string, what: string, expected = 'text'): string {
  if (typeof value === 'string') return value
  throw wrongKind(value, what, expected)
}

/** The text of a value that may be a number or yes or no, too, or stand for text itself, as a build argument does. */
export function wordOf(value: unknown, what: string): string {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new ImgError('ARGUMENT_VALUE', `${what} is ${value}; expected text or a number`)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  // A build argument stands for itself; a secret says why it does not.
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, Symbol.toPrimitive)) return String(value)
  throw wrongKind(value, what, 'text or a number')
}

/** The items of a list. Throws ARGUMENT_VALUE. */
export function listOf<T>(value: readonly T[], what: string, hint?: string): readonly T[] {
  if (Array.isArray(value)) return value
  throw wrongKind(value, what, 'a list', hint)
}

/** Values that were given one by one, at least one, each as its text. `call` is how it is written for a list. */
export function wordsOf(values: readonly unknown[], what: string, call: string): string[] {
  if (values.length === 0) throw new ImgError('ARGUMENT_VALUE', `${call.split('(', 1)}() was given no ${what}`)
  const list = values.find(Array.isArray)
  if (list !== undefined) throw wrongKind(list, `a ${what}`, 'them one by one', `spread the list: ${call}`)
  return values.map((value) => wordOf(value, `a ${what}`))
}

/** What ARG can declare. Throws ARGUMENT_VALUE. */
export function argNameOf(name: string): string {
  if (textOf(name, 'the name of a build argument') !== '' && !name.includes('=')) return name
  throw new ImgError('ARGUMENT_VALUE', `"${name}" is not the name of a build argument`, {
    hint: name.includes('=') ? `write arg('${name.split('=')[0]}', '${name.slice(name.indexOf('=') + 1)}')` : undefined,
  })
}

/** Yes or no. Throws ARGUMENT_VALUE, for text such as 'false' would mean yes. */
export function flagOf(value: boolean | undefined, what: string): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value
  throw wrongKind(value, what, 'true or false')
}

/** A whole number, 0 or more. Throws ARGUMENT_VALUE. */
export function countOf(value: number, what: string): number {
  if (Number.isInteger(value) && value >= 0) return value
  if (typeof value !== 'number') throw wrongKind(value, what, 'a number')
  throw new ImgError('ARGUMENT_VALUE', `${what} is ${value}; expected a whole number, 0 or more`)
}

/** One of some words. Throws ARGUMENT_VALUE. */
export function choiceOf<V extends string>(value: V, known: readonly V[], what: string): V {
  if (known.includes(value)) return value
  const given = typeof value === 'string' ? JSON.stringify(value) : kindOf(value)
  throw new ImgError('ARGUMENT_VALUE', `${what} is ${given}; expected ${known.join(', ')}`)
}

/** Modes that people mean when they write them without `0o`. As the numbers that they then are, nobody means them. */
const decimal = [555, 600, 640, 644, 660, 664, 666, 700, 750, 755, 770, 775, 777]

/** A file mode as text. Throws ARGUMENT_VALUE. */
export function modeOf(value: string | number, what: string): string {
  if (typeof value !== 'number') return textOf(value, what, 'an octal number, or text')
  const octal = value.toString(8).padStart(4, '0')
  if (!decimal.includes(value)) return octal
  throw new ImgError('ARGUMENT_VALUE', `${what} is the decimal number ${value}, which is the mode ${octal}`, {
    hint: `write 0o${value}, or '${value}'`,
  })
}
