/** Reads descriptors member by member. Source: image-spec, descriptor.md; image-index.md: platform. */
import { isDigest } from './digest.ts'
import { count, list, type Member, map, member, pick, text, wrong } from './document.ts'
import type { Descriptor, Platform } from './types.ts'

/** 16 TiB: no layer is longer, and sums of sizes stay exact. */
const longestBlob = 2 ** 44

/** A descriptor from parsed JSON. Throws IMAGE_INVALID. */
export function readDescriptor(at: Member): Descriptor {
  const digest = text(member(at, 'digest'))
  if (!isDigest(digest)) throw wrong(member(at, 'digest'), 'sha256: and 64 hexadecimal digits')
  return {
    mediaType: text(member(at, 'mediaType')),
    digest,
    size: count(member(at, 'size'), longestBlob),
    ...pick<Pick<Descriptor, 'platform' | 'annotations' | 'urls' | 'artifactType'>>(at, {
      platform: readPlatform,
      annotations: (element) => map(element, text),
      urls: (element) => list(element, text),
      artifactType: text,
    }),
  }
}

/** Some tools leave members out; an empty name matches nothing. */
function readPlatform(at: Member): Platform {
  const optional = (key: string) => (member(at, key).value === undefined ? '' : text(member(at, key)))
  return {
    os: optional('os'),
    architecture: optional('architecture'),
    ...(optional('variant') !== '' && { variant: optional('variant') }),
    ...(optional('os.version') !== '' && { 'os.version': optional('os.version') }),
    ...pick<Pick<Platform, 'os.features'>>(at, { 'os.features': (features) => list(features, text) }),
  }
}
