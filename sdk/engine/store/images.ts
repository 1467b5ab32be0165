/** Named images: the index.json of an OCI image layout. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ImgError } from '../../error.ts'
import { type Descriptor, type ImageIndex, mediaTypes } from '../../oci/types.ts'
import { replaceFile } from './disk.ts'
import type { Locked } from './lock.ts'

/** The annotation that holds the name. Source: image-spec, annotations.md. */
const nameKey = 'org.opencontainers.image.ref.name'

/** Image names → descriptors of manifests or indexes. */
export interface ImageNames {
  get(name: string): Promise<Descriptor | undefined>
  /** Names it, instead of what had the name before. */
  set(name: string, descriptor: Descriptor): Promise<void>
  /** Whether there was one. */
  remove(name: string): Promise<boolean>
  /** Sorted by name. */
  list(): Promise<{ name: string; descriptor: Descriptor }[]>
}

/** The names in a folder's index.json. Descriptors come out without the annotation that names them. */
export function openImages(folder: string, locked: Locked, temporary: () => string): ImageNames {
  const path = join(folder, 'index.json')
  const change = <T>(edit: (images: Map<string, Descriptor>, rest: Descriptor[]) => T) =>
    locked('index.json', async () => {
      const [images, rest] = read(path)
      const answer = edit(images, rest)
      replaceFile(path, text([...named(images), ...rest]), temporary(), true)
      return answer
    })
  return {
    get: async (name) => read(path)[0].get(name),
    list: async () =>
      [...read(path)[0]].map(([name, descriptor]) => ({ name, descriptor })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    set: (name, descriptor) => change((images) => void images.set(name, unnamed(descriptor))),
    remove: (name) => change((images) => images.delete(name)),
  }
}

/** The text of an index.json. */
export function text(manifests: readonly Descriptor[]): string {
  const index: ImageIndex = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }
  return `${JSON.stringify(index, undefined, 2)}\n`
}

function named(images: ReadonlyMap<string, Descriptor>): Descriptor[] {
  const sorted = [...images].sort(([a], [b]) => (a < b ? -1 : 1))
  return sorted.map(([name, descriptor]) => ({
    ...descriptor,
    annotations: { ...descriptor.annotations, [nameKey]: name },
  }))
}

function unnamed(descriptor: Descriptor): Descriptor {
  const { annotations, ...rest } = descriptor
  const others = Object.fromEntries(Object.entries(annotations ?? {}).filter(([key]) => key !== nameKey))
  return Object.keys(others).length === 0 ? rest : { ...rest, annotations: others }
}

/** By name, and those that have none: a tool of somebody else's put them there. */
function read(path: string): [Map<string, Descriptor>, Descriptor[]] {
  const images = new Map<string, Descriptor>()
  const rest: Descriptor[] = []
  for (const descriptor of parse(path).manifests) {
    const name = descriptor.annotations?.[nameKey]
    if (name === undefined) rest.push(descriptor)
    else images.set(name, unnamed(descriptor))
  }
  return [images, rest]
}

function parse(path: string): ImageIndex {
  try {
    const index = JSON.parse(readFileSync(path, 'utf8')) as ImageIndex
    if (Array.isArray(index.manifests)) return index
    throw new TypeError('"manifests" is not a list')
  } catch (cause) {
    throw new ImgError('STORE_DAMAGED', `"${path}" cannot be read: ${(cause as Error).message}`, {
      hint: 'remove the file: the names of images are lost, blobs and cache stay',
      detail: { path },
      cause,
    })
  }
}
