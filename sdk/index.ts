/** The front door: images as values, and the graphs they make. */

export { addSourceMapper, type SourceMapper } from './builder/call-site.ts'
export {
  defineImage,
  type ImageDefinition,
  instantiate,
  isDefinition,
  type Param,
  type ParamValues,
} from './builder/define-image.ts'
export { type Targets, toGraph } from './builder/graph.ts'
export { type ImageParts, image } from './builder/image.ts'
export {
  type Arg,
  arg,
  bind,
  cache,
  envRef,
  type FromOptions,
  from,
  scratch,
  secret,
  ssh,
  tmpfs,
} from './builder/start.ts'
export type { State } from './builder/state.ts'
export { expand, type Heredoc, heredoc } from './builder/text.ts'
export { type StageWatch, watchStages } from './builder/untaken.ts'
export { type Code, codes } from './codes.ts'
export { parse } from './dockerfile/parse.ts'
export { print } from './dockerfile/print.ts'
export { ImgError, type Location } from './error.ts'
export { graphDigest } from './graph/digest.ts'
export { kindOf } from './graph/given.ts'
export type { Graph, Instruction, Stage, StageRef } from './graph/graph.ts'
export type { Template } from './graph/template.ts'
