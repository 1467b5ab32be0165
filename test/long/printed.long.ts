/** Every printed file of the corpus, given to the parser of a real BuildKit. */
import { acceptance, corpusGraphs } from '../corpus/accepted.ts'
import { assert, suite } from '../helpers/suite.ts'

const long = suite('long/printed')

long.needs(['corpus', 'dockerd', 'docker', 'root'], "every printed file passes BuildKit's parser", async () => {
  const graphs = corpusGraphs()
  const { accepted, tooNew, refused } = await acceptance(graphs)
  console.log(`${accepted} of ${graphs.length} accepted; newer than this builder:\n  ${tooNew.join('\n  ')}`)
  assert.equal(refused, [])
  assert.ok(accepted > graphs.length * 0.85, `${accepted} of ${graphs.length} were accepted`)
})

long.run()
