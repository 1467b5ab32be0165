/** `imgsdk build`: an image, with the engine that is built in. */
import process from 'node:process'
import type { BuildOptions, BuildResult } from '../../sdk/engine/index.ts'
import { ImgError } from '../../sdk/error.ts'
import { buildxOnly } from '../buildx.ts'
import { command } from '../command.ts'
import { contextOf, refuseRemote } from '../context-folder.ts'
import { progressOption, storeOptions, withProgress } from '../engine-options.ts'
import { readAllowed } from '../entitlements.ts'
import { readImageFile } from '../image.ts'
import { checkMetadataFile, writeMetadata } from '../metadata.ts'
import { readContexts } from '../named-contexts.ts'
import { readPairs } from '../pairs.ts'
import { table } from '../render/table.ts'
import { shortDigest, size } from '../render/units.ts'
import { readSecrets } from '../secrets.ts'

const build = command({
  name: 'build',
  summary: 'build an image',
  usage: ['[FILE] [--context DIR] [-t REF]… [--output type=…]…', '-f FILE DIR'],
  description: `FILE is an image.ts, a Dockerfile, or a graph as JSON or YAML; a folder that holds one; or - for standard input.
Without it, ./image.ts and then ./Dockerfile is taken. The build context is the folder that FILE is in, unless
--context names another.

The engine is built in: no daemon, and no root where nothing has to run. Without --output the image is kept in the
store, under the names given with -t; there it can be used as FROM at once. With --output type=
  oci       an OCI archive: dest=FILE, or standard output; with tar=false a layout folder
  docker    an archive for docker load: dest=FILE; without dest, into the docker daemon
  registry  pushed under its names; image: kept in the store, and pushed with push=true
  local     the files of the image in a folder: dest=DIR; mode=copy or mode=delete where it holds something
  tar       the files of the image in an archive: dest=FILE, or standard output
  cacheonly nothing: only to see whether it builds
Those with an image also take name=REF, compression=gzip|zstd|uncompressed, compression-level=N, annotation.KEY=VALUE.

The flags are those of docker buildx build: the same spelling, the same meaning.`,
  arguments: [0, 1],
  options: {
    file: { kind: 'value', short: 'f', value: 'FILE', help: 'the image file; then the argument is the build context' },
    context: { kind: 'value', value: 'DIR', help: 'the build context' },
    tag: { kind: 'list', short: 't', value: 'REF', help: 'a name for the image' },
    output: {
      kind: 'list',
      short: 'o',
      value: 'SPEC',
      help: 'what becomes of it: type=TYPE,KEY=VALUE,…; a folder alone is type=local, - is type=tar',
    },
    push: { kind: 'flag', help: 'the same as --output type=registry' },
    load: { kind: 'flag', help: 'the same as --output type=docker: into the docker daemon' },
    target: { kind: 'value', value: 'NAME', help: 'an export of the image.ts, or a stage of the Dockerfile' },
    platform: { kind: 'value', value: 'OS/ARCH', help: "the platform to build for; default: this machine's" },
    'build-arg': {
      kind: 'list',
      value: 'NAME=VALUE',
      help: 'a build argument; a name alone takes its value from the environment',
    },
    param: { kind: 'list', value: 'NAME=VALUE', help: 'a parameter of defineImage' },
    label: { kind: 'list', value: 'NAME=VALUE', help: 'a label for the image' },
    secret: {
      kind: 'list',
      value: 'id=ID,src=FILE',
      help: 'a secret for RUN --mount=type=secret; or env=VARIABLE instead of src',
    },
    ssh: { kind: 'list', value: 'ID[=SOCKET]', help: 'an SSH agent for RUN --mount=type=ssh' },
    'build-context': {
      kind: 'list',
      value: 'NAME=DIR',
      help: 'a named context: a folder, docker-image://REF, or oci-layout://DIR[:TAG]',
    },
    'no-cache': { kind: 'flag', help: 'run every step again' },
    pull: { kind: 'flag', help: 'ask the registry for base images even where the store has them' },
    allow: { kind: 'list', value: 'WHAT', help: 'let RUN ask for network.host or security.insecure' },
    'metadata-file': { kind: 'value', value: 'FILE', help: 'write digests and outputs there as JSON' },
    ...progressOption,
    ...storeOptions,
    json: { kind: 'flag', help: 'print the result as JSON' },
  },
  elsewhere: buildxOnly,
  examples: [
    ['imgsdk build -t app:1', 'builds ./image.ts or ./Dockerfile, and keeps it as app:1'],
    ['imgsdk build services/web --output type=oci,dest=web.tar', 'an OCI archive of services/web/image.ts'],
    ['imgsdk build -f docker/Dockerfile . --load -t app', 'as docker build spells it; into the docker daemon'],
    ['imgsdk build --push -t registry.example.com/app:1', 'to a registry'],
    ['imgsdk build --target test --output type=cacheonly', 'only to see whether it builds'],
  ],
  async run({ values, positionals, terminal, interruptible }) {
    const { build, parseOutput } = await import('../../sdk/engine/index.ts')
    const asked = [...values.output, ...(values.push ? ['type=registry'] : []), ...(values.load ? ['type=docker'] : [])]
    const outputs = asked.map(parseOutput)
    terminal.taken = outputs.some((output) => 'dest' in output && output.dest === '-')
    const { file, context: given } = placesOf(values, positionals[0])
    const image = await readImageFile(file, { params: values.param })
    const graph = image.graph(values.target)
    const context = contextOf(given ?? (image.found.file === '-' ? '.' : image.found.folder))
    const metadataFile = values['metadata-file']
    if (metadataFile !== undefined) checkMetadataFile(metadataFile)
    // An image.ts that never ends is ended by Ctrl-C as any program is.
    const signal = interruptible()
    const options = await optionsOf(values, image.found.dockerfile)
    const result = await withProgress(values, terminal, signal, (common) =>
      build(graph, { ...common, ...options, outputs, context }),
    )
    if (metadataFile !== undefined) writeMetadata(metadataFile, result)
    const tell = terminal.taken ? terminal.err : terminal.out
    tell(values.json ? `${JSON.stringify(result, null, 2)}\n` : report(result))
  },
})

