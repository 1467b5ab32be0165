/** The files that are made from the tables: the published schemas, and the validator compiled from the one of graphs. */
import type { JsonSchema } from '../instruction/shape/shape.ts'
import { failureSchema } from './failure-schema.ts'
import { lintSchema } from './lint-schema.ts'
import { graphSchema, schemaId } from './schema.ts'

/** The generated files by path from the project's root. Pure: the same table gives the same bytes. */
export async function generate(): Promise<Record<string, string>> {
  const schema = graphSchema()
  return {
    'schemas/graph.schema.json': `${JSON.stringify(schema, null, 2)}\n`,
    'schemas/failure.schema.json': `${JSON.stringify(failureSchema(), null, 2)}\n`,
    'schemas/lint.schema.json': `${JSON.stringify(lintSchema(), null, 2)}\n`,
    'sdk/json/validate-graph.generated.ts': await compileValidator(schema),
  }
}

/** The validator as a module without imports: nothing is compiled, and no ajv is loaded, when it runs. */
async function compileValidator(schema: JsonSchema): Promise<string> {
  const [{ Ajv2020 }, { default: standalone }] = await Promise.all([
    import('ajv/dist/2020.js'),
    import('ajv/dist/standalone/index.js'),
  ])
  const ajv = new Ajv2020({
    // Lengths in UTF-16 units: those in Unicode characters would need a helper from ajv, and only 0 or not 0 is ever asked.
    unicode: false,
    logger: false,
    discriminator: true,
    strict: true,
    inlineRefs: false,
    code: { source: true, esm: true, lines: true },
  })
  ajv.compile(withDiscriminators(schema) as Record<string, unknown>)
  const code = (standalone as unknown as (instance: typeof ajv, names: Record<string, string>) => string)(ajv, {
    validate: schemaId,
  })
  if (/\brequire\(|^import /m.test(code)) throw new TypeError('the validator needs code of ajv at run time')
  return [
    '// Compiled by ajv from schemas/graph.schema.json. Written by `npm run generate`; never edited by hand.',
    '// @ts-nocheck',
    "import type { SchemaError } from './explain.ts'",
    code
      .replace('"use strict";', '')
      .replace(
        /^export const validate =/m,
        'export const validate: ((value: unknown) => boolean) & { errors?: readonly SchemaError[] | null } =',
      )
      .trim(),
    '',
  ].join('\n')
}

/** Unions that a constant member tells apart, marked so: the errors then speak of the branch that was meant. */
function withDiscriminators(schema: JsonSchema): JsonSchema {
  const definitions = schema['$defs'] as Readonly<Record<string, JsonSchema>>
  const branchOf = (branch: JsonSchema) => definitions[String(branch['$ref'] ?? '').replace('#/$defs/', '')] ?? branch
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit)
    if (value === null || typeof value !== 'object') return value
    const out = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, visit(member)]))
    const branches = (value as { oneOf?: readonly JsonSchema[] }).oneOf?.map(branchOf)
    const tag = branches && commonTag(branches)
    return tag === undefined ? out : { type: 'object', ...out, discriminator: { propertyName: tag } }
  }
  return visit(schema) as JsonSchema
}

function commonTag(branches: readonly JsonSchema[]): string | undefined {
  const tagsOf = ({ properties }: JsonSchema) =>
    Object.entries((properties ?? {}) as Record<string, JsonSchema>).filter(([, member]) => 'const' in member)
  return tagsOf(branches[0]!)
    .map(([name]) => name)
    .find((name) => branches.every((branch) => tagsOf(branch).some(([other]) => other === name)))
}
