/** The `key=value` pairs of an option, taken one by one by who knows what they mean. */
import { ImgError } from '../error.ts'
import { nearest } from '../instruction/shape/nearest.ts'
import { parseReference } from '../oci/reference.ts'

/** A note on a document. Source: buildx, annotations: `annotation-manifest[linux/amd64].key=value`. */
export interface Annotation {
  readonly on: 'manifest' | 'index' | 'manifest-descriptor' | 'index-descriptor'
  /** Only for this platform's manifest. @default all */
  readonly platform?: string
  readonly key: string
  readonly value: string
}

/** The pairs of one output. Each reader takes what it knows; what is left then is unknown. */
export class Attributes {
  readonly #text: string
  readonly #left = new Map<string, string>()
  readonly #known = new Set<string>()

  constructor(text: string, fields: readonly string[]) {
    this.#text = text
    for (const field of fields) {
      const equals = field.indexOf('=')
      if (equals < 1) throw usage(`"${field}" in --output "${text}" is not of the form key=value`)
      this.#left.set(field.slice(0, equals).trim().toLowerCase(), field.slice(equals + 1))
    }
  }

  take(key: string): string | undefined {
    const value = this.#left.get(key)
    this.#known.add(key)
    this.#left.delete(key)
    return value
  }

  /** Where it goes. Archives go to the standard output by default. */
  dest(isArchive: boolean): string {
    const dest = this.take('dest') ?? (isArchive ? '-' : '')
    if (dest !== '' && (isArchive || dest !== '-')) return dest
    throw usage(`--output "${this.#text}" needs the directory to write to`, 'add dest=DIRECTORY')
  }

  flag(key: string, usual: boolean): boolean {
    return this.optionalFlag(key) ?? usual
  }

  optionalFlag(key: string): boolean | undefined {
    const value = this.take(key)
    if (value === undefined) return undefined
    if (/^(1|t|true|)$/i.test(value)) return true
    if (/^(0|f|false)$/i.test(value)) return false
    throw usage(`"${value}" in --output is not a value of ${key}; expected true or false`)
  }

  choice<T extends string, U>(key: string, options: readonly T[], usual: U): T | U {
    const value = this.take(key)
    if (value === undefined) return usual
    const found = options.find((option) => option === value)
    if (found !== undefined) return found
    const near = nearest(value, options)
    throw usage(
      `"${value}" in --output is not a value of ${key}; expected ${options.join(', ')}`,
      near && `write ${near}`,
    )
  }

  whole(key: string, least: number, most: number): number | undefined {
    const value = this.take(key)
    if (value === undefined) return undefined
    const number = Number(value)
    if (/^-?\d+$/.test(value) && number >= least && number <= most) return number
    const range =
      Math.abs(most) === Number.MAX_SAFE_INTEGER ? 'a whole number' : `a whole number from ${least} to ${most}`
    throw usage(`"${value}" in --output is not a value of ${key}; expected ${range}`)
  }

  names(): readonly string[] {
    const names = (this.take('name') ?? '').split(',').filter(Boolean)
    for (const name of names) parseReference(name)
    return names
  }

  annotations(): readonly Annotation[] {
    return [...this.#left.keys()].filter((key) => key.startsWith('annotation')).flatMap((key) => this.#annotation(key))
  }

  #annotation(name: string): readonly Annotation[] {
    const parts = /^annotation(?:-([a-z-]+))?(?:\[([\w/-]+)\])?\.(\S+)$/.exec(name)
    if (!parts) return []
    const [, on = 'manifest', platform, key] = parts
    if (!isAnnotated(on)) throw usage(`"${name}" annotates no document; expected annotation-${documents.join(', -')}`)
    return [{ on, ...(platform === undefined ? {} : { platform }), key: key!, value: this.take(name)! }]
  }

  /** Nothing may be left. */
  finish(type: string): void {
    for (const key of this.#left.keys()) {
      const near = nearest(key, this.#known)
      const hint = near === undefined ? `keys: ${[...this.#known].sort().join(', ')}` : `did you mean ${near}?`
      throw usage(`--output type=${type} has no key "${key}"`, hint)
    }
  }
}

const documents = ['manifest', 'index', 'manifest-descriptor', 'index-descriptor'] as const

function isAnnotated(text: string): text is Annotation['on'] {
  return (documents as readonly string[]).includes(text)
}

/** A wrong use of the option. */
export function usage(message: string, hint?: string): ImgError {
  return new ImgError('USAGE', message, { hint })
}
