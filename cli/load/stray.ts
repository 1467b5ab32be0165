/** What user code does behind the back of whoever loads it: ending the process, and errors that nobody waits for. */
import { writeSync } from 'node:fs'
import process from 'node:process'
import { ImgError, wrapError } from '../../sdk/error.ts'
import { placeOf } from './locate.ts'

/** As it is before any user code is run. */
const exit = process.exit.bind(process)

/**
 * Tells of an error that comes from a timer, or of a promise that nobody waits for, as of any other, and ends the process with its status.
 *
 * @param file  the `image.ts`
 * @returns     `loaded` to be called when that file is: until then every such error is its own
 */
export function tellStrays(file: string, doors: Readonly<Record<string, URL>>): { loaded(): void } {
  let loading = true
  const tell = async (thrown: unknown) => {
    const [{ failure }, { renderError }] = await Promise.all([import('./failure.ts'), import('../render/error.ts')])
    // What is no error, we do not throw.
    const theirs = loading || placeOf(thrown) !== undefined || !(thrown instanceof Error)
    const error = theirs ? await failure(thrown, file, doors) : wrapError(thrown)
    writeSync(2, renderError(error))
    exit(error.exit)
  }
  process.on('uncaughtException', tell)
  process.on('unhandledRejection', tell)
  return {
    loaded() {
      loading = false
    },
  }
}

/** Until `restore` is called, `process.exit` throws: an image file that ends the process would look like one that was fine. */
export function forbidExit(): { restore(): void } {
  process.exit = (code) => {
    throw new ImgError('IMAGE_FILE_FAILED', `it called process.exit(${code ?? ''}) while it was loaded`, {
      hint: 'throw an error where the image cannot be made',
    })
  }
  return {
    restore() {
      process.exit = exit
    },
  }
}
