/** Sees to it that every option of a builder call is one that the call knows: a misspelt one must not be lost without a word. */
import { ImgError } from '../error.ts'
import { didYouMean } from '../instruction/shape/nearest.ts'

/** What a call was given, to be built from, and the look at it afterwards. */
export interface Watched {
  readonly params: readonly unknown[]
  /** Throws ARGUMENT_VALUE for an option that was given and that nobody has read. */
  check(): void
}

/** The parameters of `.keyword(…)`, the options at their end so that it shows what is read of them. */
export function watchOptions(keyword: string, params: readonly unknown[]): Watched {
  const last = params.length - 1
  const options = params[last]
  if (last < 1 || !isPlain(options)) return { params, check: () => {} }
  const read = new Set<string>()
  const watched = new Proxy(options, {
    get(target, key) {
      if (typeof key === 'string') read.add(key)
      return target[key as string]
    },
  })
  return {
    params: [...params.slice(0, last), watched],
    check() {
      const unknown = Object.keys(options).find((key) => !read.has(key) && options[key] !== undefined)
      if (unknown === undefined) return
      // of words equally near, one with the same letters first: a swap is the commonest slip
      const swapped = (word: string) => Number(lettersOf(word) !== lettersOf(unknown))
      const known = [...read].sort().sort((a, b) => swapped(a) - swapped(b))
      throw new ImgError('ARGUMENT_VALUE', `.${keyword.toLowerCase()}() has no option "${unknown}"`, {
        hint: didYouMean(unknown, known) ?? `its options are ${known.join(', ')}`,
      })
    },
  }
}

const lettersOf = (word: string) => [...word].sort().join('')

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
