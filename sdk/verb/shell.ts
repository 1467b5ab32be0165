/** `shell`: a shell in a fresh writable layer of an image; what was changed can become an image. */

import { createResolver } from '../engine/resolve/index.ts'
import { ImgError } from '../error.ts'
import { topOf } from '../export/image.ts'
import { parseOutput } from '../export/output.ts'
import { splitEnv } from '../instruction/part/environment.ts'
import { canonicalName } from '../oci/reference.ts'
import type { Descriptor, ImageConfig } from '../oci/types.ts'
import { keepImage } from './keep.ts'
import { hostPlatform, type VerbOptions, withSession } from './open.ts'
import { packImage } from './pack.ts'

/** How a shell is opened. */
export interface ShellOptions extends VerbOptions {
  /** What to run. @default the image's SHELL without its last option, else /bin/sh */
  readonly command?: readonly string[] | undefined
  /** The reference of the image that the changes become; without one they are thrown away. */
  readonly commit?: string | undefined
}

/** How it ended. */
export interface ShellResult {
  readonly exitCode: number
  /** Of the image that was made. */
  readonly manifest?: Descriptor
}

/**
 * Runs a program with this terminal in a container of the image. When it ends with status 0 and `commit` names an image, the
 * changes become one more layer of it, with a history entry.
 *
 * @throws REFERENCE_INVALID, RUN_UNAVAILABLE, IMAGE_NOT_FOUND
 */
export async function shell(ref: string, options: ShellOptions = {}): Promise<ShellResult> {
  // A name that is none is told before the work that would be lost.
  const commit = options.commit === undefined ? undefined : canonicalName(options.commit)
  return withSession(options, async (session) => {
    const { store, registries, io } = session
    const resolver = createResolver({ store, registry: (host) => registries.at(host), mode: 'default' })
    const image = await resolver.resolve(ref, hostPlatform(), io)
    const { created: _, ...config } = image.config
    const layers = await Promise.all(image.layers.map((layer) => store.layers.base(layer)))
    const args = options.command ?? [config.config?.Shell?.[0] ?? '/bin/sh']
    const { shellIn } = await import('../engine/op/shell.ts')
    const { layer, exitCode } = await shellIn({ layers }, { store, args, ...settings(config) }, io)
    if (commit === undefined) return { exitCode }
    if (exitCode !== 0) {
      throw new ImgError('RUN_FAILED', `the shell ended with exit status ${exitCode}, so nothing was committed`, {
        detail: { exitCode },
      })
    }
    const history = [
      ...(config.history ?? []),
      { created_by: `imgsdk shell ${ref}: ${args.join(' ')}`, comment: 'imgsdk.shell' },
    ]
    const created = new Map([[layer.id, new Date().toISOString()]])
    const solved = {
      plan: { vertices: [], result: undefined, image: config },
      layers: [...layers, layer],
      config: { ...config, history },
      created,
    }
    const output = parseOutput('type=image,compression=uncompressed')
    const packed = await packImage(solved, output as typeof output & { type: 'image' }, undefined, session)
    await keepImage(packed.image, [commit], session)
    return { exitCode, manifest: topOf(packed.image).descriptor }
  })
}

function settings({ config }: ImageConfig) {
  const env = new Map((config?.Env ?? []).map((entry) => splitEnv(entry)))
  if (process.env['TERM']) env.set('TERM', process.env['TERM'])
  return {
    env: [...env].map(([name, value]) => `${name}=${value}`),
    cwd: config?.WorkingDir || '/',
    ...(config?.User ? { user: config.User } : {}),
  }
}
