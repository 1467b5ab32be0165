/** The shape of HEALTHCHECK's test: NONE, or CMD and a command. */
import { plainCommand } from './command.ts'
import { jsonStrings, writeJson } from './json-strings.ts'
import { didYouMean } from './nearest.ts'
import { objectSchema, stringsSchema } from './schema.ts'
import type { Shape } from './shape.ts'
import { inexpressible, shown } from './spell.ts'
import { isBlank, trimmedEnd } from './tokens.ts'

/** `shell`: run by the image's shell; `none`: an inherited check is switched off. */
export type Healthtest =
  | { readonly form: 'none' }
  | { readonly form: 'exec'; readonly args: readonly string[] }
  | { readonly form: 'shell'; readonly text: string }

/** Source: D4.16.1, D4.16.2. */
export const healthtest: Shape<Healthtest> = {
  read(source) {
    const { text } = source
    let end = 0
    while (end < text.length && !isBlank(text.charCodeAt(end))) end += 1
    const type = text.slice(0, end)
    if (type === '')
      return source.fail('DOCKERFILE_SYNTAX', 'HEALTHCHECK requires at least one argument', {
        hint: 'write NONE, or CMD and a command',
      })
    const kind = type.toUpperCase()
    let start = end
    while (start < text.length && isBlank(text.charCodeAt(start))) start += 1
    const rest = text.slice(start)
    const test = plainCommand(source, rest)
    const empty = test.form === 'exec' ? test.args.length === 0 : test.text === ''
    if (kind === 'NONE') {
      if (!empty) source.fail('DOCKERFILE_SYNTAX', 'HEALTHCHECK NONE takes no arguments', { offset: end })
      return { form: 'none' }
    }
    if (kind !== 'CMD') {
      const hint = didYouMean(kind, ['CMD', 'NONE']) ?? 'write CMD before the command'
      source.fail('DOCKERFILE_SYNTAX', `Unknown type "${type}" in HEALTHCHECK`, { length: end, hint })
    }
    if (empty) source.fail('DOCKERFILE_SYNTAX', 'Missing command after HEALTHCHECK CMD')
    return test
  },
  write(value) {
    if (value.form === 'none') return 'NONE'
    if (value.form === 'exec' && value.args.length > 0) return `CMD ${writeJson(value.args)}`
    const text = value.form === 'shell' ? value.text : ''
    if (
      text === '' ||
      trimmedEnd(text) !== text.length ||
      isBlank(text.charCodeAt(0)) ||
      text.includes('\n') ||
      jsonStrings(text) !== undefined
    ) {
      throw inexpressible(`the health check ${shown(value)}`)
    }
    return `CMD ${text}`
  },
  expand: (value) => value,
  schema: {
    oneOf: [
      objectSchema({ form: { const: 'none' } }, ['form']),
      objectSchema({ form: { const: 'exec' }, args: { ...stringsSchema, minItems: 1 } }, ['form', 'args']),
      objectSchema({ form: { const: 'shell' }, text: { type: 'string', minLength: 1 } }, ['form', 'text']),
    ],
  },
}
