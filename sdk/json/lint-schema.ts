/** The schema of what `imgsdk lint --json` prints. */
import type { JsonSchema } from '../instruction/shape/shape.ts'
import { failureSchema } from './failure-schema.ts'

/** Where the schema of this version is published. */
export const lintSchemaId = 'https://imgsdk.dev/schemas/v1/lint.schema.json'

const text: JsonSchema = { type: 'string' }
const position: JsonSchema = { type: 'integer', minimum: 1 }
const count: JsonSchema = { type: 'integer', minimum: 0 }
const described = (description: string, schema: JsonSchema): JsonSchema => ({ description, ...schema })
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items })

/** Draft 2020-12. Members may be added from version to version, so it is open; none is taken away. */
export function lintSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: lintSchemaId,
    title: 'Lint report',
    description: 'What imgsdk lint --json prints.',
    type: 'object',
    properties: {
      findings: list({ $ref: '#/$defs/finding' }),
      errors: described('How many findings are errors.', count),
      warnings: described('How many are warnings.', count),
      fixed: described('How many findings --fix took away.', count),
      unfixed: described('Files that --fix left as they are, or not without findings that it might take away.', {
        ...list({ type: 'object', properties: { file: text, reason: text }, required: ['file', 'reason'] }),
      }),
      failures: described('Files that cannot be read or built, each with the error.', {
        ...list({
          allOf: [{ $ref: '#/$defs/error' }, { type: 'object', properties: { file: text }, required: ['file'] }],
        }),
      }),
    },
    required: ['findings', 'errors', 'warnings', 'fixed', 'unfixed', 'failures'],
    $defs: {
      finding: {
        description: 'Lines and columns count from 1; the last line is inclusive, the last column exclusive.',
        type: 'object',
        properties: {
          rule: described('Its name, as --skip takes it.', text),
          level: { enum: ['error', 'warning'] },
          message: text,
          file: described('Relative to the working directory where it lies below it; - for standard input.', text),
          line: position,
          column: position,
          endLine: position,
          endColumn: position,
          hint: described('What to do.', text),
          fixable: described('Whether --fix can take it away.', { type: 'boolean' }),
        },
        required: ['rule', 'level', 'message', 'file', 'fixable'],
      },
      ...(failureSchema()['$defs'] as Readonly<Record<string, JsonSchema>>),
    },
  }
}
