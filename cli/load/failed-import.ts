/** Imports that compile and then fail: of a name that the file does not export, and with a path that is not known before. */
import { existsSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ImgError, type Location } from '../../sdk/error.ts'
import { nearest, typed } from '../../sdk/instruction/shape/nearest.ts'
import { generatedFrom, lineOf } from './locate.ts'

/** `import { form } from 'imgsdk'`: Node names the module by its URL and says no more. */
export async function missingExport(
  error: Error,
  at: Location,
  doors: Readonly<Record<string, URL>>,
): Promise<ImgError | undefined> {
  const commonJs = /^Named export '([^']+)' not found\. The requested module '([^']+)' is a CommonJS module/
  const [, lost, package_] = commonJs.exec(error.message) ?? []
  if (package_ !== undefined) {
    const message = `"${nameOf(package_, at)}" exports nothing called "${lost}" that is known before it runs`
    const hint = `it is CommonJS: import its default, and take ${lost} from that`
    return new ImgError('IMAGE_FILE_FAILED', message, { at, hint, cause: error })
  }
  const match = /The requested module '([^']+)' does not provide an export named '([^']+)'/.exec(error.message)
  const [, url, name] = match ?? []
  if (url === undefined || name === undefined) return undefined
  const door = Object.entries(doors).find(([, target]) => target.href === url)?.[0]
  const own = generatedFrom(url)
  const known = own?.exports ?? Object.keys((await import(url)) as object)
  const message = `"${door ?? nameOf(own?.file ?? url, at)}" exports nothing called "${name}"`
  return new ImgError('IMAGE_FILE_FAILED', message, { at, hint: exportHint(name, known), cause: error })
}

function exportHint(name: string, known: readonly string[]): string {
  const near = nearest(name, known, typed)
  if (near !== undefined) return `did you mean ${near}?`
  if (known.length === 0) return 'it exports nothing at all'
  const named = known.filter((one) => one !== 'default').sort()
  if (name === 'default') return `it has no default export; write import { ${named[0]} } from …`
  return named.length === 0 ? 'it has a default export only: import it without braces' : `it has ${named.join(', ')}`
}

/** As the importing file would write it, where both are the user's. */
function nameOf(file: string, at: Location): string {
  const path = file.startsWith('file:') ? fileURLToPath(file) : file
  const way = relative(dirname(at.file), path)
  const inside = way.lastIndexOf('node_modules/')
  return inside >= 0 ? way.slice(inside + 'node_modules/'.length) : way.startsWith('..') ? way : `./${way}`
}

/** `import(path)`: it is Node's to find, which starts where the compiled file lies; a path with holes is esbuild's. */
export function computedImport(error: Error, at: Location): ImgError | undefined {
  const [, unmatched] = /^Module not found in bundle: (.+)$/.exec(error.message) ?? []
  if (unmatched !== undefined)
    return new ImgError('IMAGE_FILE_FAILED', `import() found no file "${unmatched}"`, { at, cause: error })
  const match = /^Cannot find (module|package) '([^']+)' imported from (\S+\.mjs)/.exec(error.message)
  const [, what, path, from] = match ?? []
  const own = from === undefined ? undefined : generatedFrom(pathToFileURL(from).href)
  if (path === undefined || from === undefined || own === undefined) return undefined
  const way = relative(dirname(from), path)
  const name = what === 'package' ? path : way.startsWith('..') ? path : `./${way}`
  const there = what === 'module' && existsSync(resolve(dirname(own.file), name))
  return new ImgError('IMAGE_FILE_FAILED', `import() found no ${what === 'package' ? what : 'file'} "${name}"`, {
    at: lineOf(own.file, /\bimport\(\s*[^'"\s)]/),
    hint: there
      ? `a path that is computed is not compiled; write it out: import('${name}')`
      : `a path that is computed starts where the compiled file lies; write it out: import('${name}')`,
    cause: error,
  })
}
