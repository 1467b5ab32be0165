/** Commands and here-documents as code. */
import type { Template } from '../graph/template.ts'
import type { InlineFile } from '../instruction/part/copying.ts'
import type { Command } from '../instruction/shape/command.ts'
import type { Healthtest } from '../instruction/shape/healthtest.ts'
import { array, call, type Doc } from './doc.ts'
import { brokenAt, commandLiteral, quote, templateText } from './literal.ts'
import type { Scope } from './scope.ts'
import { embedded } from './text.ts'

/** A piece of code laid out later, and the value that it has when it runs. */
export interface Value {
  readonly doc: Doc
  readonly value: unknown
}

/** What `run`, `cmd`, `entrypoint` and `healthcheck` take; `breaks`: where the author broke a shell form. */
export function commandValue(command: Command | Healthtest, scope: Scope, breaks: readonly number[] = []): Value {
  if (command.form === 'none') return { doc: "'none'", value: 'none' }
  if (command.form === 'exec') return { doc: array(command.args.map(quote)), value: command.args }
  const { text } = command
  if (command.form === 'script') return heredocValue(command.name, text, scope)!
  if (!text.includes('\n')) return { doc: commandLiteral(text, breaks), value: text }
  if (text.endsWith('\n')) return heredocValue('EOF', text, scope)!
  return { doc: brokenAt(text, breaks) ?? `\`${templateText(text)}\``, value: text }
}

/** A here-document; undefined where its text holds what has no code. */
export function heredocValue(name: string, data: Template, scope: Scope): Value | undefined {
  const inside = embedded(data, scope)
  if (!inside) return undefined
  const text = inside.value
  const value: InlineFile & { toString(): string } = { name, text, toString: () => text }
  if (name === 'EOF' && isIndentable(text)) {
    const lines = inside.code.slice(0, -1).split('\n')
    return { doc: { kind: 'lines', open: 'heredoc`', lines, close: '`' }, value }
  }
  const oneLine = text.indexOf('\n') === text.length - 1
  const literal = typeof data === 'string' && (oneLine || text === '')
  const code = literal ? quote(data) : `\`${oneLine ? `${inside.code.slice(0, -1)}\\n` : inside.code}\``
  return { doc: call('heredoc', name === 'EOF' ? [code] : [code, `{ name: ${quote(name)} }`]), value }
}

/** Whether the tag takes off just the indentation that is put on: some line begins at the margin, and the text ends a line. */
function isIndentable(text: string): boolean {
  if (!text.endsWith('\n')) return false
  const lines = text.slice(0, -1).split('\n')
  return lines.some((line) => /^[^ \t]/.test(line))
}
