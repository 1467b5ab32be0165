/** What a failed `image.ts` is told as: the user's own line, and what to change there. */
import { isAbsolute } from 'node:path'
import { ImgError, type Location } from '../../sdk/error.ts'
import { kindOf } from '../../sdk/index.ts'
import { nearest, typed } from '../../sdk/instruction/shape/nearest.ts'
import { computedImport, missingExport } from './failed-import.ts'
import { placeOf } from './locate.ts'

/** An ImgError with a place in the user's source, from whatever loading threw. */
export async function failure(thrown: unknown, file: string, doors: Readonly<Record<string, URL>>): Promise<ImgError> {
  const at = placeOf(thrown) ?? { file, line: 1 }
  if (thrown instanceof ImgError) return thrown.located(at)
  if (!(thrown instanceof Error)) {
    const hint = 'throw an Error: it knows its line'
    return new ImgError('IMAGE_FILE_FAILED', `it threw ${describe(thrown)}`, { at, hint, cause: thrown })
  }
  const known =
    (await missingExport(thrown, at, doors)) ?? computedImport(thrown, at) ?? required(thrown, { at, doors })
  if (known) return known
  const hint = hintFor(thrown) ?? (await importHint(thrown, doors))
  return new ImgError('IMAGE_FILE_FAILED', messageOf(thrown), { at, hint, cause: thrown })
}

/** `require('imgsdk')`: esbuild names what it found in its place. */
function required(
  error: Error,
  { at, doors }: { at: Location; doors: Readonly<Record<string, URL>> },
): ImgError | undefined {
  const [, found] = /^Dynamic require of "(.+)" is not supported$/.exec(error.message) ?? []
  if (found === undefined) return undefined
  const name = Object.entries(doors).find(([, door]) => door.href === found)?.[0]
  const what = name === undefined ? 'require()' : `require('${name}')`
  return new ImgError('IMAGE_FILE_FAILED', `there is no ${what} here`, { at, hint: moduleHint, cause: error })
}

/** The message, with those of what caused it: `fetch failed` alone says nothing. */
function messageOf(error: Error): string {
  const name =
    error.name === 'Error' && error.message !== '' ? '' : error.message === '' ? error.name : `${error.name}: `
  const own = `${name}${error.message}`
  return error.cause instanceof Error ? `${own}: ${messageOf(error.cause)}` : own
}

function hintFor(error: Error): string | undefined {
  const [, method] = /\.(\w+) is not a function$/.exec(error.message) ?? []
  if (method !== undefined) return methodHint(method)
  const [, read] = /^Cannot read properties of undefined \(reading '(\w+)'\)$/.exec(error.message) ?? []
  if (read !== undefined && methods.includes(read))
    return `what stands before .${read} is undefined: did a function forget its return, or do two files import each other?`
  const { code, path } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' && typeof path === 'string' && !isAbsolute(path))
    return `a relative path starts at the working directory; one beside this file is new URL('${path}', import.meta.url)`
  return undefined
}

// The keywords in lower case; a stage answers to no others but these four.
const methods = [
  'add arg cmd copy entrypoint env expose healthcheck label maintainer onbuild run shell stopsignal user volume workdir',
  'as with comment instruction',
].flatMap((line) => line.split(' '))

/** `.wrokdir('/')`: the nearest method of a stage; `.run()` of something that is none. */
function methodHint(name: string): string | undefined {
  if (methods.includes(name))
    return `what stands before .${name}() is no stage: a promise needs await, a function a call`
  if (['build', 'push'].includes(name))
    return `a stage only says what the image is; the command line does the rest: imgsdk ${name}`
  if (name === 'from') return 'a stage starts from another by from(stage)'
  const words = (name.match(/[A-Z]?[a-z]+/g) ?? []).map((word) => word.toLowerCase())
  const near = nearest(name, methods, typed) ?? words.findLast((word) => methods.includes(word))
  return near === undefined ? undefined : `did you mean .${near}()?`
}

const moduleHint = 'this is an ES module: write import … from, in place of require'

const commonJs: Readonly<Record<string, string>> = {
  __dirname: 'this is an ES module: write import.meta.dirname',
  __filename: 'this is an ES module: write import.meta.filename',
  require: moduleHint,
}

/** `from is not defined`: of what is no variable of an ES module, and what was not imported. */
async function importHint(error: Error, doors: Readonly<Record<string, URL>>): Promise<string | undefined> {
  const [, name] = /^([\w$]+) is not defined/.exec(error.message) ?? []
  if (name === undefined || Object.hasOwn(commonJs, name)) return commonJs[name ?? '']
  // In a string between backticks.
  if (/^[A-Z][A-Z0-9_]*$/.test(name))
    return `between backticks \${ is JavaScript's: write \\\${${name}} for the shell, or envRef('${name}')`
  const exported = Object.keys((await import(doors['imgsdk']!.href)) as object)
  return exported.includes(name) ? `import { ${name} } from 'imgsdk'` : undefined
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return String(value)
  try {
    return `${kindOf(value)}: ${JSON.stringify(value).slice(0, 200)}`
  } catch {
    return kindOf(value)
  }
}
