/** `imgsdk pull`: an image from a registry into the store. */
import { command } from '../command.ts'
import { progressOption, storeOptions, withProgress } from '../engine-options.ts'
import { size } from '../render/units.ts'

export default command({
  name: 'pull',
  summary: 'fetch an image into the store',
  usage: ['REF'],
  description: `Fetches manifest, config and all layers, and checks every digest. Credentials are those of docker login,
or of podman login.`,
  arguments: [1, 1],
  options: {
    platform: { kind: 'value', value: 'OS/ARCH', help: "which image of an index; default: this machine's platform" },
    ...progressOption,
    ...storeOptions,
    json: { kind: 'flag', help: 'print the result as JSON' },
  },
  examples: [['imgsdk pull debian:bookworm-slim', 'from docker.io']],
  async run({ values, positionals, terminal, interruptible }) {
    const { pullImage } = await import('../../sdk/engine/index.ts')
    const platform = values.platform === undefined ? {} : { platform: values.platform }
    const pulled = await withProgress(values, terminal, interruptible(), (common) =>
      pullImage(positionals[0]!, { ...common, ...platform }),
    )
    const bytes = pulled.layers.reduce((sum, layer) => sum + layer.size, 0)
    terminal.out(
      values.json
        ? `${JSON.stringify(pulled, null, 2)}\n`
        : `pulled ${pulled.ref} (${size(bytes)})\nmanifest ${pulled.manifest.digest}\n`,
    )
    return 0
  },
})
