/** What a failed `image.ts` is told as: the user's own line, and what to change there. */
import type { Location } from '../../sdk/error.ts'
import { ImgError } from '../../sdk/error.ts'
import { nearest } from '../nearest.ts'
import { placeOf } from './locate.ts'

/** An ImgError with a place in the user's source, from whatever loading threw. */
export async function failure(thrown: unknown, file: string, doors: Readonly<Record<string, URL>>): Promise<ImgError> {
  const at = placeOf(thrown) ?? { file, line: 1 }
  if (thrown instanceof ImgError) return thrown.located(at)
  if (!(thrown instanceof Error)) {
    return new ImgError('IMAGE_FILE_FAILED', `it threw ${describe(thrown)}`, { at, cause: thrown })
  }
  return (await missingExport(thrown, at, doors)) ?? unknownMethod(thrown, at) ?? plain(thrown, at)
}

function plain(error: Error, at: Location): ImgError {
  const name = error.name === 'Error' ? '' : `${error.name}: `
  return new ImgError('IMAGE_FILE_FAILED', `${name}${error.message}`, { at, cause: error })
}

/** `import { form } from 'imgsdk'`: Node names the module by its URL and says no more. */
async function missingExport(
  error: Error,
  at: Location,
  doors: Readonly<Record<string, URL>>,
): Promise<ImgError | undefined> {
  const match = /The requested module '([^']+)' does not provide an export named '([^']+)'/.exec(error.message)
  const [, url, name] = match ?? []
  const door = Object.entries(doors).find(([, target]) => target.href === url)
  if (name === undefined || door === undefined) return undefined
  const known = Object.keys((await import(door[1].href)) as object)
  const near = nearest(name, known)
  const hint = near === undefined ? `it has ${known.sort().join(', ')}` : `did you mean ${near}?`
  return new ImgError('IMAGE_FILE_FAILED', `"${door[0]}" exports nothing called "${name}"`, { at, hint, cause: error })
}

/** `.wrokdir('/')`: the nearest method of a stage. */
function unknownMethod(error: Error, at: Location): ImgError | undefined {
  const [, name] = /\.(\w+) is not a function$/.exec(error.message) ?? []
  if (!(error instanceof TypeError) || name === undefined) return undefined
  const near = nearest(name, methods)
  if (near === undefined || near === name) return undefined
  return new ImgError('IMAGE_FILE_FAILED', `TypeError: ${error.message}`, {
    at,
    hint: `did you mean .${near}()?`,
    cause: error,
  })
}

// The keywords in lower case; a stage answers to no others but these four.
const methods = [
  'add arg cmd copy entrypoint env expose healthcheck label maintainer onbuild run shell stopsignal user volume workdir',
  'as with comment',
].flatMap((line) => line.split(' '))

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
