/** The shape of `--device`: one CSV record that names a device. */
import { readCsv } from './csv.ts'
import { parseBool } from './mount-values.ts'
import type { Shape, Source } from './shape.ts'
import { text } from './text.ts'

/** Kept as it was written. Source: D5.42. */
export const device: Shape<string> = {
  ...text,
  read(source) {
    check(source)
    return source.text
  },
}

function check(source: Source): void {
  const refuse = (why: string): never => source.fail('FLAG_VALUE', `--device "${source.text}": ${why}`)
  const fields = readCsv(source.text)
  let name = ''
  for (const field of fields ?? refuse('not a list of key=value')) {
    const equals = field.indexOf('=')
    const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase()
    const value = equals < 0 ? undefined : field.slice(equals + 1)
    if (key === 'name' && value !== undefined) {
      if (name !== '') refuse(`device name already set to ${name}`)
      name = value
    } else if (key === 'required') {
      if (value !== undefined && typeof parseBool(value) !== 'boolean') refuse(`invalid value for ${key}: ${value}`)
    } else if (name === '') name = field
    else refuse(`unexpected field '${field}'`)
  }
}
