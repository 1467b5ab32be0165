/** What esbuild finds wrong with a file, told in its place, with what to do about an import that leads nowhere. */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { ImgError, type Location } from '../../sdk/error.ts'
import { nearest, typed } from '../../sdk/instruction/shape/nearest.ts'

/** One of esbuild's messages. */
interface Message {
  readonly text: string
  readonly location: {
    readonly file: string
    readonly line: number
    readonly column: number
    readonly length: number
  } | null
}

/** An error with a place in the user's source, from whatever compiling threw. */
export function compileError(error: unknown, entry: string): unknown {
  const messages = (error as { errors?: Message[] }).errors
  if (!Array.isArray(messages) || messages.length === 0) return error
  const all = messages.map((message) => messageError(message, entry))
  if (all.length === 1) return all[0]
  return new ImgError('IMAGE_FILE_FAILED', `${all.length} errors`, { at: all[0]!.at, errors: all })
}

function messageError({ text, location }: Message, entry: string): ImgError {
  const missing = /^Could not resolve "([^"]+)"/.exec(text)?.[1]
  const at = location
    ? {
        file: existsSync(location.file) ? realpathSync(location.file) : entry,
        line: location.line,
        column: location.column + 1,
        endColumn: location.column + 1 + Math.max(1, location.length),
      }
    : { file: entry, line: 1 }
  const pattern = /^Could not resolve (?:import|require)\("([^"]+)"\)/.exec(text)?.[1]
  if (pattern !== undefined) {
    const hint = `it starts at ${dirname(at.file)}, the folder of the file that imports it`
    return new ImgError('IMAGE_FILE_FAILED', `no file fits the path of this import: "${pattern}"`, { at, hint })
  }
  if (missing === undefined) return new ImgError('IMAGE_FILE_FAILED', text, { at, hint: textHint(at) })
  const what = /^[./]/.test(missing) ? 'file' : /^(?:#|~|@\/)/.test(missing) ? 'file or package' : 'package'
  const hint = what === 'file' ? fileHint(missing, dirname(at.file)) : packageHint(missing)
  return new ImgError('IMAGE_FILE_FAILED', `there is no ${what} "${missing}"`, { at, hint })
}

/** What the whole file seems to be, where its first line is what does not parse. */
function textHint({ file, line }: Location): string | undefined {
  if (line > 1) return undefined
  const text = readFileSync(file, 'utf8')
  if (/^(?:#.*\n|\s)*(?:FROM|ARG)[ \t]+\S/.test(text))
    return 'it reads as a Dockerfile: name it so, or turn it round with imgsdk convert'
  return text.includes('\ufffd') || text.includes('\0') ? 'save the file as UTF-8' : undefined
}

function fileHint(path: string, folder: string): string {
  const there = dirname(resolve(folder, path))
  const near = existsSync(there) ? nearest(basename(path), readdirSync(there), typed) : undefined
  if (near !== undefined) return `did you mean ${path.slice(0, path.length - basename(path).length)}${near}?`
  return `the path starts at ${folder}, the folder of the file that imports it`
}

function packageHint(path: string): string {
  if (path.startsWith('#')) return '"imports" of the package.json names no such file'
  if (/^(?:~|@\/)/.test(path))
    return 'give the alias in "paths" of a tsconfig.json, or write a path that starts with ./'
  const name = path.startsWith('@') ? path.split('/').slice(0, 2).join('/') : path.split('/')[0]
  return `npm install ${name}`
}
