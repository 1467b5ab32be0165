/** Graphs read from JSON and YAML text, checked; every refusal says where. */
import type { Code } from '../codes.ts'
import { ImgError, joinErrors, type Location } from '../error.ts'
import { type Graph, graphVersion } from '../graph/graph.ts'
import { type Part, template } from '../graph/template.ts'
import { checkGraph } from './check.ts'
import { explain } from './explain.ts'
import { type Path, type Range, scanJson } from './scan.ts'
import { validate } from './validate-graph.generated.ts'

/** Longer texts are refused: at 32 MiB a graph has some hundred thousand instructions. Characters. */
const maxLength = { json: 32 * 2 ** 20, yaml: 2 * 2 ** 20 }

/**
 * The graph that a JSON text holds.
 *
 * @param file  its name, for errors
 * @default file 'graph.json'
 * @throws GRAPH_INVALID with the place and what was expected there; GRAPH_VERSION for one written by a newer imgsdk
 */
export function decode(text: string, file = 'graph.json'): Graph {
  const source = { text, file, find: (path: Path, key?: boolean) => scanJson(text, path, key).found }
  refuseLong(source, maxLength.json)
  const { mistake } = scanJson(text)
  if (mistake) throw refusal(source, mistake, mistake.why)
  return toGraph(JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text), source)
}

/** The graph that a YAML text holds. Otherwise as `decode`; the default name is 'graph.yaml'. */
export async function decodeYaml(text: string, file = 'graph.yaml'): Promise<Graph> {
  refuseLong({ text, file, find: () => undefined }, maxLength.yaml)
  const { readYaml } = await import('./yaml.ts')
  const reading = await readYaml(text)
  if ('mistake' in reading) throw refusal({ text, file, find: () => undefined }, reading.mistake, reading.mistake.why)
  return toGraph(reading.value, { text, file, find: reading.find })
}

/** A text, and where the values in it stand. */
interface Source {
  readonly text: string
  readonly file: string
  find(path: Path, key?: boolean): Range | undefined
}

function toGraph(value: unknown, source: Source): Graph {
  const { version } = (value ?? {}) as { version?: unknown }
  if (Number.isInteger(version) && (version as number) > graphVersion) {
    throw refusal(
      source,
      source.find(['version']),
      `the graph has version ${version}; this imgsdk reads up to ${graphVersion}`,
      {
        code: 'GRAPH_VERSION',
        hint: 'Use a newer imgsdk, or write the graph again with this one.',
      },
    )
  }
  if (!validate(value)) {
    const { path, message, key, hint } = explain(validate.errors ?? [], value)
    throw refusal(source, source.find(path, key), `${pointer(path)}: ${message}`, { hint, path })
  }
  const { $schema: _, ...graph } = value as Graph & { $schema?: string }
  const findings = checkGraph(graph)
  const errors = findings.map(({ path, message }) =>
    refusal(source, source.find(path), `${pointer(path)}: ${message}`, { path }),
  )
  const error = joinErrors(errors)
  if (error) throw error
  return canonical(graph) as Graph
}

/** The value frozen, its templates in their one form: texts that touch joined, a list of one text unwrapped. */
function canonical(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) {
    const items = value.map(canonical)
    // Only templates have parts that are variables; a template whose parts are all text was refused by the schema.
    if (items.some(isVariablePart)) return template(items as Part[])
    return Object.freeze(items)
  }
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, member]) => [key, canonical(member)])))
}

function isVariablePart(item: unknown): boolean {
  return typeof item === 'object' && item !== null && ('var' in item || ('invalid' in item && !('code' in item)))
}

function pointer(path: Path): string {
  return path.length === 0
    ? 'the document'
    : path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('')
}

function refuseLong(source: Source, limit: number): void {
  if (source.text.length <= limit) return
  throw refusal(
    source,
    { start: 0, end: 0 },
    `the text has ${source.text.length} characters; expected at most ${limit}`,
  )
}

function refusal(
  { text, file }: Source,
  range: Range | undefined,
  message: string,
  { code = 'GRAPH_INVALID', hint, path }: { code?: Code; hint?: string | undefined; path?: Path } = {},
): ImgError {
  const detail = path ? { path } : undefined
  return new ImgError(code, message, {
    at: range ? locate(text, file, range) : { file, line: 1 },
    source: text,
    hint,
    detail,
  })
}

function locate(text: string, file: string, { start, end }: Range): Location {
  const [line, column] = positionOf(text, start)
  const [endLine, endColumn] = positionOf(text, Math.max(end, start))
  return { file, line, column, endLine, endColumn }
}

function positionOf(text: string, offset: number): [line: number, column: number] {
  let line = 1
  let start = 0
  for (let next = text.indexOf('\n'); next >= 0 && next < offset; next = text.indexOf('\n', start)) {
    line++
    start = next + 1
  }
  return [line, offset - start + 1]
}
