/** `imgsdk convert`: Dockerfiles become image.ts files, and it is proven that nothing was lost. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { ImgError, wrapError } from '../../sdk/error.ts'
import type { Graph } from '../../sdk/index.ts'
import { command } from '../command.ts'
import { dockerfilesIn, readText } from '../dockerfiles.ts'
import { errorDocument, renderError } from '../render/error.ts'
import { count } from '../render/units.ts'
import { writeFileAtomic } from '../write.ts'

/** What became of one Dockerfile. */
interface Converted {
  readonly from: string
  /** The file that was written; undefined where it failed, or went to standard output. */
  readonly to?: string
  readonly stages?: number
  readonly instructions?: number
  readonly error?: ImgError
}

const convert = command({
  name: 'convert',
  summary: 'turn Dockerfiles into image.ts files, and prove that nothing was lost',
  usage: ['DOCKERFILE|DIR… [--out DIR|-] [--force]'],
  description: `Each Dockerfile becomes an image.ts beside it (or, for several in one folder, NAME.image.ts). The new file is evaluated, and its
graph compared with that of the Dockerfile: only when both are the same is anything written. A folder is searched for
files called Dockerfile, Dockerfile.* and *.Dockerfile, or Containerfile likewise.

With --out DIR the new files lie below DIR as the Dockerfiles lie below the folder that was named, or that all arguments
are in.`,
  arguments: [1, Number.POSITIVE_INFINITY],
  options: {
    out: { kind: 'value', value: 'DIR', help: 'where the files go, or - for standard output' },
    force: { kind: 'flag', help: 'replace image.ts files that are there' },
    json: { kind: 'flag', help: 'print what was done as JSON' },
  },
  examples: [
    ['imgsdk convert Dockerfile', 'writes image.ts beside it'],
    ['imgsdk convert services --out converted', 'services/web/Dockerfile becomes converted/web/image.ts'],
    ['imgsdk convert Dockerfile --out -', 'only shows it'],
  ],
  async run({ values, positionals, terminal }) {
    const files = [...new Set(positionals.flatMap(dockerfilesIn))]
    if (files.length === 0)
      throw new ImgError('IMAGE_FILE_MISSING', `there is no Dockerfile in ${positionals.join(', ')}`, {
        hint: 'a file of another name is converted when it is named itself',
      })
    const done: Converted[] = []
    const places = placesOf(files, commonFolder(positionals), values.out)
    for (const [file, to] of places) {
      const other = [...places].find(([, place]) => place === to)![0]
      done.push(await convertOne(file, { to, other, force: values.force, show: (text) => terminal.out(text) }))
    }
    const failed = done.filter(({ error }) => error)
    for (const { error } of failed) terminal.err(renderError(error!, terminal.colour))
    if (values.json) terminal.out(`${JSON.stringify(done.map(toJson), null, 2)}\n`)
    else if (values.out !== '-') {
      for (const { from, to, stages, instructions } of done) {
        if (to)
          terminal.out(
            `${from} → ${to} (${count(stages!, 'stage')}, ${count(instructions!, 'instruction')}, the same graph)\n`,
          )
      }
      if (done.length > 1) terminal.out(`${done.length - failed.length} of ${done.length} converted\n`)
    }
    return failed.length > 0 ? failed[0]!.error!.exit : 0
  },
})

export default convert

function toJson({ from, to, stages, instructions, error }: Converted) {
  return {
    from,
    to,
    stages,
    instructions,
    ...(error ? { error: errorDocument(error) } : {}),
  }
}

interface Options {
  /** The new file; undefined for standard output. */
  readonly to: string | undefined
  /** The first Dockerfile that is to become that file. */
  readonly other: string
  readonly force: boolean
  show(text: string): void
}

async function convertOne(file: string, options: Options): Promise<Converted> {
  try {
    const { parse } = await import('../../sdk/index.ts')
    const { codegen } = await import('../../sdk/codegen/index.ts')
    const graph = parse(readText(file), { file: resolve(file) })
    const text = await codegen(graph)
    await prove(text, graph, file)
    const facts = {
      stages: graph.stages.length,
      instructions: graph.stages.reduce((sum, { instructions }) => sum + 1 + instructions.length, graph.args.length),
    }
    const { to, other, force } = options
    if (to === undefined) {
      options.show(text)
      return { from: file, ...facts }
    }
    if (other !== file) {
      throw new ImgError('EXPORT_FAILED', `"${to}" is already what ${other} becomes, so ${file} cannot`, {
        hint: 'convert it by itself, with another --out DIR',
      })
    }
    if (existsSync(to) && !force) {
      throw new ImgError('EXPORT_FAILED', `"${to}" is there already`, {
        hint: 'add --force to replace it, or --out DIR to write elsewhere',
      })
    }
    writeFileAtomic(to, text)
    return { from: file, to, ...facts }
  } catch (error) {
    return { from: file, error: wrapError(error) }
  }
}

/** Dockerfile → its new file; undefined for standard output. */
function placesOf(files: readonly string[], root: string, out: string | undefined): Map<string, string | undefined> {
  const places = files.map((file): [string, string | undefined] => {
    if (out === '-') return [file, undefined]
    const folder = out === undefined ? dirname(file) : join(out, relative(root, resolve(dirname(file))))
    const shared = files.filter((other) => dirname(other) === dirname(file)).length > 1
    return [file, join(folder, shared ? `${partOf(basename(file))}.image.ts` : 'image.ts')]
  })
  return new Map(places)
}

/** What tells a Dockerfile from others beside it: `Dockerfile.web` and `web.Dockerfile` are `web`. */
function partOf(name: string): string {
  return name.toLowerCase().replace(/^(?:docker|container)file\.?|\.(?:docker|container)file$/g, '') || 'default'
}

/** The folder named, or the one that all that is named is in. */
function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => resolve(statSync(path).isDirectory() ? path : dirname(path)).split(sep))
  const [first = []] = folders
  const differs = first.findIndex((name, index) => folders.some((parts) => parts[index] !== name))
  return (differs < 0 ? first : first.slice(0, differs)).join(sep) || sep
}

/** Evaluates the new file and compares the graphs. Throws when they differ in anything but locations and comments. */
async function prove(text: string, graph: Graph, file: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'imgsdk-convert-'))
  try {
    const path = join(folder, 'image.ts')
    writeFileSync(path, text)
    const { readImageFile } = await import('../image.ts')
    const { graphDigest } = await import('../../sdk/index.ts')
    const image = await readImageFile(path)
    const again = image.graph(image.targets.length > 1 ? undefined : image.targets[0])
    if (graphDigest(again) === graphDigest(graph)) return
    const { print } = await import('../../sdk/index.ts')
    throw new ImgError(
      'CONVERT_LOSS',
      `${file} was not converted: the image.ts would be another image\n${firstDifference(print(bare(graph)), print(again))}`,
      {
        hint: 'please report this Dockerfile; nothing was written',
      },
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The graph as if it had been read from nothing: printed without its author's layout. */
const bare = (graph: Graph): Graph => JSON.parse(JSON.stringify(graph))

function firstDifference(expected: string, actual: string): string {
  const [want, got] = [expected.split('\n'), actual.split('\n')]
  const line = want.findIndex((text, index) => text !== got[index])
  return line < 0
    ? 'the graphs differ where their Dockerfiles do not'
    : `line ${line + 1}: expected ${JSON.stringify(want[line])}\n  found ${JSON.stringify(got[line])}`
}
