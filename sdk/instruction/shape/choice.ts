/** The shape of a value out of a short list. */
import { didYouMean } from './nearest.ts'
import type { Shape } from './shape.ts'

/** One of the values, exactly as spelled. Source: D5.40, D5.41. */
export function choice<const V extends string>(...values: readonly V[]): Shape<V> {
  return {
    read(source) {
      const found = values.find((value) => value === source.text)
      if (found !== undefined) return found
      const message = `--${source.flag ?? source.keyword} is ${values.join(', ')}, not "${source.text}"`
      return source.fail('FLAG_VALUE', message, { hint: didYouMean(source.text, values) })
    },
    write: (value) => value,
    expand: (value) => value,
    schema: { enum: values },
  }
}
