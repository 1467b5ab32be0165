/** The shape of an argument that must be a JSON array: SHELL. */

import { jsonStrings, writeJson } from './json-strings.ts'
import { stringsSchema } from './schema.ts'
import type { Shape } from './shape.ts'
import { inexpressible } from './spell.ts'

/** Source: D4.17.1. */
export const execForm: Shape<readonly string[]> = {
  read(source) {
    const items = jsonStrings(source.text)
    if (items === 'mixed') return source.fail('DOCKERFILE_SYNTAX', 'a JSON array must be comprised of strings only')
    if (source.text === '' || items?.length === 0) {
      return source.fail('DOCKERFILE_SYNTAX', `${source.keyword} requires at least one argument`)
    }
    if (items) return items
    return source.fail('DOCKERFILE_SYNTAX', `${source.keyword} requires the arguments to be in JSON form`, {
      hint: `write ${source.keyword} ${writeJson(source.text.split(/\s+/))}`,
    })
  },
  write(value) {
    if (value.length === 0) throw inexpressible('an empty SHELL')
    return writeJson(value)
  },
  expand: (value) => value,
  schema: { ...stringsSchema, minItems: 1 },
}
