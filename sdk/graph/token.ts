/** Tokens: variable references that travel inside ordinary strings, so that an argument can stand in any text. */
import { ImgError } from '../error.ts'
import { textOf } from './given.ts'
import { isLiteral, type Part, type Template, template, type Variable } from './template.ts'

// Two private-use characters around the reference as JSON. A user's text holds them only by way of a token.
const open = '\uf8f0'
const close = '\uf8f1'

/** A build argument that a string mentions: `arg()` made it. The default is text that may hold tokens itself. */
export interface ArgUse {
  readonly name: string
  readonly default?: string
  /** Only the default of another argument mentions it, so no stage has to declare it. */
  readonly nested?: true
}

/** What `arg()` and `envRef()` give: it becomes the reference wherever it is used as text. */
export interface Token {
  readonly [tokenMark]: true
  readonly name: string
  /** What is to be declared for it, where it is a build argument. */
  readonly declares?: ArgUse
  toString(): string
}

const tokenMark: unique symbol = Symbol.for('imgsdk.token')

// What may follow a dollar sign. Source: conformance D2.1, D2.2.
const variableName = /^(?:[\p{L}_][\p{L}\p{Nd}_]*|\p{Nd}+|[@*#?\-$!])$/u

/**
 * A token for a variable; it is a build argument where it declares something. A name that only ARG can say is no text:
 * using it as text throws ARGUMENT_VALUE.
 */
export function makeToken(variable: Variable, declares?: ArgUse): Token {
  const { var: name } = variable
  const text = encodeToken(variable, declares)
  const toText = () => {
    if (variableName.test(name)) return text
    throw new ImgError('ARGUMENT_VALUE', `no text can refer to the variable "${name}"`, {
      hint: 'use letters, digits and "_" in its name, and a letter first',
    })
  }
  const own = { [tokenMark]: true as const, name, toString: toText, [Symbol.toPrimitive]: toText }
  return Object.freeze(declares ? { ...own, declares } : own)
}

/** Whether a value is a token. */
export function isToken(value: unknown): value is Token {
  return typeof value === 'object' && value !== null && tokenMark in value
}

/** The reference as text; `declares` says that it is a build argument that must be declared. */
export function encodeToken(variable: Variable, declares?: ArgUse): string {
  const payload = JSON.stringify({ variable, ...(declares ? { declares } : {}) })
  // Nested tokens are kept apart from the outer one by encoding their marks.
  return open + payload.replaceAll(open, '\\uf8f0').replaceAll(close, '\\uf8f1') + close
}

/** The build arguments that a text mentions, those in their defaults first. */
export function argsInText(text: string): ArgUse[] {
  if (!text.includes(open)) return []
  return [...text.matchAll(tokens)].flatMap((match) => argsIn(JSON.parse(match[1]!) as { declares?: ArgUse }))
}

/** The same of a token by itself. */
export function argsIn({ declares }: { readonly declares?: ArgUse }): ArgUse[] {
  if (!declares) return []
  const nested = argsInText(declares.default ?? '').map((use): ArgUse => ({ ...use, nested: true }))
  return [...nested, declares]
}

const tokens = new RegExp(`${open}([^${close}]*)${close}`, 'g')

/** A string from the builder as a template: text is literal, tokens become references. Throws ARGUMENT_VALUE, calling it `what`. */
export function toTemplate(given: string, what = 'a text'): Template {
  const text = textOf(given, what)
  if (!text.includes(open)) return text
  const parts: Part[] = []
  let at = 0
  while (at < text.length) {
    const start = text.indexOf(open, at)
    if (start < 0) {
      parts.push(text.slice(at))
      break
    }
    const end = text.indexOf(close, start)
    if (end < 0)
      throw new ImgError(
        'ARGUMENT_VALUE',
        'a build argument inside a string was cut in two; build the string from whole arguments',
      )
    parts.push(text.slice(at, start), (JSON.parse(text.slice(start + 1, end)) as { variable: Variable }).variable)
    at = end + 1
  }
  return template(parts)
}

/** A string for a shell: tokens become `${NAME}`, which the shell reads from its environment. */
export function toShell(text: string): string {
  if (!text.includes(open)) return text
  const value = toTemplate(text)
  return isLiteral(value) ? value : value.map(shellPart).join('')
}

function shellPart(part: Part): string {
  if (typeof part === 'string') return part
  if ('invalid' in part) return part.invalid
  return `\${${part.var}${part.op ?? ''}${shellText(part.word)}${part.with === undefined ? '' : `/${shellText(part.with)}`}}`
}

function shellText(value: Template | undefined): string {
  if (value === undefined) return ''
  return isLiteral(value) ? value : value.map(shellPart).join('')
}

/** A string where no variable may stand; `what` says where that is. Throws ARGUMENT_VALUE. */
export function toPlain(text: string, what: string): string {
  if (!textOf(text, what).includes(open)) return text
  throw new ImgError(
    'ARGUMENT_VALUE',
    `${what} cannot hold a build argument: the Dockerfile language does not expand variables there`,
  )
}
