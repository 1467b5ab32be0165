/** The shape of a command line: exec form, shell form, or a here-document. */
import type { Code } from '../../codes.ts'
import { chompTabs, heredocToken, takeBodies } from './heredoc.ts'
import { jsonStrings, writeJson } from './json-strings.ts'
import { objectSchema, stringsSchema } from './schema.ts'
import type { Heredoc, Shape, Source } from './shape.ts'
import { firstOf, same, shown } from './spell.ts'
import { trim } from './tokens.ts'

/** `script`: a here-document that starts with `#!`; it becomes a file of that name and is run. */
export type Command =
  | { readonly form: 'exec'; readonly args: readonly string[] }
  | { readonly form: 'shell'; readonly text: string }
  | { readonly form: 'script'; readonly name: string; readonly text: string }

/** Nothing in it expands: that is the shell's work. Source: D1.35 to D1.38, D1.60 to D1.62, D4.2, D4.3. */
export const command: Shape<Command> = {
  read: readCommand,
  write(value, { keyword = '' }) {
    if (value.form === 'exec') return writeJson(value.args)
    if (value.form === 'script') return heredocWith(value.name, value.text, value)
    return firstOf(
      shellSpellings(value.text, keyword),
      (text) => readsBack(text, value, keyword),
      () => `the command ${shown(value.text)}`,
    )
  },
  expand: (value) => value,
  schema: {
    oneOf: [
      objectSchema({ form: { const: 'exec' }, args: stringsSchema }, ['form', 'args']),
      objectSchema({ form: { const: 'shell' }, text: { type: 'string' } }, ['form', 'text']),
      objectSchema({ form: { const: 'script' }, name: { type: 'string' }, text: { type: 'string' } }, [
        'form',
        'name',
        'text',
      ]),
    ],
  },
}

/** The command of a text without here-documents. */
export function plainCommand(source: Pick<Source, 'fail'>, text: string) {
  const items = jsonStrings(text)
  if (items === 'mixed') return source.fail('DOCKERFILE_SYNTAX', 'a JSON array must be comprised of strings only')
  return items ? ({ form: 'exec', args: items } as const) : ({ form: 'shell', text } as const)
}

function readCommand(source: Source): Command {
  const { heredocs, text } = source
  const [first] = heredocs
  if (!first) return plainCommand(source, text)
  if (!heredocToken(text)) return { form: 'shell', text: withBodies(text, heredocs) }
  const body = first.chomp ? chompTabs(first.body) : first.body
  return body.startsWith('#!') ? { form: 'script', name: first.name, text: body } : { form: 'shell', text: body }
}

/** A line and the here-documents that it announces, as a shell reads them. */
export function withBodies(line: string, heredocs: readonly Heredoc[]): string {
  return [line, ...heredocs.map(({ body, name }) => `\n${body}${name}`)].join('')
}

function* shellSpellings(text: string, keyword: string): Generator<string> {
  yield text
  if (keyword !== 'RUN' || !text.endsWith('\n')) return
  const lines = new Set(text.split('\n').map((line) => line.replace(/\r+$/, '')))
  for (const name of delimiters()) {
    if (lines.has(name)) continue
    // another name would not be read in another way
    yield `<<${name}\n${text}${name}`
    return
  }
}

function* delimiters(): Generator<string> {
  yield 'EOF'
  yield 'END'
  for (let number = 1; ; number += 1) yield `EOF${number}`
}

function heredocWith(name: string, body: string, value: Command): string {
  const spelled = [name, `"${name}"`, `'${name}'`, name.replace(/["'\\$]/g, '\\$&')].map(
    (token) => `<<${token}\n${body}${name}`,
  )
  return firstOf(
    spelled,
    (text) => readsBack(text, value, 'RUN'),
    () => `the script ${shown(name)}`,
  )
}

/** Whether text that may hold here-documents is read as the value. */
function readsBack(text: string, value: Command, keyword: string): boolean {
  const items = jsonStrings(text)
  const taken = keyword === 'RUN' && items === undefined ? takeBodies(text) : { line: text, heredocs: [] }
  if (!taken || items === 'mixed' || taken.line.includes('\n') || trim(taken.line) !== taken.line) return false
  const { line, heredocs } = taken
  const read = readCommand({ keyword, text: line, escape: '\\', heredocs, note: () => undefined, fail: unreadable })
  return same(read, value)
}

function unreadable(_code: Code, message: string): never {
  throw new TypeError(message)
}
