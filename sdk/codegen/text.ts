/** Templates as code: string literals, template literals, `expand` and `envRef`. */
import { canonicalJson } from '../graph/canonical.ts'
import { isLiteral, type Part, partsOf, type Template, template, type Variable } from '../graph/template.ts'
import { encodeToken, toTemplate } from '../graph/token.ts'
import { lexBody } from '../instruction/shape/lex-word.ts'
import { spellBody } from '../instruction/shape/spell.ts'
import { quote, templateText, valueLiteral } from './literal.ts'
import type { ArgConstant, Scope } from './scope.ts'

/** Code, and the value that it has when it runs. */
export interface Code<V = unknown> {
  readonly code: string
  readonly value: V
}

/** The code of a text with references; undefined where there is none. */
export function textCode(value: Template, scope: Scope): Code<string> | undefined {
  const whole = embedded(value, scope)
  if (!whole || !means(whole.value, value)) return undefined
  if (isLiteral(value)) return { code: valueLiteral(value), value }
  const parts = partsOf(value) as readonly (string | Variable)[]
  // What only build arguments vary is an ordinary template; so is what would have to double its backslashes twice.
  const constants = parts.every((part) => typeof part === 'string' || constantFor(part, scope))
  const awkward = parts.some((part) => typeof part === 'string' && /[\\$]/.test(part))
  const tagged = constants || (awkward && parts.every(isSimple)) ? undefined : expanded(parts, scope)
  return { code: tagged ?? `\`${whole.code}\``, value: whole.value }
}

/** Whether the builder takes a text for the template: one with the characters that mark references it would take apart. */
function means(text: string, value: Template): boolean {
  try {
    return canonicalJson(toTemplate(text)) === canonicalJson(value)
  } catch {
    return false
  }
}

/** What stands between the backticks of a template literal; undefined where a reference has no code. */
export function embedded(value: Template, scope: Scope): Code<string> | undefined {
  const parts = partsOf(value)
  if (!parts.every(isExpressible)) return undefined
  const code = parts.map((part) =>
    typeof part === 'string' ? templateText(part) : `\${${referenceCode(part, scope)}}`,
  )
  const runtime = parts.map((part) => (typeof part === 'string' ? part : tokenOf(part, scope)))
  return { code: code.join(''), value: runtime.join('') }
}

function isExpressible(part: Part): part is string | Variable {
  if (typeof part === 'string') return true
  return !('invalid' in part) && part.quoted === undefined && spelled([part]) !== undefined
}

function isSimple(part: string | Variable): boolean {
  return typeof part === 'string' || part.op === undefined
}

/** The text that `expand` reads as the parts. */
function spelled(parts: readonly Part[]): string | undefined {
  const value = template(parts)
  try {
    const text = spellBody(value)
    return canonicalJson(lexBody(text)) === canonicalJson(value) ? text : undefined
  } catch {
    return undefined
  }
}

function tokenOf(part: Variable, scope: Scope): string {
  const known = constantFor(part, scope)
  return known ? String(known.token) : encodeToken(part)
}

function constantFor(part: Variable, scope: Scope): ArgConstant | undefined {
  return part.op === undefined && scope.declared.has(part.var) ? scope.args.get(part.var) : undefined
}

/** An `expand` tag; build arguments that have a constant are interpolated. */
function expanded(parts: readonly (string | Variable)[], scope: Scope): string | undefined {
  let code = ''
  let run: Part[] = []
  const flush = (): boolean => {
    const text = run.length === 0 ? '' : spelled(run)
    code += templateText(text ?? '')
    run = []
    return text !== undefined
  }
  for (const part of parts) {
    const known = typeof part === 'string' ? undefined : constantFor(part, scope)
    if (!known) run.push(part)
    else if (flush()) code += `\${${known.constant}}`
    else return undefined
  }
  return flush() ? `expand\`${code}\`` : undefined
}

/** One reference as an expression. */
function referenceCode(part: Variable, scope: Scope): string {
  const known = constantFor(part, scope)
  if (known) return known.constant
  if (part.op === undefined) return `envRef(${quote(part.var)})`
  // On one line: the lines of a here-document around it are indented.
  return `expand\`${templateText(spelled([part])!).replaceAll('\n', '\\n')}\``
}
