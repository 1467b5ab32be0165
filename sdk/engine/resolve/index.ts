/** The folder's door, for the wiring in `engine/build.ts`. */
export type { ImageStore, Registry } from './named.ts'
export { createResolver, type ImageResolver, type ResolvedImage, type ResolverOptions } from './resolver.ts'
