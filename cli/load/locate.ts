/** From positions in compiled code back to the user's source. */
import { readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Location } from '../../sdk/error.ts'
import { mapMark } from './cache.ts'

/** Maps a position in a generated file; undefined for any other file. */
export type Mapper = (file: string, line: number, column: number) => Location | undefined

const mappers = new Map<string, Mapper>()
const maps = new Map<string, SourceMap | undefined>()

/** The mapper of the generated files in a folder. A map is read when it is first needed. */
export function generatedMapper(folder: string): Mapper {
  const prefix = `${pathToFileURL(folder).href}/`
  const mapper: Mapper = (file, line, column) => {
    if (!file.startsWith(prefix)) return undefined
    const entry = mapOf(file)?.findEntry(line - 1, column - 1)
    if (entry === undefined || !('originalSource' in entry)) return undefined
    return { file: resolve('/', entry.originalSource), line: entry.originalLine + 1, column: entry.originalColumn + 1 }
  }
  mappers.set(prefix, mapper)
  return mapper
}

/** The place in the user's source that an error comes from: its first stack frame in generated code. */
export function placeOf(error: unknown): Location | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  for (const [, file, line, column] of stack.matchAll(/(file:\/\/[^\s()]+?\.mjs):(\d+)(?::(\d+))?/g)) {
    const at = mapGenerated(file!, Number(line), Number(column ?? 1))
    if (at) return at
  }
  return undefined
}

/** The source of a position in any generated file. */
export function mapGenerated(file: string, line: number, column: number): Location | undefined {
  for (const mapper of mappers.values()) {
    const at = mapper(file, line, column)
    if (at) return at
  }
  return undefined
}

/** The user's own file that a generated one was made from, and what it exports; undefined for any other. */
export function generatedFrom(url: string): { readonly file: string; readonly exports: readonly string[] } | undefined {
  const [source] = [...mappers.keys()].some((prefix) => url.startsWith(prefix))
    ? (mapOf(url)?.payload.sources ?? [])
    : []
  if (source === undefined) return undefined
  // esbuild writes one list, at the end.
  const list = /\nexport \{([^}]*)\};\n(?![\s\S]*\nexport \{)/.exec(readFileSync(fileURLToPath(url), 'utf8'))?.[1] ?? ''
  return { file: resolve('/', source), exports: [...list.matchAll(/([\w$]+),?$/gm)].map(([, name]) => name!) }
}

/** The first line of a file that has this form, from its first letter to its last; the first line of all where none has. */
export function lineOf(file: string, form: RegExp): Location {
  const lines = readFileSync(file, 'utf8').split('\n')
  const index = lines.findIndex((line) => form.test(line))
  if (index < 0) return { file, line: 1 }
  const column = lines[index]!.search(/\S/) + 1
  return { file, line: index + 1, column, endColumn: lines[index]!.trimEnd().length + 1 }
}

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, readMap(fileURLToPath(file)))
  return maps.get(file)
}

function readMap(path: string): SourceMap | undefined {
  const text = readFileSync(path, 'utf8')
  const start = text.lastIndexOf(`\n${mapMark}`)
  if (start < 0) return undefined
  const json = text.slice(start + 1 + mapMark.length, text.indexOf('\n', start + 1))
  // The inputs' line stands above the code that the map was made for.
  const payload = JSON.parse(json) as SourceMapPayload
  return new SourceMap({ ...payload, mappings: `;${payload.mappings}` })
}
