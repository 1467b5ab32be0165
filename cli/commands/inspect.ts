/** `imgsdk inspect`: manifest, config, and the instruction that made each layer. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../sdk/error.ts'
import { command } from '../command.ts'
import { storeOptions } from '../engine-options.ts'
import { noSuchFile } from '../missing.ts'
import { table } from '../render/table.ts'
import { count, shortDigest, size } from '../render/units.ts'

export default command({
  name: 'inspect',
  summary: 'show config, layers and history of an image',
  usage: ['REF [--json]'],
  description: `REF is an image of the store, or of a registry; or the path of a layout folder, or of an archive that docker save, skopeo or
imgsdk wrote, plain or compressed: ./FOLDER[:TAG], FILE.tar[:TAG]. No layer is fetched or unpacked.`,
  arguments: [1, 1],
  options: {
    platform: { kind: 'value', value: 'OS/ARCH', help: "which image of an index; default: this machine's platform" },
    ...storeOptions,
    json: { kind: 'flag', help: 'print everything as JSON' },
  },
  examples: [
    ['imgsdk inspect app:1', 'an image of the store'],
    ['imgsdk inspect ./out --json', 'an OCI layout'],
    ['imgsdk inspect image.tar.gz:1.2', 'one of the images of an archive'],
  ],
  async run({ values, positionals, terminal, interruptible }) {
    const { inspectImage } = await import('../../sdk/engine/index.ts')
    const { platform, store, insecure } = values
    const given = positionals[0]!
    const options = { platform, store, insecure, signal: interruptible() }
    const image = await inspectImage(referenceOf(given), options).catch((error) => {
      throw withFolderHint(error, given)
    })
    if (values.json) {
      terminal.out(`${JSON.stringify(image, null, 2)}\n`)
      return 0
    }
    const { config } = image.config
    const facts: [string, string][] = [
      ['name', image.ref.replace(/^(?:archive|oci-layout):\/\//, '')],
      ['manifest', image.manifest],
      ['config', image.configDescriptor.digest],
      ['platform', `${image.config.os}/${image.config.architecture}`],
      ['size', size(image.size)],
      ...(image.base
        ? [['base', `${image.base.name ?? ''} (${count(image.base.layers, 'layer')})`.trim()] as [string, string]]
        : []),
      ...(config?.Entrypoint ? [['entrypoint', JSON.stringify(config.Entrypoint)] as [string, string]] : []),
      ...(config?.Cmd ? [['cmd', JSON.stringify(config.Cmd)] as [string, string]] : []),
      ...(config?.WorkingDir ? [['workdir', config.WorkingDir] as [string, string]] : []),
      ...(config?.User ? [['user', config.User] as [string, string]] : []),
      ...(config?.Env ?? []).map((entry): [string, string] => ['env', entry]),
      ...Object.keys(config?.ExposedPorts ?? {}).map((port): [string, string] => ['port', port]),
      ...Object.entries(config?.Labels ?? {}).map(([key, value]): [string, string] => ['label', `${key}=${value}`]),
    ]
    const layers = image.layers.map(({ descriptor, history, base }) => [
      shortDigest(descriptor.digest),
      size(descriptor.size),
      base ? 'base' : '',
      cause(history?.created_by ?? ''),
    ])
    terminal.out(`${table(facts)}\n${table([['layer', 'size', '', 'made by'], ...layers])}`)
    return 0
  },
})

/** A folder is named as a path: without ./ before it, it is an image. */
function withFolderHint(error: unknown, given: string): unknown {
  const isNone = error instanceof ImgError && /^(?:IMAGE_NOT_FOUND|REGISTRY_)/.test(error.code)
  if (!isNone || !statSync(join(given, 'oci-layout'), { throwIfNoEntry: false })) return error
  const { code, message, detail, cause } = error
  const hint = `there is a layout folder of that name: imgsdk inspect ./${given}`
  return new ImgError(code, message, { hint, detail, cause })
}

/** One line of what made a layer, without the mark that BuildKit, and so imgsdk, leaves there. */
function cause(createdBy: string): string {
  return createdBy
    .replace(/ # buildkit$/, '')
    .split('\n')[0]!
    .slice(0, 100)
}

/** What is spelled as a path is no name of a registry's: a folder is a layout, and a file is an archive. */
function referenceOf(given: string): string {
  if (!/^\.{0,2}\/|\.(?:tar(?:\.\w+)?|tgz)(?:$|:)/.test(given)) return given
  for (let end = given.length; end > 0; end = given.lastIndexOf(':', end - 1)) {
    const stat = statSync(given.slice(0, end), { throwIfNoEntry: false })
    if (stat) return `${stat.isDirectory() ? 'oci-layout' : 'archive'}://${given}`
  }
  throw noSuchFile(given, 'IMAGE_NOT_FOUND')
}
