/** The shape of a span of time, in Go's spelling: `1m30s`, `500ms`. */
import type { Shape } from './shape.ts'

const units: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
}
const longest = 2 ** 63

/** Nanoseconds; none, or at least a millisecond. Source: D4.16.3. */
export const duration: Shape<number> = {
  read(source) {
    if (source.text === '') return 0
    const value = parseDuration(source.text)
    if (value === undefined) {
      const unitless = /^[0-9.]+$/.test(source.text)
      return source.fail('FLAG_VALUE', `--${source.flag} is "${source.text}", which is not a duration`, {
        hint: unitless ? `add a unit: ${source.text}s` : 'write it like 1m30s or 500ms',
      })
    }
    if (value !== 0 && value < 1e6)
      source.fail('FLAG_VALUE', `--${source.flag} cannot be less than 1ms, it is ${source.text}`)
    return value
  },
  write: (value) => printDuration(value),
  expand: (value) => value,
  schema: { type: 'integer', minimum: 0 },
  isAbsent: (value) => value === 0,
}

/** Nanoseconds; undefined where the text is no duration. Source: Go, time.ParseDuration. */
export function parseDuration(text: string): number | undefined {
  const [, sign, rest] = /^([-+]?)(.+)$/s.exec(text) ?? []
  if (rest === undefined) return undefined
  if (rest === '0') return 0
  let total = 0
  const pattern = /([0-9]*)(\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)/y
  while (pattern.lastIndex < rest.length) {
    const match = pattern.exec(rest)
    if (!match || (match[1] === '' && !match[3])) return undefined
    const unit = units[match[4]!]!
    const fraction = match[3] ? Math.trunc(Number(`0.${match[3]}`) * unit + 1e-6) : 0
    total += Number(match[1]) * unit + fraction
  }
  if (total >= longest) return undefined
  return sign === '-' ? -total : total
}

/** As Go prints it: `1m30s`, `2.5s`, `500ms`, `0s`. Source: Go, Duration.String. */
export function printDuration(nanoseconds: number): string {
  if (nanoseconds < 0) return `-${printDuration(-nanoseconds)}`
  if (nanoseconds === 0) return '0s'
  if (nanoseconds < 1e9) {
    const [unit, size] = nanoseconds < 1e3 ? ['ns', 1] : nanoseconds < 1e6 ? ['µs', 1e3] : ['ms', 1e6]
    return decimal(nanoseconds, size as number) + unit
  }
  const hours = Math.floor(nanoseconds / 3600e9)
  const minutes = Math.floor((nanoseconds % 3600e9) / 60e9)
  const seconds = `${decimal(nanoseconds % 60e9, 1e9)}s`
  if (hours > 0) return `${hours}h${minutes}m${seconds}`
  return minutes > 0 ? `${minutes}m${seconds}` : seconds
}

/** A quotient with as many digits as it needs. */
function decimal(value: number, size: number): string {
  const digits = String(value % size)
    .padStart(String(size).length - 1, '0')
    .replace(/0+$/, '')
  return `${Math.floor(value / size)}${digits === '' || size === 1 ? '' : `.${digits}`}`
}
