/** The published schema: it fits the table, ajv takes it strictly, and what was generated from it is current. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse } from '../../sdk/dockerfile/parse.ts'
import { positional } from '../../sdk/instruction/define.ts'
import { table } from '../../sdk/instruction/rows.ts'
import { encode } from '../../sdk/json/encode.ts'
import { generate } from '../../sdk/json/generate.ts'
import { graphSchema, schemaId } from '../../sdk/json/schema.ts'
import { assert, projectRoot, suite } from '../helpers/suite.ts'

const schema = suite('json/schema')

const ajv = new Ajv2020({ strict: true, allErrors: true })
const accepts = ajv.compile(graphSchema() as Record<string, unknown>)

/** The plain graph of a stage with one line. */
function graphOf(line: string) {
  const text = line.startsWith('FROM') ? line : `FROM scratch\n${line}`
  return JSON.parse(encode(parse(text))) as { args: object[]; stages: { from: Node; instructions: Node[] }[] }
}
type Node = { keyword: string; args: Record<string, unknown> }

schema('is what lies in schemas/, and so is the compiled validator', async () => {
  const fresh = await generate()
  for (const [path, content] of Object.entries(fresh)) {
    assert.ok(readFileSync(join(projectRoot(), path), 'utf8') === content, `${path} is stale: run npm run generate`)
  }
  assert.equal(Object.keys(fresh), [
    'schemas/graph.schema.json',
    'schemas/failure.schema.json',
    'schemas/lint.schema.json',
    'sdk/json/validate-graph.generated.ts',
  ])
})

schema('has a versioned id and describes every instruction', () => {
  const { $id, $defs } = graphSchema() as {
    $id: string
    $defs: Record<string, { title?: string; description?: string }>
  }
  assert.is($id, schemaId)
  assert.match(schemaId, /\/v1\/graph\.schema\.json$/)
  for (const row of table.values())
    assert.equal([$defs[row.keyword]!.title, $defs[row.keyword]!.description], [row.keyword, row.summary])
})

for (const row of table.values()) {
  schema(`takes what ${row.keyword} means and refuses one more member`, () => {
    for (const line of row.examples) {
      const graph = graphOf(line)
      assert.ok(accepts(graph), `${line}: ${ajv.errorsText(accepts.errors)}`)
      const { from, instructions } = graph.stages.at(-1)!
      const node = row.keyword === 'FROM' ? from : instructions.at(-1)!
      node.args['unheard'] = 1
      assert.not.ok(accepts(graph), `${line} with an unknown member`)
      delete node.args['unheard']
      const [field] = Object.keys(node.args)
      const saved = node.args[field!]
      node.args[field!] = null
      assert.not.ok(accepts(graph), `${line} with null for ${field}`)
      node.args[field!] = saved
      assert.ok(accepts(graph))
    }
  })
}

schema('asks for the positional part of each instruction', () => {
  const { $defs } = graphSchema() as {
    $defs: Record<string, { properties: { args: { required: string[]; properties: object } } }>
  }
  for (const row of table.values()) {
    const { field } = positional(row)
    const { required, properties } = $defs[row.keyword]!.properties.args
    if (field !== undefined) assert.equal(required, [field])
    for (const flag of Object.keys(row.flags ?? {})) assert.ok(flag in properties, `${row.keyword} --${flag}`)
  }
})

schema.run()
