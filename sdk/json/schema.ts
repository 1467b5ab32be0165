/** The JSON Schema of the instruction graph, made from the instruction table. */
import { graphVersion } from '../graph/graph.ts'
import { type AnyShape, positional, type Row } from '../instruction/define.ts'
import { table } from '../instruction/rows.ts'
import { definitions, objectSchema } from '../instruction/shape/schema.ts'
import type { JsonSchema } from '../instruction/shape/shape.ts'

/** Where the schema of this version is published. */
export const schemaId = `https://imgsdk.dev/schemas/v${graphVersion}/graph.schema.json`

const text: JsonSchema = { type: 'string' }
const strings: JsonSchema = { $ref: '#/$defs/strings' }
const position: JsonSchema = { type: 'integer', minimum: 1 }
const described = (description: string, schema: JsonSchema): JsonSchema => ({ description, ...schema })

/**
 * The schema of a graph: draft 2020-12, closed, one branch per row of the table.
 * What a schema cannot say (`stage` positions that exist, what FROM may refer to) is in check.ts.
 */
export function graphSchema(): JsonSchema {
  const rows = [...table.values()]
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: schemaId,
    title: 'Instruction graph',
    description: 'A container image as its author said it: stages of instructions whose variables are not filled in.',
    ...objectSchema(
      {
        $schema: described('Where this schema is published; for editors.', text),
        version: described('The version of this form.', { const: graphVersion }),
        syntax: described('The value of the `syntax` parser directive. Never obeyed, only carried.', text),
        check: described('The value of the `check` parser directive.', text),
        escape: described('The escape character, where it is not a backslash.', { const: '`' }),
        args: described('Build arguments declared before the first stage.', listOf({ $ref: '#/$defs/ARG' })),
        stages: described('In order of definition; a stage is referred to by its position, counted from 0.', {
          ...listOf({ $ref: '#/$defs/stage' }),
          minItems: 1,
        }),
      },
      ['version', 'args', 'stages'],
    ),
    $defs: {
      stage: {
        description: 'A build stage.',
        ...objectSchema({ from: { $ref: '#/$defs/FROM' }, instructions: listOf({ $ref: '#/$defs/instruction' }) }, [
          'from',
          'instructions',
        ]),
      },
      instruction: {
        oneOf: rows.filter(({ keyword }) => keyword !== 'FROM').map(({ keyword }) => ({ $ref: `#/$defs/${keyword}` })),
      },
      ...Object.fromEntries(rows.map((row) => [row.keyword, instructionSchema(row)])),
      ...definitions,
      // Text alone has one form only, the plain string.
      template: { anyOf: [text, { ...listOf({ $ref: '#/$defs/part' }), contains: { type: 'object' } }] },
      strings: listOf(text),
      location: {
        description: 'Where the author wrote it. Lines and columns count from 1.',
        ...objectSchema({ file: text, line: position, column: position, endLine: position, endColumn: position }, [
          'file',
          'line',
        ]),
      },
    },
  }
}

function instructionSchema(row: Row): JsonSchema {
  return {
    title: row.keyword,
    description: row.summary,
    ...objectSchema(
      {
        keyword: { const: row.keyword },
        args: argsSchema(row),
        at: { $ref: '#/$defs/location' },
        comments: described('The comment lines above it, without #.', strings),
        gaps: described(
          'Before which of the comments, counted from 0, a blank line stands; their number: before the instruction.',
          {
            type: 'array',
            items: { type: 'integer', minimum: 0 },
          },
        ),
        notes: described('How it was spelled, for the linter.', strings),
      },
      ['keyword', 'args'],
    ),
  }
}

/** Positional fields and flags side by side. */
function argsSchema(row: Row): JsonSchema {
  const { shape, field } = positional(row)
  const whole = shape.schema as { properties?: Readonly<Record<string, JsonSchema>>; required?: readonly string[] }
  const fields = field === undefined ? (whole.properties ?? {}) : { [field]: shape.schema }
  const required = field === undefined ? (whole.required ?? []) : [field]
  const flags = Object.entries(row.flags ?? {}).map(([name, flag]) => [name, flagSchema(flag)])
  return objectSchema({ ...fields, ...Object.fromEntries(flags) }, required)
}

function flagSchema(flag: AnyShape): JsonSchema {
  return flag.repeatable ? { ...listOf(flag.schema), minItems: 1 } : flag.schema
}

function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items }
}
