/** The schema of what `--json` prints where a verb fails. */
import { codes } from '../codes.ts'
import type { JsonSchema } from '../instruction/shape/shape.ts'

/** Where the schema of this version is published. */
export const failureSchemaId = 'https://imgsdk.dev/schemas/v1/failure.schema.json'

const text: JsonSchema = { type: 'string' }
const position: JsonSchema = { type: 'integer', minimum: 1 }
const described = (description: string, schema: JsonSchema): JsonSchema => ({ description, ...schema })

/** Draft 2020-12. Members and codes may be added from version to version, so it is open; none is taken away. */
export function failureSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: failureSchemaId,
    title: 'Failure',
    description: 'What a verb prints with --json, instead of its result, where it fails.',
    type: 'object',
    properties: { error: { $ref: '#/$defs/error' } },
    required: ['error'],
    $defs: {
      error: {
        type: 'object',
        properties: {
          code: described('Stays the same from version to version.', {
            anyOf: [{ enum: Object.keys(codes) }, text],
          }),
          message: described('For people: what happened to what. May change from version to version.', text),
          exit: described('The exit status.', { type: 'integer' }),
          at: described('In an image.ts, a Dockerfile or a graph.', { $ref: '#/$defs/location' }),
          hint: described('What to do next.', text),
          detail: described('Facts, such as exit codes, paths, and the answer of a registry.', { type: 'object' }),
          errors: described('Where one message stands for several errors, these.', {
            type: 'array',
            items: { $ref: '#/$defs/error' },
          }),
          stack: described('Of a bug in imgsdk: for the report of it.', text),
        },
        required: ['code', 'message', 'exit'],
      },
      location: {
        description: 'Lines and columns count from 1; the last line is inclusive, the last column exclusive.',
        type: 'object',
        properties: { file: text, line: position, column: position, endLine: position, endColumn: position },
        required: ['file', 'line'],
      },
    },
  }
}
