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

/** What the content of a URL can be checked against: a digest, or that of a longer hash. */
export type Checksum = Digest | `sha384:${string}` | `sha512:${string}`

const checksumForm = /^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/

/** Whether the text is a checksum that we can check. */
export function isChecksum(text: string): text is Checksum {
  return checksumForm.test(text)
}

/**
 * The text as a checksum.
 * @throws DIGEST_INVALID
 */
export function parseChecksum(text: string): Checksum {
  if (isChecksum(text)) return text
  throw new ImgError(
    'DIGEST_INVALID',
    `"${text.slice(0, 150)}" is not a checksum; expected sha256:, sha384: or sha512: and 64, 96 or 128 hexadecimal digits in lower case`,
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
