/** The folder's door, for the wiring in `engine/build.ts`, and for pushes. */
export type { ImageStore, Registry } from './named.ts'
export { type Place, placesOf, rememberPlace } from './places.ts'
export { createResolver, type ImageResolver, type ResolvedImage, type ResolverOptions } from './resolver.ts'
