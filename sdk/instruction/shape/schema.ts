/** JSON Schemas that several shapes share. */
import type { JsonSchema } from './shape.ts'

/** A template. */
export const templateSchema: JsonSchema = { $ref: '#/$defs/template' }
/** A list of strings. */
export const stringsSchema: JsonSchema = { type: 'array', items: { type: 'string' } }
/** A stage by position, or an image by name. */
export const stageSchema: JsonSchema = { $ref: '#/$defs/stageRef' }

/** A closed object. */
export function objectSchema(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
): JsonSchema {
  return { type: 'object', properties, required, additionalProperties: false }
}

/** The definitions that `$ref`s of shapes lead to; the graph's schema carries them under `$defs`. */
export const definitions: Readonly<Record<string, JsonSchema>> = {
  template: { anyOf: [{ type: 'string' }, { type: 'array', items: { $ref: '#/$defs/part' }, minItems: 1 }] },
  part: { anyOf: [{ type: 'string', minLength: 1 }, { $ref: '#/$defs/variable' }, { $ref: '#/$defs/invalid' }] },
  variable: objectSchema(
    {
      var: { type: 'string' },
      op: { enum: ['-', ':-', '+', ':+', '?', ':?', '#', '##', '%', '%%', '/', '//'] },
      word: templateSchema,
      with: templateSchema,
      quoted: { const: true },
    },
    ['var'],
  ),
  invalid: objectSchema({ invalid: { type: 'string' }, reason: { type: 'string' } }, ['invalid', 'reason']),
  stageRef: {
    anyOf: [
      objectSchema({ stage: { type: 'integer', minimum: 0 } }, ['stage']),
      objectSchema({ image: templateSchema }, ['image']),
    ],
  },
}
