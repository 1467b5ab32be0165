/** The values that keys of a `--mount` take. */
import { ImgError } from '../../error.ts'
import { parseGoFloat } from '../part/go-float.ts'
import { didYouMean } from './nearest.ts'

/** Values of `type`. */
export const types = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'] as const
/** Values of `sharing`. */
export const sharings = ['shared', 'private', 'locked'] as const

/** Throws FLAG_VALUE where the value of a key can never be right. */
export function checkValue(key: string, text: string): void {
  if (key === 'type') oneOf('mount type', types, text)
  else if (key === 'sharing') oneOf('sharing value', sharings, text)
  else if (key === 'size') parseSize(text)
  else parseNumber(key, text, key === 'mode' ? 8 : 10)
}

/** Source: Go, strconv.ParseBool. */
export function parseBool(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text) ? false : undefined
}

/** Throws FLAG_VALUE. */
export function parseNumber(key: string, text: string | undefined, base: 8 | 10): number | undefined {
  if (text === undefined) return undefined
  const value = (base === 8 ? /^[0-7]+$/ : /^[0-9]+$/).test(text) ? Number.parseInt(text, base) : Number.NaN
  if (value < 2 ** 32) return value
  return refuse(`invalid value "${text}" for ${key}`, base === 8 ? 'write an octal number' : 'write a decimal number')
}

/** Bytes of a size with a unit; units count in 1024s. Source: D5.25; go-units, RAMInBytes. Throws FLAG_VALUE. */
export function parseSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const [, number = '', unit = ''] = /^(.*[0-9. ])([^0-9. ]*)$/s.exec(text) ?? []
  const count = parseGoFloat(number.replace(/ $/, ''))
  if (count === undefined || count < 0 || !/^(?:|b|[kmgtp](?:i?b)?)$/i.test(unit))
    return refuse(`invalid value for size: "${text}"`, 'write it like 64m')
  const power = unit === '' ? 0 : 'kmgtp'.indexOf(unit[0]!.toLowerCase()) + 1
  // + 0: Go takes -0, and it is no size
  const bytes = Math.trunc(count * 1024 ** power) + 0
  // What BuildKit makes of it depends on the processor that it runs on: a negative size, or the largest.
  if (bytes >= 2 ** 63) return refuse(`size "${text}" is more than 2^63 - 1 bytes`, 'leave it out for no limit')
  return bytes
}

/** Throws FLAG_VALUE. */
export function refuse(message: string, hint?: string): never {
  throw new ImgError('FLAG_VALUE', `--mount: ${message}`, { hint })
}

/** The value, if it is one of those that there are. Throws FLAG_VALUE. */
export function oneOf<const V extends string>(what: string, values: readonly V[], text: string): V {
  return (
    values.find((value) => value === text) ??
    refuse(`unsupported ${what} "${text}"`, didYouMean(text, values) ?? `use ${values.join(', ')}`)
  )
}
