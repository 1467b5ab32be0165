/** Lays out source text: on one line where it fits, otherwise broken the way Prettier would. */

/** A piece of source. */
export type Doc = string | List | Sum | Lines

/** `open`, items, `close`: a call, an array, an object (`padded`: with blanks inside of the braces). */
export interface List {
  readonly kind: 'list'
  readonly open: string
  readonly items: readonly Doc[]
  readonly close: string
  readonly padded?: boolean
}

/** Pieces joined by `+`, one per line. */
export interface Sum {
  readonly kind: 'sum'
  readonly pieces: readonly string[]
}

/** A tagged template whose lines are indented with the code around it. */
export interface Lines {
  readonly kind: 'lines'
  readonly open: string
  readonly lines: readonly string[]
  readonly close: string
}

/** Columns that a line may have. */
export const width = 100

/** The call of a function or method. */
export function call(name: string, items: readonly Doc[]): List {
  return { kind: 'list', open: `${name}(`, items, close: ')' }
}

/** An array. */
export function array(items: readonly Doc[]): List {
  return { kind: 'list', open: '[', items, close: ']' }
}

/** An object of members that are already written as `key: value`. */
export function object(members: readonly Doc[]): Doc {
  return members.length === 0 ? '{}' : { kind: 'list', open: '{', items: members, close: '}', padded: true }
}

/** `key: value`. */
export function member(key: string, value: Doc): Doc {
  if (typeof value === 'string') return `${key}: ${value}`
  if (value.kind === 'sum')
    return { ...value, pieces: value.pieces.map((piece, i) => (i === 0 ? `${key}: ${piece}` : piece)) }
  return { ...value, open: `${key}: ${value.open}` }
}

/** The text of a piece that begins at a column; lines after the first are indented by `indent`. */
export function layout(doc: Doc, indent: number, column = indent): string {
  const short = flat(doc)
  if (short !== undefined && column + short.length <= width) return short
  if (typeof doc === 'string') return doc
  const inner = ' '.repeat(indent + 2)
  const outer = ' '.repeat(indent)
  if (doc.kind === 'sum') return doc.pieces.join(` +\n${inner}`)
  if (doc.kind === 'lines') {
    const lines = doc.lines.map((line) => (line === '' ? '' : `${inner}${line}`))
    return [doc.open, ...lines, `${outer}${doc.close}`].join('\n')
  }
  const hugged = hug(doc, indent, column)
  if (hugged !== undefined) return hugged
  const items = doc.items.map((item) => `${inner}${layout(item, indent + 2)},\n`)
  return `${doc.open}\n${items.join('')}${outer}${doc.close}`
}

/** The piece on one line; undefined where it has several. */
function flat(doc: Doc): string | undefined {
  if (typeof doc === 'string') return doc.includes('\n') ? undefined : doc
  if (doc.kind !== 'list') return undefined
  const items = doc.items.map(flat)
  if (items.includes(undefined)) return undefined
  const pad = doc.padded ? ' ' : ''
  return `${doc.open}${pad}${items.join(', ')}${pad}${doc.close}`
}

/** A call whose last argument alone is broken: `.run('npm ci', {` … `})`. */
function hug(doc: List, indent: number, column: number): string | undefined {
  const last = doc.items.at(-1)
  if (!doc.open.endsWith('(') || last === undefined) return undefined
  const before = doc.items.slice(0, -1).map(flat)
  if (before.includes(undefined)) return undefined
  if (typeof last === 'string' ? !last.includes('\n') : last.kind === 'sum') return undefined
  const head = `${doc.open}${before.map((item) => `${item}, `).join('')}`
  const tail = layout(last, indent, column + head.length)
  const isTemplate = typeof last === 'string' && last.startsWith('`')
  const fits = isTemplate || column + head.length + tail.split('\n', 1)[0]!.length <= width
  return fits ? `${head}${tail}${doc.close}` : undefined
}
