/** Sees to it that a builder call was given as much as it takes, and no option that it does not know: nothing is lost without a word. */
import { ImgError } from '../error.ts'
import { hintFor, kindOf, wrongKind } from '../graph/given.ts'
import type { Row } from '../instruction/define.ts'
import { didYouMean } from '../instruction/shape/nearest.ts'

/** What a call was given, to be built from, and the look at it afterwards. */
export interface Watched {
  readonly params: readonly unknown[]
  /** Throws ARGUMENT_VALUE for an option that was given and that nobody has read, and for parameters that are too many. */
  check(): void
}

/** The parameters of a row's method, the options at their end so that it shows what is read of them. Throws ARGUMENT_VALUE. */
export function watchParameters(row: Row, params: readonly unknown[]): Watched {
  const call = `.${row.keyword.toLowerCase()}()`
  // Only parameters without a default count: those before the options, or none where they are a list.
  const place = row.build.length
  const most = place === 0 ? Number.POSITIVE_INFINITY : place + (row.flags ? 1 : 0)
  const options = row.flags ? params[place] : undefined
  const checkCount = () => {
    if (params.length > most) throw tooMany(row.keyword, call, params, most)
  }
  if (options === undefined) return { params, check: checkCount }
  if (!isOptions(options))
    throw wrongKind(
      options,
      `what follows in ${call}`,
      'an object of options',
      hintFor(options) ?? optionsHint(row.keyword),
    )
  const read = new Set<string>()
  const watched = new Proxy(options as Record<string, unknown>, {
    get(target, key) {
      if (typeof key === 'string') read.add(key)
      return target[key as string]
    },
  })
  return {
    params: [...params.slice(0, place), watched],
    check() {
      checkCount()
      checkNames(call, options as Record<string, unknown>, read)
    },
  }
}

/** Throws ARGUMENT_VALUE for what are no options, and for one of another name. `example` is how they are written. */
export function checkOptions(call: string, options: object, known: readonly string[], example?: string): void {
  if (!isOptions(options))
    throw wrongKind(options, `what follows in ${call}`, 'an object of options', hintFor(options) ?? example)
  checkNames(call, options as Record<string, unknown>, known)
}

const isOptions = (value: unknown) => typeof value === 'object' && value !== null && /^an? [oA-Z]/.test(kindOf(value))

/** Throws ARGUMENT_VALUE for an option of another name, with the nearest that is known. */
export function checkNames(call: string, options: Readonly<Record<string, unknown>>, known: Iterable<string>): void {
  const names = [...known]
  const unknown = Object.keys(options).find((key) => !names.includes(key) && options[key] !== undefined)
  if (unknown === undefined) return
  // of words equally near, one with the same letters first: a swap is the commonest slip
  const swapped = (word: string) => Number(lettersOf(word) !== lettersOf(unknown))
  const sorted = names.sort().sort((a, b) => swapped(a) - swapped(b))
  throw new ImgError('ARGUMENT_VALUE', `${call} has no option "${unknown}"`, {
    hint: didYouMean(unknown, sorted) ?? `its options are ${sorted.join(', ')}`,
  })
}

const lettersOf = (word: string) => [...word].sort().join('')

const commands: readonly string[] = ['RUN', 'CMD', 'ENTRYPOINT', 'SHELL', 'HEALTHCHECK']

function tooMany(keyword: string, call: string, params: readonly unknown[], most: number): ImgError {
  return new ImgError(
    'ARGUMENT_VALUE',
    `${call} takes ${most} argument${most === 1 ? '' : 's'}, and was given ${params.length}`,
    {
      hint: optionsHint(keyword),
    },
  )
}

function optionsHint(keyword: string): string | undefined {
  const method = keyword.toLowerCase()
  if (commands.includes(keyword)) return `the words of a command are one list: .${method}(['program', 'argument'])`
  if (keyword === 'COPY' || keyword === 'ADD')
    return `several sources are one list: .${method}(['a', 'b'], '/destination')`
  return undefined
}
