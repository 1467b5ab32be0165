/** The door `imgsdk/oci`: digests, references, platforms, and the documents of images. */
export {
  type AssembleInput,
  type AssembleLayer,
  assemble,
  assembleIndex,
  type Document,
  type MediaTypes,
} from './assemble.ts'
export { type Digest, digestOf, hexOf, isDigest, parseDigest } from './digest.ts'
export { formatPlatform, formatPlatformFull, normalizePlatform, parsePlatform, samePlatform } from './platform.ts'
export { matchPlatform, rankPlatforms } from './platform-match.ts'
export { canonicalName, familiar, formatReference, parseReference, type Reference } from './reference.ts'
export {
  type ContainerConfig,
  type Descriptor,
  type Healthcheck,
  type History,
  type ImageConfig,
  type ImageIndex,
  type Manifest,
  mediaTypes,
  type Platform,
} from './types.ts'
export {
  checkBytes,
  checkConfigOf,
  checkImageManifest,
  checkLayoutFile,
  type ImageDocument,
  parseConfig,
  parseImageDocument,
  parseIndex,
  parseManifest,
} from './validate.ts'
export { type ImageBytes, validateImage } from './validate-image.ts'
