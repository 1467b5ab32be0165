/** Names of constants: readable, free, and no word of the language. */

/** What `imgsdk` exports and code may use, sorted. */
export const importable: readonly string[] =
  'arg bind cache envRef expand from heredoc image scratch secret ssh tmpfs'.split(' ')

const words =
  'arguments async await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null of package private protected public return static super switch this throw true try typeof undefined var void while with yield'
const reserved: ReadonlySet<string> = new Set([...importable, ...words.split(' ')])

/** Gives out names; each only once. */
export interface Names {
  /** The name in camel case; with `suffix`, and then a number, where it is taken or reserved. */
  take(wanted: string, suffix: string): string
}

/** A giver of names. */
export function createNames(): Names {
  const taken = new Set<string>()
  return {
    take(wanted, suffix) {
      const base = camelCase(wanted) || suffix.toLowerCase()
      const candidates = [base, `${base}${suffix}`]
      for (let n = 2; ; n++) {
        const name = candidates.shift() ?? `${base}${n}`
        if (reserved.has(name) || taken.has(name)) continue
        taken.add(name)
        return name
      }
    },
  }
}

function camelCase(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  // NODE_VERSION is written in capitals throughout; nodeVersion has its own.
  const parts = words.map((word) => (/[a-z]/.test(word) ? word : word.toLowerCase()))
  const [first = '', ...rest] = parts
  const joined =
    first.charAt(0).toLowerCase() +
    first.slice(1) +
    rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return /^[0-9]/.test(joined) ? `_${joined}` : joined
}
