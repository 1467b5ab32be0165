/** Numbers with a fraction, as Go reads them: `1e3`, `1_000`, `0x1p4`. Source: Go, strconv.ParseFloat. */

const decimal = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?$/i
const hexadecimal = /^([+-]?)0x([0-9a-f]*)\.?([0-9a-f]*)p([+-]?[0-9]+)$/i

/** The number; undefined where the text is none, or one that is too large. Infinity and NaN, which Go has words for, are none here. */
export function parseGoFloat(text: string): number | undefined {
  const hex = hexadecimal.test(text.replaceAll('_', ''))
  // An underscore lies between two digits; `0x` counts as one.
  const misplaced = hex ? /(?<![0-9a-f]|^[+-]?0x)_|_(?![0-9a-f])/i : /(?<![0-9])_|_(?![0-9])/
  if (misplaced.test(text)) return undefined
  const digits = text.replaceAll('_', '')
  const value = hex ? fromHexadecimal(digits) : decimal.test(digits) ? Number(digits) : Number.NaN
  return Number.isFinite(value) ? value : undefined
}

function fromHexadecimal(text: string): number {
  const [, sign, whole = '', fraction = '', power] = hexadecimal.exec(text)!
  if (whole === '' && fraction === '') return Number.NaN
  const mantissa = Number(BigInt(`0x${whole}${fraction}`))
  const value = mantissa === 0 ? 0 : mantissa * 2 ** (Number(power) - 4 * fraction.length)
  return sign === '-' ? -value : value
}
