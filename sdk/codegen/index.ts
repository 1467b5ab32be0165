/** Graphs as the source of an image.ts. */
export { type CodegenOptions, codegen } from './codegen.ts'
