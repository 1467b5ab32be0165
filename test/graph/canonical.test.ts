import { canonicalJson, sameJson } from '../../sdk/graph/canonical.ts'
import { assert, suite } from '../helpers/suite.ts'

const canonical = suite('graph/canonical')

canonical('values are the same where their canonical texts are', () => {
  const values = [null, 0, 1, '', '1', [], [1], [1, 2], {}, { a: 1 }, { a: undefined }, { a: null }, { b: 1, a: [1] }]
  for (const left of [...values, { a: [1], b: 1 }, { 0: 1 }])
    for (const right of values)
      assert.is(sameJson(left, right), canonicalJson(left) === canonicalJson(right), JSON.stringify([left, right]))
})

canonical.run()
