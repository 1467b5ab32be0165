/** Digests: the names of content. */
import { createHash } from 'node:crypto'
import { ImgError } from '../error.ts'

/** `sha256:` and 64 lower-case hexadecimal digits. Source: image-spec, descriptor.md: Digests. */
export type Digest = `sha256:${string}`

const form = /^sha256:[0-9a-f]{64}$/

/** Whether the text is a digest that we can check. */
export function isDigest(text: string): text is Digest {
  return form.test(text)
}

/**
 * The text as a digest.
 * @throws DIGEST_INVALID
 */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text
  throw new ImgError(
    'DIGEST_INVALID',
    `"${text.slice(0, 100)}" is not a digest; expected sha256: and 64 hexadecimal digits`,
  )
}

/** The digest of some bytes, or of the UTF-8 form of a text. */
export function digestOf(content: string | Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

/** The hexadecimal part. */
export function hexOf(digest: Digest): string {
  return digest.slice(7)
}
