/** The door `imgsdk/engine`: what touches the world. */
export type { NamedContext } from '../plan/options.ts'
export { type BuildOptions, type BuildResult, type BuiltLayer, build } from '../verb/build.ts'
export { defaultStore, hostPlatform, type VerbOptions } from '../verb/open.ts'
export { pullImage, pushImage, type Transferred } from '../verb/transfer.ts'
export type { Written } from '../verb/write.ts'
export type { BuildEvent, Secrets } from './ports.ts'
