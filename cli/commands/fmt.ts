/** `imgsdk fmt`: Dockerfiles laid out anew, their meaning untouched. */
import { statSync } from 'node:fs'
import { basename, relative, resolve } from 'node:path'
import process from 'node:process'
import { ImgError, wrapError } from '../../sdk/error.ts'
import { command } from '../command.ts'
import { dockerfilesIn, readText } from '../dockerfiles.ts'
import { unifiedDiff } from '../render/diff.ts'
import { renderError } from '../render/error.ts'
import { rewriteFile } from '../write.ts'

const fmt = command({
  name: 'fmt',
  summary: 'lay out Dockerfiles anew, without changing what they mean',
  usage: ['[FILE|DIR…] [--check] [--diff]'],
  description: `FILE is a Dockerfile, or - for standard input, which is written to standard output. A folder is searched for files
called Dockerfile, Dockerfile.* and *.Dockerfile, or Containerfile likewise. Without any, ./Dockerfile or ./Containerfile
is taken.

Keywords, blanks, blank lines, escapes and old forms come out one way. What its author laid out well stays: where lines are
broken, comments, quotes around values, the order of flags, and the ends of lines, as that of the first is. The new text
is read back before anything is written: a file whose graph would change by one byte is left alone, with an error. So is
one that cannot be read; the others are formatted all the same, and the status tells of it in the end.`,
  arguments: [0, 1000],
  options: {
    check: {
      kind: 'flag',
      help: 'write nothing; name the files that would change, and end with status 1 if there are any',
    },
    diff: { kind: 'flag', help: 'write nothing; show what would change' },
  },
  examples: [
    ['imgsdk fmt', 'formats ./Dockerfile'],
    ['imgsdk fmt --check --diff .', 'in CI'],
    ['imgsdk fmt --diff legacy/Dockerfile', 'what would change'],
    ['imgsdk fmt - < Dockerfile', 'for editors'],
  ],
  async run({ values, positionals, terminal }) {
    let status = 0
    const fail = (thrown: unknown) => {
      const error = wrapError(thrown)
      status ||= error.exit
      terminal.err(renderError(error, terminal.colour))
    }
    for (const file of filesOf(positionals, fail)) {
      try {
        const text = readText(file)
        const name = file === '-' ? '-' : shown(file)
        const formatted = await format(text, file === '-' ? 'Dockerfile' : file)
        const changes = formatted !== text
        if (values.diff) terminal.out(unifiedDiff(name, text, formatted))
        else if (values.check && changes) terminal.out(`${name}\n`)
        else if (!values.check && file === '-') terminal.out(formatted)
        else if (!values.check && changes) {
          rewriteFile(file, formatted)
          terminal.out(`${name}\n`)
        }
        if (values.check && changes) status ||= 1
      } catch (thrown) {
        fail(thrown)
      }
    }
    return status
  },
})

export default fmt

/** The files that are meant, each once. What is none of them is told to `fail`. */
function filesOf(given: readonly string[], fail: (thrown: unknown) => void): ReadonlySet<string> {
  if (given.length === 0) return new Set([defaultFile()])
  const files = given.flatMap((path) => {
    try {
      return path === '-' ? [path] : found(path)
    } catch (thrown) {
      fail(thrown)
      return []
    }
  })
  return new Set(files)
}

function defaultFile(): string {
  const names = ['Dockerfile', 'Containerfile'].map((name) => resolve(name))
  const file = names.find((name) => statSync(name, { throwIfNoEntry: false })?.isFile())
  if (file !== undefined) return file
  throw new ImgError('IMAGE_FILE_MISSING', `${process.cwd()} holds no Dockerfile`, {
    hint: 'name one as the first argument, or a folder to search',
  })
}

function found(given: string): string[] {
  if (/\.(?:ts|mts|cts|js|mjs|json|ya?ml)$/.test(given) && statSync(given, { throwIfNoEntry: false })?.isFile())
    throw new ImgError('USAGE', `imgsdk fmt is for Dockerfiles, and ${basename(given)} is none`)
  const files = dockerfilesIn(given)
  if (files.length > 0) return files.map((file) => resolve(file))
  throw new ImgError('IMAGE_FILE_MISSING', `there is no Dockerfile in ${given}`, {
    hint: 'a file of another name is formatted when it is named itself',
  })
}

/** The text of the same graph as the printer writes it. Throws PRINT_INEXPRESSIBLE, and the errors of the parser. */
async function format(text: string, file: string): Promise<string> {
  const { graphDigest, parse, print } = await import('../../sdk/index.ts')
  const graph = parse(text, { file })
  const formatted = print(graph)
  const means = (changed: string) => {
    const again = parse(changed, { file })
    return graphDigest(again) === graphDigest(graph) && again.check === graph.check && again.syntax === graph.syntax
  }
  if (!means(formatted) || print(parse(formatted, { file })) !== formatted) {
    throw new ImgError('PRINT_INEXPRESSIBLE', `${file} cannot be laid out anew without a change of meaning`, {
      hint: 'this is a bug in imgsdk; the file was left as it is',
    })
  }
  // a checkout on Windows; in a here-document the ends of lines are content, so that not every text has such a form
  const windows = formatted.replace(/\r*\n/g, '\r\n')
  return /^[^\n]*\r\n/.test(text) && means(windows) ? windows : formatted
}

function shown(file: string): string {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path
}
