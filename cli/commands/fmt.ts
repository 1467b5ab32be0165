/** `imgsdk fmt`: Dockerfiles laid out anew, their meaning untouched. */
import { readFileSync, statSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import process from 'node:process'
import { ImgError } from '../../sdk/error.ts'
import { command } from '../command.ts'
import { noSuchFile } from '../missing.ts'
import { unifiedDiff } from '../render/diff.ts'
import { rewriteFile } from '../write.ts'

const fmt = command({
  name: 'fmt',
  summary: 'lay out Dockerfiles anew, without changing what they mean',
  usage: ['[FILE…] [--check] [--diff]'],
  description: `FILE is a Dockerfile, a folder that holds one, or - for standard input, which is written to standard output. Without it,
./Dockerfile or ./Containerfile is taken.

Keywords, quotes, continuations and blank lines come out one way; comments stay with their instruction. The new text is
read back before anything is written: a file whose graph would change by one byte is left alone, with an error.`,
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
    ['imgsdk fmt --check **/Dockerfile', 'in CI'],
    ['imgsdk fmt --diff legacy/Dockerfile', 'what would change'],
    ['imgsdk fmt - < Dockerfile', 'for editors'],
  ],
  async run({ values, positionals, terminal }) {
    let changed = 0
    for (const given of positionals.length > 0 ? positionals : ['.']) {
      const file = given === '-' ? '-' : find(given)
      const text = readFileSync(file === '-' ? 0 : file, 'utf8')
      const name = file === '-' ? '-' : shown(file)
      const formatted = await format(text, file === '-' ? 'Dockerfile' : file)
      if (formatted !== text) changed += 1
      if (values.diff) terminal.out(unifiedDiff(name, text, formatted))
      if (values.check && !values.diff && formatted !== text) terminal.out(`${name}\n`)
      if (values.check || values.diff) continue
      if (file === '-') terminal.out(formatted)
      else if (formatted !== text) {
        rewriteFile(file, formatted)
        terminal.out(`${name}\n`)
      }
    }
    return values.check && changed > 0 ? 1 : 0
  },
})

export default fmt

/** The text of the same graph as the printer writes it. Throws PRINT_INEXPRESSIBLE, and the errors of the parser. */
async function format(text: string, file: string): Promise<string> {
  const { graphDigest, parse, print } = await import('../../sdk/index.ts')
  const graph = parse(text, { file })
  const formatted = print(graph)
  const again = parse(formatted, { file })
  const same = graphDigest(again) === graphDigest(graph) && again.check === graph.check && again.syntax === graph.syntax
  if (same && print(again) === formatted) return formatted
  throw new ImgError('PRINT_INEXPRESSIBLE', `${file} cannot be laid out anew without a change of meaning`, {
    hint: 'this is a bug in imgsdk; the file was left as it is',
  })
}

function find(given: string): string {
  const path = resolve(given)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw noSuchFile(given)
  if (!stat.isDirectory()) {
    if (!/\.(?:ts|mts|cts|js|mjs|json|ya?ml)$/.test(path)) return path
    throw new ImgError('USAGE', `imgsdk fmt is for Dockerfiles, and ${basename(path)} is none`)
  }
  const names = ['Dockerfile', 'Containerfile'].map((name) => join(path, name))
  const found = names.find((name) => statSync(name, { throwIfNoEntry: false })?.isFile())
  if (found) return found
  throw new ImgError('IMAGE_FILE_MISSING', `${path} holds no Dockerfile`, { hint: 'name one as the first argument' })
}

function shown(file: string): string {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path
}
