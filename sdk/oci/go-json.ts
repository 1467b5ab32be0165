/** JSON text as Go's encoder writes it, so that documents made here and by Go programs can have one digest. */

/** What the writer takes. A Map is an object whose members keep their order, whatever their names. */
export type GoJson = string | number | boolean | null | readonly GoJson[] | ReadonlyMap<string, GoJson>

/**
 * The text of a value: compact, or with `indent` on lines of their own.
 * `<`, `>`, `&` and the two line separators of Unicode are escaped, as Go does for the sake of HTML.
 *
 * @source encoding/json: Marshal, MarshalIndent, HTMLEscape
 */
export function goJson(value: GoJson, indent = ''): string {
  return write(value, indent, '')
}

/** An object without the members that are undefined or empty: `omitempty`. */
export function members(entries: Iterable<readonly [string, GoJson | undefined]>): ReadonlyMap<string, GoJson> {
  return new Map([...entries].filter((entry): entry is [string, GoJson] => !isEmpty(entry[1])))
}

/** An object in the order that Go gives to maps: by the bytes of the names. */
export function sortedMembers(record: Readonly<Record<string, unknown>>): ReadonlyMap<string, GoJson> {
  const names = Object.keys(record).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return new Map(names.map((name) => [name, fromValue(record[name])]))
}

/**
 * A time as Go prints it after reading it: no trailing zeros in the fraction, `Z` for no offset.
 * @source time.Time.MarshalJSON, RFC3339Nano
 */
export function goTime(text: string): string {
  const parts = /^(.*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text)
  if (!parts) return text
  const fraction = (parts[2] ?? '').slice(0, 9).replace(/0+$/, '')
  return `${parts[1]}${fraction && '.'}${fraction}${/^[+-]00:00$/.test(parts[3]!) ? 'Z' : parts[3]}`
}

const escapes: Record<string, string> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

function write(value: GoJson, indent: string, margin: string): string {
  if (typeof value === 'string') return text(value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const inner = margin + indent
  const items = Array.isArray(value)
    ? value.map((item: GoJson) => write(item, indent, inner))
    : [...(value as ReadonlyMap<string, GoJson>)].map(
        ([name, item]) => `${text(name)}:${indent && ' '}${write(item, indent, inner)}`,
      )
  if (items.length === 0) return `${open}${close}`
  if (!indent) return `${open}${items.join(',')}${close}`
  return `${open}\n${inner}${items.join(`,\n${inner}`)}\n${margin}${close}`
}

function text(value: string): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (unit) => escapes[unit]!)
}

function isEmpty(value: GoJson | undefined): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true
  if (Array.isArray(value)) return value.length === 0
  return value instanceof Map && value.size === 0
}

function fromValue(value: unknown): GoJson {
  if (Array.isArray(value)) return value.map(fromValue)
  if (value !== null && typeof value === 'object') return sortedMembers(value as Record<string, unknown>)
  return value as GoJson
}
