/** `imgsdk import`: an image out of a root file system archive. */
import process from 'node:process'
import { command } from '../command.ts'
import { progressOption, storeOption, withProgress } from '../engine-options.ts'
import { readPairs } from '../pairs.ts'
import { size } from '../render/units.ts'

export default command({
  name: 'import',
  summary: 'make an image of a root file system archive',
  usage: ['ARCHIVE [-t REF]…'],
  description: `ARCHIVE is a tar of a root file system, plain or compressed with gzip, xz, zstd or bzip2; or - for standard input.
It becomes the one layer of a new image, byte for byte, and can be used as FROM at once. An archive that docker save
or skopeo wrote, and an OCI layout folder, are taken as the images that they hold.`,
  arguments: [1, 1],
  options: {
    tag: { kind: 'list', short: 't', value: 'REF', help: 'a name for the image' },
    platform: { kind: 'value', value: 'OS/ARCH', help: "what it runs on; default: this machine's platform" },
    cmd: { kind: 'value', value: 'COMMAND', help: 'what a container runs, given to the shell' },
    entrypoint: { kind: 'value', value: 'PROGRAM', help: 'the program of a container' },
    env: { kind: 'list', value: 'NAME=VALUE', help: 'an environment variable' },
    workdir: { kind: 'value', value: 'DIR', help: 'where a container starts' },
    user: { kind: 'value', value: 'USER', help: 'who a container runs as' },
    ...progressOption,
    ...storeOption,
    json: { kind: 'flag', help: 'print the result as JSON' },
  },
  examples: [
    ['imgsdk import rootfs.tar -t debian:bookworm', 'then: from("debian:bookworm"), or FROM debian:bookworm'],
    ['mmdebstrap bookworm | imgsdk import - -t debian:bookworm', 'straight from the tool that makes it'],
  ],
  async run({ values, positionals, terminal, interruptible }) {
    const signal = interruptible()
    const { importRootfs } = await import('../../sdk/engine/index.ts')
    const env = Object.entries(readPairs(values.env, '--env')).map(([name, value]) => `${name}=${value}`)
    const config = {
      ...(values.cmd === undefined ? {} : { Cmd: ['/bin/sh', '-c', values.cmd] }),
      ...(values.entrypoint === undefined ? {} : { Entrypoint: [values.entrypoint] }),
      ...(env.length > 0 ? { Env: env } : {}),
      ...(values.workdir === undefined ? {} : { WorkingDir: values.workdir }),
      ...(values.user === undefined ? {} : { User: values.user }),
    }
    const source = positionals[0] === '-' ? process.stdin : positionals[0]!
    const images = await withProgress(values, terminal, signal, (common) =>
      importRootfs(source, {
        ...common,
        platform: values.platform,
        ...(values.tag.length > 0 ? { tags: values.tag } : {}),
        ...(Object.keys(config).length > 0 ? { config } : {}),
      }),
    )
    if (values.json) terminal.out(`${JSON.stringify(images, null, 2)}\n`)
    else
      for (const { names, manifest, layers } of images) {
        const bytes = layers.reduce((sum, layer) => sum + layer.size, 0)
        terminal.out(
          `imported ${names.length > 0 ? names.join(', ') : manifest.digest} (${size(bytes)})\nmanifest ${manifest.digest}\n`,
        )
      }
    return 0
  },
})
