/** The shape of ONBUILD: the text of an instruction, kept for later. */
import { withBodies } from './command.ts'
import { jsonStrings } from './json-strings.ts'
import { cutPairs } from './pairs.ts'
import type { Shape } from './shape.ts'
import { inexpressible, shown } from './spell.ts'
import { splitCommand } from './split-command.ts'

const forbidden: readonly string[] = ['FROM', 'MAINTAINER']
const mayBeJson: readonly string[] = ['RUN', 'CMD', 'ENTRYPOINT', 'SHELL', 'ADD', 'COPY', 'VOLUME']

/** The text as it stood, continuations joined, bodies of here-documents appended. Source: D8.1, D8.2. */
export const trigger: Shape<string> = {
  read(source) {
    const { text, escape } = source
    if (text === '') source.fail('DOCKERFILE_SYNTAX', 'ONBUILD requires at least one argument')
    const inner = splitCommand(text, escape)
    const keyword = inner.keyword.toUpperCase()
    if (keyword === 'ONBUILD') source.fail('DOCKERFILE_SYNTAX', "Chaining ONBUILD via ONBUILD ONBUILD isn't allowed")
    if (forbidden.includes(keyword)) source.fail('DOCKERFILE_SYNTAX', `${keyword} isn't allowed as an ONBUILD trigger`)
    const args = keyword === 'HEALTHCHECK' ? inner.args.replace(/^\S+\s*/, '') : inner.args
    if ((mayBeJson.includes(keyword) || keyword === 'HEALTHCHECK') && jsonStrings(args) === 'mixed') {
      source.fail('DOCKERFILE_SYNTAX', 'a JSON array must be comprised of strings only', { offset: inner.argsOffset })
    }
    if ((keyword === 'ENV' || keyword === 'LABEL') && inner.args !== '') {
      const { argsOffset: start } = inner
      cutPairs({
        ...source,
        keyword,
        text: inner.args,
        note: () => undefined,
        fail: (code, message, options) =>
          source.fail(code, message, { ...options, offset: start + (options?.offset ?? 0) }),
      })
    }
    return withBodies(source.original ?? text, source.heredocs)
  },
  write(value) {
    const [line = ''] = value.split('\n', 1)
    if (splitCommand(line, '\\').keyword === '') throw inexpressible(`the trigger ${shown(value)}`)
    return value
  },
  expand: (value) => value,
  schema: { type: 'string', minLength: 1 },
}