export default build

/** Where the image file and its context are. With -f, as docker spells it, the argument is the context. */
function placesOf({ file, context }: Values, argument: string | undefined) {
  for (const place of [file, argument]) if (place !== undefined) refuseRemote(place)
  if (file === undefined) return { file: argument, context }
  if (context === undefined || argument === undefined) return { file, context: context ?? argument }
  throw new ImgError('USAGE', `two build contexts are given: "${argument}" and --context "${context}"`, {
    hint: 'leave one of the two out',
  })
}

type Values = Parameters<(typeof build)['run']>[0]['values']

async function optionsOf(values: Values, dockerfile: string | undefined): Promise<BuildOptions> {
  const { canonicalName, parsePlatform } = await import('../../sdk/oci/index.ts')
  // A name that is none is told before anything runs.
  values.tag.forEach(canonicalName)
  const { hostPlatform } = await import('../../sdk/engine/index.ts')
  const contexts = readContexts(values['build-context'])
  const epoch = process.env['SOURCE_DATE_EPOCH']
  // The variable of our own environment is a build argument of that name, as for docker buildx.
  const buildArgs = {
    ...(epoch ? { SOURCE_DATE_EPOCH: epoch } : {}),
    ...readPairs(values['build-arg'], '--build-arg'),
  }
  return {
    tags: values.tag,
    dockerfile,
    buildArgs,
    labels: readPairs(values.label, '--label'),
    platform: values.platform === undefined ? undefined : parsePlatform(onePlatform(values.platform), hostPlatform()),
    secrets: readSecrets(values.secret, values.ssh),
    noCache: values['no-cache'],
    pull: values.pull ? 'pull' : 'default',
    allow: readAllowed(values.allow),
    contexts: contexts.contexts,
    folders: contexts.folders,
  }
}

/** Docker takes several, parted by commas. Throws UNSUPPORTED. */
function onePlatform(text: string): string {
  if (!text.includes(',')) return text
  throw new ImgError('UNSUPPORTED', `--platform ${text}: one platform is built at a time`, {
    hint: 'build each by itself, under names of its own',
  })
}

function report({ layers, manifest, outputs }: BuildResult): string {
  const rows = layers.map(({ digest, size: bytes, createdBy, base }) => [
    shortDigest(digest),
    size(bytes),
    base ? 'base' : '',
    createdBy
      .replace(/ # buildkit$/, '')
      .split('\n')[0]!
      .slice(0, 80),
  ])
  const written = outputs.map(({ type, where }) => `${places[type] ?? type} ${where}\n`).join('')
  return `${rows.length > 0 ? table([['layer', 'size', '', 'made by'], ...rows]) : ''}${manifest ? `manifest ${manifest.digest}\n` : ''}${written}`
}

const places: Readonly<Record<string, string>> = {
  oci: 'OCI image at',
  docker: 'docker image at',
  image: 'image in the store:',
  push: 'pushed',
  local: 'files in',
  tar: 'files in',
}
