/** The door `imgsdk/engine`: what touches the world. */
export { type Output, parseOutput } from '../export/output.ts'
export type { NamedContext } from '../plan/options.ts'
export { type BuildOptions, type BuildResult, type BuiltLayer, build } from '../verb/build.ts'
export {
  type ContextEntry,
  type ContextListing,
  type ContextOptions,
  explainPath,
  type IgnoreLine,
  ignoreOf,
  listContext,
  type PathDecision,
} from '../verb/context.ts'
export { type ImportOptions, importRootfs, inspectImage, type ListedImage, listImages } from '../verb/images.ts'
export { type KnownImagesOptions, knownImages } from '../verb/known-images.ts'
export { defaultStore, hostPlatform, type VerbOptions } from '../verb/open.ts'
export { type ShellOptions, type ShellResult, shell } from '../verb/shell.ts'
export { pullImage, pushImage, type Transferred } from '../verb/transfer.ts'
export type { Written } from '../verb/write.ts'
export type { ImportedImage } from './import.ts'
export type { InspectedImage } from './inspect.ts'
export type { BuildEvent, Secrets } from './ports.ts'
export { type Rerun, rerunAsRoot } from './run/namespace.ts'
