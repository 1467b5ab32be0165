/** Where in the user's `image.ts` a call was made: the first stack frame outside the SDK. */
import { type Location, wrapError } from '../error.ts'

/** A frame. `location()` maps it to the source that the user wrote, when it is asked for. */
export interface CallSite {
  location(): Location
}

/** Maps a position in code that was transformed to the source it came from; undefined where there is nothing to map. */
export type SourceMapper = (file: string, line: number, column: number) => Location | undefined

// Shared with other copies of the SDK: whoever loads an image.ts tells but one of them.
const mappersMark = Symbol.for('imgsdk.mappers')
const shared = globalThis as { [mappersMark]?: SourceMapper[] }
shared[mappersMark] ??= []
const mappers = shared[mappersMark]

/** Registers the source map of code that a loader transformed. */
export function addSourceMapper(mapper: SourceMapper): void {
  mappers.push(mapper)
}

// `…/sdk/`: everything below is ours.
const ours = new URL('../', import.meta.url).href

/** The call site of the function given, or of whoever called into the SDK. */
export function callSite(above: (...args: never[]) => unknown): CallSite | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error
  const holder: { stack?: unknown } = {}
  try {
    Error.stackTraceLimit = 12
    Error.prepareStackTrace = (_, frames) => frames
    Error.captureStackTrace(holder, above)
    const frames = holder.stack as NodeJS.CallSite[]
    const frame = frames.find((frame) => isTheirs(frame.getFileName()))
    if (!frame) return undefined
    const [file, line, column] = [frame.getFileName()!, frame.getLineNumber() ?? 1, frame.getColumnNumber() ?? 1]
    return { location: () => locate(file, line, column) }
  } finally {
    Error.prepareStackTrace = prepareStackTrace
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** What `make` gives; its errors point at the call of `above`. */
export function atCall<T>(above: (...args: never[]) => unknown, make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw wrapError(error).located(callSite(above)?.location())
  }
}

function isTheirs(file: string | null | undefined): boolean {
  return !!file && !file.startsWith('node:') && !file.startsWith(ours)
}

function locate(file: string, line: number, column: number): Location {
  for (const mapper of mappers) {
    const mapped = mapper(file, line, column)
    if (mapped) return mapped
  }
  return { file: file.startsWith('file:') ? decodeURIComponent(new URL(file).pathname) : file, line, column }
}
