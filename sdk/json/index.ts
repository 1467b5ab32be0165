/** Graphs as JSON and YAML. */
export { decode, decodeYaml } from './decode.ts'
export { type EncodeOptions, encode, encodeYaml, plain } from './encode.ts'
export { graphSchema, schemaId } from './schema.ts'
