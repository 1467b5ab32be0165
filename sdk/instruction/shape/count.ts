/** The shape of a number that counts: `--retries`. */
import type { Shape } from './shape.ts'

const greatest = 2 ** 31 - 1

/** Source: D4.16.3. */
export const count: Shape<number> = {
  read(source) {
    if (source.text === '') return 0
    const value = /^[-+]?[0-9]+$/.test(source.text) ? Number(source.text) : Number.NaN
    const name = `--${source.flag}`
    if (value < 0) source.fail('FLAG_VALUE', `${name} cannot be negative, it is ${source.text}`)
    if (!(value <= greatest))
      source.fail('FLAG_VALUE', `${name} is "${source.text}", which is not a number up to ${greatest}`)
    return value
  },
  write: (value) => String(value),
  expand: (value) => value,
  schema: { type: 'integer', minimum: 0, maximum: greatest },
  isAbsent: (value) => value === 0,
}
