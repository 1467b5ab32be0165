/** `imgsdk images`: what the store has. */
import { command } from '../command.ts'
import { storeOption } from '../engine-options.ts'
import { table } from '../render/table.ts'
import { shortDigest, size } from '../render/units.ts'

export default command({
  name: 'images',
  summary: 'list the images in the store',
  usage: ['[--json]'],
  description: 'Lists the images that were built with -t, imported or pulled, by name.',
  arguments: [0, 0],
  options: { ...storeOption, json: { kind: 'flag', help: 'print them as JSON' } },
  examples: [['imgsdk images', 'names, platforms, sizes and digests']],
  async run({ values, terminal }) {
    const { listImages } = await import('../../sdk/engine/index.ts')
    const images = await listImages({ store: values.store })
    if (values.json) {
      terminal.out(`${JSON.stringify(images, null, 2)}\n`)
      return 0
    }
    if (images.length === 0) {
      terminal.out('the store has no images; build one with -t, import one, or pull one\n')
      return 0
    }
    const rows = images.map(({ name, platforms, layers, size: bytes, manifest }) => [
      name,
      platforms
        .map(({ os, architecture, variant }) => [os, architecture, ...(variant ? [variant] : [])].join('/'))
        .join(', '),
      `${layers}`,
      size(bytes),
      shortDigest(manifest.digest),
    ])
    terminal.out(table([['name', 'platform', 'layers', 'size', 'manifest'], ...rows]))
    return 0
  },
})
