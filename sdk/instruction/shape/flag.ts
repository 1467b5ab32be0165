/** The shape of a flag that is on or off. */
import type { Shape } from './shape.ts'

/** Bare means true. Source: D1.43. */
export const flag: Shape<boolean> = {
  read(source) {
    const value = source.text.toLowerCase()
    if (value === 'true') return true
    if (value === 'false') return false
    const name = `--${source.flag ?? ''}`
    if (value === '')
      return source.fail('FLAG_VALUE', `${name} is missing a value`, { hint: `write ${name} alone, or ${name}=true` })
    return source.fail('FLAG_VALUE', `${name} expects a boolean value, not "${source.text}"`, {
      hint: 'write true or false',
    })
  },
  write: (value) => String(value),
  expand: (value) => value,
  schema: { type: 'boolean' },
  bare: true,
  // only these two mean something else by being false than by not being given
  isAbsent: (value, name) => value === false && name !== 'unpack' && name !== 'keep-git-dir',
}
