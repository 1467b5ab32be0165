/** Laws that hold for every row of the instruction table, so that a new row arrives tested. */
import { parse } from '../../sdk/dockerfile/parse.ts'
import { print } from '../../sdk/dockerfile/print.ts'
import { graphDigest } from '../../sdk/graph/digest.ts'
import { table } from '../../sdk/instruction/rows.ts'
import * as rows from '../../sdk/instruction/table.ts'
import { planOf } from '../corpus/plans.ts'
import { assert, suite } from '../helpers/suite.ts'

const laws = suite('laws/rows')

const document = (keyword: string, example: string) =>
  keyword === 'FROM' ? `${example}\n` : `FROM scratch AS first\nFROM alpine\n${example}\n`

laws('there are 18 rows', () => {
  assert.is(table.size, 18)
})

laws('a row is exported under its keyword in lower case', () => {
  for (const [name, row] of Object.entries(rows)) assert.is(row.keyword.toLowerCase(), name)
})

laws('every row has a summary and examples', () => {
  for (const row of table.values()) {
    assert.ok(row.summary.endsWith('.'), row.keyword)
    assert.ok(row.examples.length > 0, row.keyword)
  }
})

for (const row of table.values()) {
  for (const example of row.examples) {
    laws(`${example}: printing and reading gives the same graph, and printing again the same text`, () => {
      const graph = parse(document(row.keyword, example))
      const text = print(graph)
      assert.is(graphDigest(parse(text)), graphDigest(graph), text)
      assert.is(print(parse(text)), text)
    })

    laws(`${example}: lowering answers the same twice`, () => {
      const text = document(row.keyword, example.replace('${GO}', '1'))
      const plan = planOf(text, 'law')
      assert.is(plan.error, undefined)
      assert.equal(planOf(text, 'law'), plan)
    })
  }
}

laws.run()
