import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { conformancePage, namedTests, specIds } from './spec-coverage.ts'
import { assert, projectRoot, suite } from './suite.ts'

const coverage = suite('helpers/spec-coverage')
const ids = specIds()
// Without the specification there is nothing to compare with: the name of the need is its path.
const needs = ids ? [] : ['../shared/dockerfile-conformance.md']

coverage.needs(needs, 'every item of the specification has a test named after it', () => {
  const named = new Set(namedTests().flatMap((test) => test.ids))
  assert.equal(
    ids!.filter((id) => !named.has(id)),
    [],
  )
  assert.ok(ids!.length > 400, `only ${ids!.length} items were found`)
})

coverage.needs(needs, 'no test is named after an item that does not exist', () => {
  const known = new Set(ids!)
  const strangers = namedTests().filter((test) => test.ids.some((id) => !known.has(id) && !/^D4\.(8|13|16)$/.test(id)))
  assert.equal(
    strangers.map(({ file, sentence }) => `${file}: ${sentence}`),
    [],
  )
})

coverage.needs(
  needs,
  'the page in docs is the one that is made from the tests (node dist/test/helpers/spec-coverage.js)',
  () => {
    const page = readFileSync(join(projectRoot(), 'docs/reference/conformance.md'), 'utf8')
    assert.is(page, conformancePage(ids!, namedTests()))
  },
)

coverage('a table has a row for each item, and says so where there is no test', () => {
  const page = conformancePage(['D1.1', 'D1.2'], [{ ids: ['D1.1'], sentence: 'D1.1 a | b', file: 'test/a.test.ts' }])
  assert.match(page, '1 of 2 items')
  assert.match(page, '| D1.1 | a \\| b | `test/a.test.ts` |')
  assert.match(page, '| D1.2 | none | |')
})

coverage.run()
