/** The door to plans: lowering and encoding. */
export { encodeLlbJson, type LlbJson } from './encode.ts'
export { lower, unresolved } from './lower.ts'
export { lowerOffline } from './offline.ts'
export type * from './op.ts'
export {
  type BaseImage,
  type ImageRequest,
  imageKey,
  type LoweredInstruction,
  type LowerOptions,
  type NamedContext,
} from './options.ts'
