/** The graph as JSON and YAML text, in one order whatever made it. */
import type { Graph, Instruction, Stage } from '../graph/graph.ts'
import { positional } from '../instruction/define.ts'
import { rowOf } from '../instruction/rows.ts'

/** Options of encoding. */
export interface EncodeOptions {
  /** Keep where the author wrote each instruction. @default true */
  readonly locations?: boolean
}

/** The graph as pretty JSON, ending with a newline. */
export function encode(graph: Graph, options: EncodeOptions = {}): string {
  return `${JSON.stringify(plain(graph, options), null, 2)}\n`
}

/** The graph as YAML: block style, no anchors, long text folded nowhere. */
export async function encodeYaml(graph: Graph, options: EncodeOptions = {}): Promise<string> {
  const { stringify } = await import('yaml')
  return stringify(plain(graph, options), { aliasDuplicateObjects: false, lineWidth: 0 })
}

/** The graph as plain data with its members in a fixed order: those of an instruction as its row has them. */
export function plain(graph: Graph, { locations = true }: EncodeOptions = {}): unknown {
  const instruction = ({ keyword, args, at, comments, gaps, notes }: Instruction) => ({
    keyword,
    args: inOrder(args, fieldsOf(keyword)),
    ...(at && locations ? { at: inOrder(at, locationOrder) } : {}),
    ...(comments ? { comments } : {}),
    ...(gaps ? { gaps } : {}),
    ...(notes ? { notes } : {}),
  })
  const stage = ({ from, instructions }: Stage) => ({
    from: instruction(from),
    instructions: instructions.map(instruction),
  })
  const { version, syntax, check, escape, args, stages } = graph
  return {
    version,
    ...(syntax === undefined ? {} : { syntax }),
    ...(check === undefined ? {} : { check }),
    ...(escape === undefined ? {} : { escape }),
    args: args.map(instruction),
    stages: stages.map(stage),
  }
}

const locationOrder = ['file', 'line', 'column', 'endLine', 'endColumn']
// Inside of values: what tells the kind comes first.
const valueOrder = [
  'form',
  'type',
  'name',
  'key',
  'var',
  'op',
  'word',
  'with',
  'from',
  'id',
  'source',
  'target',
  'stage',
  'image',
]

/** The members that the `args` of an instruction may have, in the order of its row. */
export function fieldsOf(keyword: string): readonly string[] {
  const row = rowOf(keyword)
  if (!row) return []
  const { shape, field } = positional(row)
  const fields = field === undefined ? Object.keys((shape.schema['properties'] ?? {}) as object) : [field]
  return [...fields, ...Object.keys(row.flags ?? {})]
}

/** The value with members that are named first in that order, the others after them by name; undefined ones left out. */
function inOrder(value: unknown, first: readonly string[] = valueOrder): unknown {
  if (Array.isArray(value)) return value.map((item) => inOrder(item))
  if (value === null || typeof value !== 'object') return value
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  const rank = (key: string) => (first.includes(key) ? first.indexOf(key) : first.length)
  members.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
  return Object.fromEntries(members.map(([key, member]) => [key, inOrder(member)]))
}
