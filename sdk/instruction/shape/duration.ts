/** The shape of a span of time, in Go's spelling: `1m30s`, `500ms`. */
import type { Shape } from './shape.ts'

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}
const longest = 2n ** 63n

/** Nanoseconds; none, or at least a millisecond. Source: D4.16.3. */
export const duration: Shape<number> = {
  read(source) {
    if (source.text === '') return 0
    const value = parseDuration(source.text)
    if (value === undefined) {
      const unitless = /^[0-9.]+$/.test(source.text)
      if (exactly(source.text) !== undefined)
        source.fail('FLAG_VALUE', `--${source.flag} is ${source.text}, which cannot be kept to the nanosecond`, {
          hint: 'round a time of more than 104 days to whole seconds',
        })
      return source.fail('FLAG_VALUE', `--${source.flag} is "${source.text}", which is not a duration`, {
        hint: unitless ? `add a unit: ${source.text}s` : 'write it like 1m30s or 500ms',
      })
    }
    if (value !== 0 && value < 1e6)
      source.fail('FLAG_VALUE', `--${source.flag} cannot be less than 1ms, it is ${source.text}`)
    return value
  },
  write: (value) => spellDuration(value),
  expand: (value) => value,
  schema: { type: 'integer', minimum: 0 },
  isAbsent: (value) => value === 0,
}

/** Nanoseconds; undefined where the text is no duration, or one that a number of JSON does not carry to the last digit. */
export function parseDuration(text: string): number | undefined {
  const exact = exactly(text)
  const value = Number(exact)
  return exact === undefined || BigInt(String(value)) !== exact ? undefined : value
}

/** Nanoseconds; undefined where the text is no duration. Source: Go, time.ParseDuration. */
function exactly(text: string): bigint | undefined {
  const [, sign, rest] = /^([-+]?)(.+)$/s.exec(text) ?? []
  if (rest === undefined) return undefined
  if (rest === '0') return 0n
  let total = 0n
  const pattern = /([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)/y
  while (pattern.lastIndex < rest.length) {
    const [match, whole = '', fraction = '', name] = pattern.exec(rest) ?? []
    if (match === undefined || (whole === '' && fraction === '')) return undefined
    const unit = units[name!]!
    total += BigInt(whole) * unit + partOf(unit, fraction)
  }
  // the shortest of all is a nanosecond longer than the longest
  if (total > longest || (total === longest && sign !== '-')) return undefined
  return sign === '-' ? -total : total
}

/** What the digits behind the point are of a unit. Go multiplies a float, so the last nanosecond is not always what one reckons. */
function partOf(unit: bigint, digits: string): bigint {
  let [fraction, scale] = [0n, 1]
  for (const digit of digits) {
    if (fraction > (longest - 1n) / 10n || fraction * 10n + BigInt(digit) > longest) break
    fraction = fraction * 10n + BigInt(digit)
    scale *= 10
  }
  return BigInt(Math.trunc(Number(fraction) * (Number(unit) / scale)))
}

/** As a person writes it: `5m` where Go prints `5m0s`. */
export function spellDuration(nanoseconds: number): string {
  return printDuration(nanoseconds)
    .replace(/(?<=m)0s$/, '')
    .replace(/(?<=h)0m$/, '')
}

/** As Go prints it: `1m30s`, `2.5s`, `500ms`, `0s`. Source: Go, Duration.String. */
export function printDuration(nanoseconds: number): string {
  // through its digits: beyond 2^53 the number itself is only near to what it prints as
  const time = BigInt(String(nanoseconds))
  if (time < 0n) return `-${spell(-time)}`
  return spell(time)
}

function spell(time: bigint): string {
  if (time === 0n) return '0s'
  const unit = ['ns', 'µs', 'ms'].find((_, i) => time < 1_000n ** BigInt(i + 1))
  if (unit !== undefined) return decimal(time, units[unit]!) + unit
  const [hours, minutes] = [time / units['h']!, (time % units['h']!) / units['m']!]
  const seconds = `${decimal(time % units['m']!, units['s']!)}s`
  if (hours > 0n) return `${hours}h${minutes}m${seconds}`
  return minutes > 0n ? `${minutes}m${seconds}` : seconds
}

/** A quotient with as many digits as it needs. */
function decimal(value: bigint, size: bigint): string {
  const digits = String(value % size)
    .padStart(String(size).length - 1, '0')
    .replace(/0+$/, '')
  return `${value / size}${digits === '' || size === 1n ? '' : `.${digits}`}`
}
