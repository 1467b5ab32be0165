/** The list of verbs. A verb's own file is loaded only when it is asked for. */
import type { Command } from './command.ts'

/** A verb as the list has it. */
export interface Verb {
  readonly name: string
  readonly summary: string
  /** Whether it works with the layers of a store, which may belong to other users than ours. */
  readonly layers: boolean
  load(): Promise<Command>
}

const verb = (name: string, summary: string, load: () => Promise<{ default: unknown }>): Verb => ({
  name,
  summary,
  layers: false,
  load: async () => (await load()).default as Command,
})

const layerVerb = (...row: Parameters<typeof verb>): Verb => ({ ...verb(...row), layers: true })

/** In the order that the help shows them. */
export const verbs: readonly Verb[] = [
  verb(
    'synth',
    'write the graph and the Dockerfile of an image, without building',
    () => import('./commands/synth.ts'),
  ),
  layerVerb('build', 'build an image', () => import('./commands/build.ts')),
  verb(
    'convert',
    'turn Dockerfiles into image.ts files, and prove that nothing was lost',
    () => import('./commands/convert.ts'),
  ),
  verb('lint', 'check an image.ts or Dockerfile for mistakes', () => import('./commands/lint.ts')),
  verb('fmt', 'lay out Dockerfiles anew, without changing what they mean', () => import('./commands/fmt.ts')),
  verb(
    'context',
    'show what goes into a build, and which line of .dockerignore decides',
    () => import('./commands/context.ts'),
  ),
  layerVerb('import', 'make an image of a root file system archive', () => import('./commands/import.ts')),
  verb('images', 'list the images in the store', () => import('./commands/images.ts')),
  layerVerb('inspect', 'show config, layers and history of an image', () => import('./commands/inspect.ts')),
  layerVerb('pull', 'fetch an image into the store', () => import('./commands/pull.ts')),
  layerVerb('push', 'send an image of the store to a registry', () => import('./commands/push.ts')),
  layerVerb('shell', 'open a shell in an image', () => import('./commands/shell.ts')),
]
