/** `imgsdk synth`: the image as graph, Dockerfile or plan, without building. */
import { join, resolve } from 'node:path'
import { ImgError } from '../../sdk/error.ts'
import { type Graph, graphDigest, print } from '../../sdk/index.ts'
import { encode } from '../../sdk/json/encode.ts'
import { command } from '../command.ts'
import { type ImageFile, readImageFile } from '../image.ts'
import { readPairs } from '../pairs.ts'
import { table } from '../render/table.ts'
import { count, shortDigest } from '../render/units.ts'
import { writeFileAtomic } from '../write.ts'

const formats = ['dockerfile', 'json', 'yaml', 'llb-json'] as const

const synth = command({
  name: 'synth',
  summary: 'write the graph and the Dockerfile of an image, without building',
  usage: ['[FILE] [--target NAME] [--out DIR]', '[FILE] [--target NAME] --format FORMAT'],
  description: `FILE is an image.ts, a Dockerfile, or a graph as JSON or YAML; a folder that holds one; or - for standard input.
Without it, ./image.ts and then ./Dockerfile is taken.

Without --format, each target is written to DIR/<target>.graph.json and DIR/<target>.Dockerfile. The same image.ts
always gives the same bytes, so both can be kept in git and compared in CI. With --format, one document goes to
standard output. Nothing is fetched, run or built.`,
  arguments: [0, 1],
  options: {
    target: { kind: 'value', value: 'NAME', help: 'only this export of the image.ts, or this stage of the Dockerfile' },
    format: { kind: 'value', value: 'FORMAT', choices: formats, help: 'to standard output, in this form' },
    out: { kind: 'value', value: 'DIR', default: 'imgsdk.out', help: 'where the files go' },
    'build-arg': { kind: 'list', value: 'NAME=VALUE', help: 'a build argument; only a plan depends on it' },
    param: { kind: 'list', value: 'NAME=VALUE', help: 'a parameter of defineImage' },
    platform: { kind: 'value', value: 'OS/ARCH', help: 'the platform that a plan is for' },
    resolve: {
      kind: 'value',
      value: 'HOW',
      choices: ['none'],
      default: 'none',
      help: 'how base images of a plan are found: none takes each for an empty linux/amd64 image',
    },
    json: { kind: 'flag', help: 'say what was written as JSON' },
  },
  examples: [
    ['imgsdk synth', 'writes imgsdk.out/default.graph.json and imgsdk.out/default.Dockerfile'],
    ['imgsdk synth --format dockerfile > Dockerfile', 'the same image for tools that only know Dockerfiles'],
    ['imgsdk synth legacy/Dockerfile --target build --format json', 'the graph of one stage of a Dockerfile'],
    ['imgsdk synth --format llb-json --build-arg VERSION=2', "the build plan, as BuildKit's LLB"],
  ],
  async run({ values, positionals, terminal }) {
    const image = await readImageFile(positionals[0], { params: values.param })
    const format = values.format as (typeof formats)[number] | undefined
    if (format !== undefined) {
      terminal.out(await textOf(image.graph(values.target), format, values))
      return
    }
    const written = await writeTargets(image, values.target, values.out ?? 'imgsdk.out')
    if (values.json) terminal.out(`${JSON.stringify({ targets: written }, null, 2)}\n`)
    else
      terminal.out(
        table(
          written.flatMap(({ graph, dockerfile, digest, stages, instructions }) => [
            [graph, shortDigest(digest)],
            [dockerfile, `${count(stages, 'stage')}, ${count(instructions, 'instruction')}`],
          ]),
        ),
      )
  },
})

export default synth

interface PlanValues {
  readonly target: string | undefined
  readonly 'build-arg': readonly string[]
  readonly platform: string | undefined
}

async function textOf(graph: Graph, format: (typeof formats)[number], values: PlanValues): Promise<string> {
  if (format === 'dockerfile') return print(graph)
  if (format === 'json') return encode(graph)
  if (format === 'yaml') return (await import('../../sdk/json/index.ts')).encodeYaml(graph)
  const { encodeLlbJson, lowerOffline } = await import('../../sdk/plan/index.ts')
  const { parseTrigger } = await import('../../sdk/dockerfile/index.ts')
  const { parsePlatform } = await import('../../sdk/oci/index.ts')
  const plan = lowerOffline(graph, {
    buildArgs: readPairs(values['build-arg'], '--build-arg'),
    buildPlatform: { os: 'linux', architecture: 'amd64' },
    ...(values.platform === undefined
      ? {}
      : { platform: parsePlatform(values.platform, { os: 'linux', architecture: 'amd64' }) }),
    parseTrigger,
  })
  return `${JSON.stringify(encodeLlbJson(plan))}\n`
}

interface Written {
  readonly target: string
  readonly graph: string
  readonly dockerfile: string
  readonly digest: string
  readonly stages: number
  readonly instructions: number
}

async function writeTargets(image: ImageFile, target: string | undefined, out: string): Promise<Written[]> {
  const written: Written[] = []
  const names = target === undefined ? image.targets : [target]
  // Everything is made before anything is written: a target that fails leaves the folder as it was.
  const files = names.map((name) => {
    const graph = image.graph(target === undefined && image.found.spelling !== 'typescript' ? undefined : name)
    return { name, graph, dockerfile: print(graph), json: encode(graph) }
  })
  for (const { name, graph, dockerfile, json } of files) {
    if (/[/\\]|^\.+$/.test(name)) throw new ImgError('USAGE', `the target "${name}" cannot be a file name`)
    const paths = [join(out, `${name}.graph.json`), join(out, `${name}.Dockerfile`)] as const
    writeFileAtomic(resolve(paths[0]), json)
    writeFileAtomic(resolve(paths[1]), dockerfile)
    written.push({
      target: name,
      graph: paths[0],
      dockerfile: paths[1],
      digest: graphDigest(graph),
      stages: graph.stages.length,
      instructions: graph.stages.reduce((sum, stage) => sum + 1 + stage.instructions.length, graph.args.length),
    })
  }
  return written
}
