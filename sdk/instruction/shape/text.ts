/** The shape of plain text in which nothing is expanded. */
import type { Shape } from './shape.ts'
import { inexpressible, shown } from './spell.ts'
import { isWholeLine } from './word.ts'

/** MAINTAINER, `--exclude`, `--device`. Source: D2.33. */
export const text: Shape<string> = {
  read(source) {
    if (source.text === '' && source.flag === undefined) {
      source.fail('DOCKERFILE_SYNTAX', `${source.keyword} requires exactly one argument`)
    }
    return source.text
  },
  write(value, { flag }) {
    if (value.includes('\n') || !(flag || isWholeLine(value))) throw inexpressible(`the text ${shown(value)}`)
    return value
  },
  expand: (value) => value,
  schema: { type: 'string' },
}
