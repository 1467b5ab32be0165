/** Named contexts: what replaces a stage, or an image of that name. Source: conformance D9.20 to D9.24. */
import { formatPlatform, normalizePlatform } from '../oci/platform.ts'
import { formatReference, parseReference } from '../oci/reference.ts'
import type { Platform } from '../oci/types.ts'
import type { NamedContext } from './options.ts'

const reserved = new Set(['scratch', 'context'])

/** The context of a name: one for the platform first. `docker.io/library/` and `:latest` make no difference. */
export function contextOf(
  contexts: ReadonlyMap<string, NamedContext> | undefined,
  name: string,
  platform: Platform,
): NamedContext | undefined {
  if (!contexts || contexts.size === 0 || reserved.has(name.toLowerCase())) return undefined
  const wanted = [name.toLowerCase(), normal(name)]
  for (const suffix of [`::${formatPlatform(normalizePlatform(platform))}`, '']) {
    for (const [key, context] of contexts) {
      const plain = key.endsWith(suffix) ? key.slice(0, key.length - suffix.length) : undefined
      if (plain === undefined || plain.includes('::')) continue
      if (wanted.includes(plain.toLowerCase()) || normal(plain) === wanted[1]) return context
    }
  }
  return undefined
}

function normal(name: string): string {
  try {
    return formatReference(parseReference(name))
  } catch {
    return name
  }
}

/** Whether a reference is one into an OCI layout folder: only a named context can be. */
export function isLayout(ref: string | undefined): ref is string {
  return ref?.startsWith('oci-layout://') === true
}
