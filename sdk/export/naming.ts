/** The names of an image in the index of a layout or an archive. */
import { formatReference, parseReference, type Reference } from '../oci/reference.ts'
import type { Descriptor } from '../oci/types.ts'

const nameKey = 'io.containerd.image.name'
const tagKey = 'org.opencontainers.image.ref.name'

/**
 * One descriptor for each name, annotated with it: the full name for containerd and docker, the tag for skopeo and umoci.
 * Without a name it is one descriptor, tagged with `fallback` if there is one.
 *
 * @throws REFERENCE_INVALID
 * @source image-spec, annotations.md: org.opencontainers.image.ref.name
 */
export function nameDescriptor(descriptor: Descriptor, names: readonly string[], fallback?: string): Descriptor[] {
  if (names.length === 0) return [fallback === undefined ? descriptor : annotate(descriptor, { [tagKey]: fallback })]
  return names.map((name) => {
    const reference = parseReference(name)
    return annotate(descriptor, { [nameKey]: formatReference(reference), [tagKey]: objectOf(reference) })
  })
}

/** The manifests of an index with others added; a name that these bear is taken from its old bearer. */
export function addNamed(manifests: readonly Descriptor[], added: readonly Descriptor[]): Descriptor[] {
  const kept = manifests.filter((old) => !added.some((fresh) => replaces(fresh, old)))
  return [...kept, ...added]
}

function replaces(fresh: Descriptor, old: Descriptor): boolean {
  const [name, tag] = [old.annotations?.[nameKey], old.annotations?.[tagKey]]
  if (name !== undefined) return name === fresh.annotations?.[nameKey]
  if (tag !== undefined) return tag === fresh.annotations?.[tagKey]
  return old.digest === fresh.digest
}

function objectOf({ tag, digest }: Reference): string {
  return `${tag ?? ''}${digest ? `@${digest}` : ''}`
}

function annotate(descriptor: Descriptor, annotations: Record<string, string>): Descriptor {
  return { ...descriptor, annotations: { ...descriptor.annotations, ...annotations } }
}
