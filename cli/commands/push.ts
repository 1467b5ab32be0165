/** `imgsdk push`: an image of the store to a registry. */
import { command } from '../command.ts'
import { progressOption, storeOptions, withProgress } from '../engine-options.ts'

export default command({
  name: 'push',
  summary: 'send an image of the store to a registry',
  usage: ['REF [DEST]'],
  description: `DEST is the name in the registry; without it the image's own. Layers that the registry has are not sent, and a base layer
that is in another of its repositories is mounted from there. Credentials are those of docker login, or of podman login.`,
  arguments: [1, 2],
  options: { ...progressOption, ...storeOptions, json: { kind: 'flag', help: 'print the result as JSON' } },
  examples: [['imgsdk push app:1 registry.example.com/team/app:1', 'under another name']],
  async run({ values, positionals, terminal, interruptible }) {
    const { pushImage } = await import('../../sdk/engine/index.ts')
    const [ref, dest] = positionals
    const pushed = await withProgress(values, terminal, interruptible(), (common) =>
      pushImage(ref!, dest ?? ref!, common),
    )
    terminal.out(
      values.json
        ? `${JSON.stringify(pushed, null, 2)}\n`
        : `pushed ${pushed.ref}\nmanifest ${pushed.manifest.digest}\n`,
    )
    return 0
  },
})
