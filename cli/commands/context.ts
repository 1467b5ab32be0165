/** `imgsdk context ls`: what goes into a build, how big it is, and why. */
import { relative } from 'node:path'
import process from 'node:process'
import type { ContextListing, PathDecision } from '../../sdk/engine/index.ts'
import { ImgError } from '../../sdk/error.ts'
import { command } from '../command.ts'
import { findImageFile } from '../find.ts'
import { spelledOut } from '../render/style.ts'
import { table } from '../render/table.ts'
import { count, size } from '../render/units.ts'

const context = command({
  name: 'context',
  summary: 'show what goes into a build, and which line of .dockerignore decides',
  usage: ['ls [DIR] [--file DOCKERFILE] [--json]', 'ls [DIR] --why PATH'],
  description: `DIR is the build context, by default the working directory. Every file that a build sees is listed with its size, and
with the line of the ignore file where one let it in again. The ignore file is DOCKERFILE.dockerignore beside the
Dockerfile where there is one, else .dockerignore in DIR.

--why PATH says for one path whether it goes in, and the line that decides. Nothing is built.`,
  arguments: [1, 2],
  options: {
    why: {
      kind: 'value',
      value: 'PATH',
      help: 'only this path, relative to DIR: does it go in, and which line decides',
    },
    file: {
      kind: 'value',
      short: 'f',
      value: 'FILE',
      help: 'the Dockerfile, which may have an ignore file of its own',
    },
    json: { kind: 'flag', help: 'print as JSON' },
  },
  examples: [
    ['imgsdk context ls', 'what a build in this folder sees'],
    ['imgsdk context ls --why node_modules/left-pad', 'why a path goes in or not'],
    ['imgsdk context ls app -f app/prod.Dockerfile --json', 'with the ignore file of that Dockerfile'],
  ],
  async run({ values, positionals, terminal }) {
    const [action, folder = '.'] = positionals
    if (action !== 'ls') {
      throw new ImgError('USAGE', `imgsdk context has no action "${action}"`, { hint: 'write imgsdk context ls [DIR]' })
    }
    const { explainPath, listContext } = await import('../../sdk/engine/index.ts')
    const options = { dockerfile: dockerfileOf(values.file, folder) }
    if (values.why !== undefined) {
      const decision = explainPath(folder, values.why, options)
      terminal.out(values.json ? document(decision) : explain(decision))
      return 0
    }
    const listing = listContext(folder, options)
    terminal.out(values.json ? document(listing) : list(listing))
    return 0
  },
})

export default context

/** The Dockerfile that a build of the folder takes; none where it takes something else. */
function dockerfileOf(given: string | undefined, folder: string): string | undefined {
  try {
    return findImageFile(given ?? folder).dockerfile
  } catch (thrown) {
    if (given === undefined && thrown instanceof ImgError && thrown.code === 'IMAGE_FILE_MISSING') return undefined
    throw thrown
  }
}

function document(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function list({ entries, files, bytes, ignoreFile }: ContextListing): string {
  const rows = entries
    .filter(({ type }) => type !== 'directory')
    .map(({ path, type, size: length, by }) => [
      type === 'file' ? size(length) : type,
      spelledOut(path),
      by ? `line ${by.line}: ${spelledOut(by.pattern)}` : '',
    ])
  const ignored = ignoreFile ? `, ${shown(ignoreFile)} applied` : ', no ignore file'
  return `${table(rows, [0])}${count(files, 'file')}, ${size(bytes)}${ignored}\n`
}

function explain({ path, exists, ignored, ignoreFile, by, mayContain, link }: PathDecision): string {
  if (link !== undefined) {
    const way = `${spelledOut(path)} leads through the link ${spelledOut(link.path)}`
    return `${way}, which is all that goes in, or not:\n${explain(link)}`
  }
  const missing = exists ? '' : ' (there is no such file)'
  const where = by && ignoreFile ? `${shown(ignoreFile)}:${by.line}  ${spelledOut(by.pattern)}\n` : ''
  const reason = by ? '' : ignoreFile ? `no line of ${shown(ignoreFile)} applies to it\n` : 'there is no ignore file\n'
  const verdict = exists ? (ignored ? 'does not go in' : 'goes in') : ignored ? 'would not go in' : 'would go in'
  const inside = mayContain ? 'something in it may be let in again by a later line\n' : ''
  return `${spelledOut(path)} ${verdict}${missing}\n${where}${reason}${inside}`
}

function shown(file: string): string {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path
}
