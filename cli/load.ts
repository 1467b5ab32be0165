/** Loads an `image.ts`: compiles it once per content, and evaluates it. */
import { readFileSync, realpathSync } from 'node:fs'
import { ImgError } from '../sdk/error.ts'
import { addSourceMapper } from '../sdk/index.ts'
import { inputOf, openLoadCache } from './load/cache.ts'
import { doors } from './load/doors.ts'
import { generatedMapper } from './load/locate.ts'
import { isStraight } from './load/straight.ts'
import { forbidExit, tellStrays } from './load/stray.ts'

/** What an `image.ts` exports, by name. */
export type Exports = Readonly<Record<string, unknown>>

/**
 * The module's exports. Code that was evaluated to the end once is taken from the user's cache folder, without esbuild.
 *
 * @param seconds  how long it may take before it counts as endless
 * @throws IMAGE_FILE_FAILED located in the user's own source
 */
export async function loadModule(file: string, seconds: number): Promise<Exports> {
  const cache = openLoadCache(doors['imgsdk']!.href)
  addSourceMapper(generatedMapper(cache.folder))
  // What an image.ts prints is not the output of the verb.
  console.log = console.info = console.debug = console.error
  const path = realpathSync(file)
  const entry = inputOf(path, readFileSync(path))
  const ready = cache.find(entry)
  const strays = tellStrays(path, doors)
  let exit: ReturnType<typeof forbidExit> | undefined
  const evaluate = (url: string) => {
    exit = forbidExit()
    return finishes(import(url), file, seconds).finally(strays.loaded)
  }
  try {
    if (ready !== undefined) return (await evaluate(ready)) as Exports
    const [{ compile }, watchdog] = await Promise.all([
      import('./load/compile.ts'),
      isStraight(entry.text, doors) ? undefined : import('./load/watchdog.ts'),
    ])
    const compiling = compile(entry, cache.urlOf)
    // While esbuild works: what the code will need.
    const watch = watchdog?.watchMainThread(file, seconds, () => cache.forget(entry))
    const door = import(doors['imgsdk']!.href)
    try {
      const [compiled] = await Promise.all([compiling, door])
      const url = cache.write(compiled.files)
      watch?.start()
      const exports = (await evaluate(url)) as Exports
      if (compiled.lasting) cache.approve(entry)
      return exports
    } finally {
      watch?.stop()
    }
  } catch (error) {
    const { failure } = await import('./load/failure.ts')
    throw await failure(error, path, doors)
  } finally {
    exit?.restore()
  }
}

/** An `await` at the top that never comes back is as endless as a loop. */
async function finishes<T>(loading: Promise<T>, file: string, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(endless(file, seconds)), seconds * 1000)
  })
  try {
    return await Promise.race([loading, late])
  } finally {
    clearTimeout(timer)
  }
}

function endless(file: string, seconds: number): ImgError {
  return new ImgError('IMAGE_FILE_FAILED', `it was still waiting after ${seconds} s, at an await that does not end`, {
    at: { file, line: 1 },
    hint: 'set IMGSDK_LOAD_TIMEOUT to a number of seconds to allow it more',
  })
}
