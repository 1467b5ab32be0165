/** Templates: argument values whose variables are not filled in yet. */

/**
 * A value with variable references kept as structure. Text without any is a plain string, so the three spellings
 * `ENV A="x y"`, `ENV A=x\ y` and `.env({ A: 'x y' })` are one value.
 */
export type Template = string | readonly Part[]

/** Literal text, a variable reference, or text that can never be expanded. */
export type Part = string | Variable | Invalid

/** The operator of a `${name…}` reference. Source: Dockerfile reference, Environment replacement. */
export type Modifier = '-' | ':-' | '+' | ':+' | '?' | ':?' | '#' | '##' | '%' | '%%' | '/' | '//'

/** A variable reference, `$name` or `${name<op><word>}`. */
export interface Variable {
  readonly var: string
  readonly op?: Modifier
  /** What follows the operator; for `#`, `%` and `/` a glob pattern that keeps its backslashes. */
  readonly word?: Template
  /** The replacement of `/` and `//`. */
  readonly with?: Template
  /** It stood in double quotes, so its value is never split. Kept only where words are split (EXPOSE). */
  readonly quoted?: true
}

/** Text that BuildKit refuses when, and only when, it gets to expanding it. Prints as it stood. */
export interface Invalid {
  readonly invalid: string
  readonly reason: string
}

/** The canonical template of some parts: neighbouring text joined, empty text dropped, a plain string where nothing varies. */
export function template(parts: Iterable<Part>): Template {
  const out: Part[] = []
  for (const part of parts) {
    if (part === '') continue
    const last = out.at(-1)
    if (typeof part === 'string' && typeof last === 'string') out[out.length - 1] = last + part
    else out.push(part)
  }
  if (out.length === 0) return ''
  if (out.length === 1 && typeof out[0] === 'string') return out[0]
  return Object.freeze(out)
}

/** The parts of a template, text included. */
export function partsOf(value: Template): readonly Part[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  return value
}

/** Whether nothing in it varies. */
export function isLiteral(value: Template): value is string {
  return typeof value === 'string'
}

/** The names of all variables in a template, nested ones too, in order of appearance. */
export function variablesOf(value: Template): string[] {
  const names: string[] = []
  for (const part of partsOf(value)) {
    if (typeof part === 'string' || 'invalid' in part) continue
    names.push(part.var)
    for (const inner of [part.word, part.with]) if (inner !== undefined) names.push(...variablesOf(inner))
  }
  return names
}
