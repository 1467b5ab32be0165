/** `imgsdk shell`: a shell in an image, whose changes can become an image. */
import { command } from '../command.ts'
import { progressOption, storeOptions, withProgress } from '../engine-options.ts'

export default command({
  name: 'shell',
  summary: 'open a shell in an image',
  usage: ['REF [--commit NEW] [-- COMMAND…]'],
  description: `Opens a shell in a fresh writable layer on top of the image. When it ends with exit status 0 and --commit is given, the layer
becomes part of a new image of that name; otherwise it is thrown away. Without COMMAND it is the image's own shell, else
/bin/sh. The exit status is that of the shell; with --commit it is 1 where nothing was committed. Needs Linux.`,
  arguments: [1, Number.POSITIVE_INFINITY],
  options: {
    commit: { kind: 'value', value: 'NEW', help: 'the name of the image that the changes become' },
    ...progressOption,
    ...storeOptions,
  },
  examples: [
    ['imgsdk shell debian:bookworm --commit debian:mine', 'change things by hand, then leave the shell'],
    ['imgsdk shell app:1 -- ls -l /app', 'one command'],
  ],
  async run({ values, positionals, terminal, interruptible }) {
    const { shell } = await import('../../sdk/engine/index.ts')
    const [ref, ...words] = positionals
    const { exitCode, manifest } = await withProgress(values, terminal, interruptible(), (common) =>
      shell(ref!, { ...common, commit: values.commit, ...(words.length > 0 ? { command: words } : {}) }),
    )
    if (manifest) terminal.err(`committed ${values.commit}\nmanifest ${manifest.digest}\n`)
    return exitCode
  },
})
