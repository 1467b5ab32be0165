/** What we print of real Dockerfiles: it means the same, and BuildKit's own parser takes it. */
import { parse } from '../../sdk/dockerfile/parse.ts'
import { print } from '../../sdk/dockerfile/print.ts'
import { decode, decodeYaml } from '../../sdk/json/decode.ts'
import { encode, encodeYaml } from '../../sdk/json/encode.ts'
import { assert, suite } from '../helpers/suite.ts'
import { acceptance, corpusGraphs } from './accepted.ts'
import { tryPlan } from './plans.ts'

const printed = suite('corpus/printed')

printed.needs(['corpus'], 'the plan of every printed file is the plan of the original', () => {
  const differing = corpusGraphs().filter(({ graph }) => plan(graph) !== plan(parse(print(graph))))
  assert.equal(
    differing.map(({ name }) => name),
    [],
  )
})

printed.needs(['corpus'], 'the plan of every file is the same after JSON and after YAML', async () => {
  const differing: string[] = []
  for (const { name, graph } of corpusGraphs()) {
    const before = plan(graph)
    if (plan(decode(encode(graph))) !== before) differing.push(`${name}: JSON`)
    if (plan(await decodeYaml(await encodeYaml(graph))) !== before) differing.push(`${name}: YAML`)
  }
  assert.equal(differing, [])
})

// All of them are read by test/long/printed.long.ts.
printed.needs(['corpus', 'dockerd', 'docker', 'root'], "printed files pass BuildKit's parser", async () => {
  const some = corpusGraphs().filter((_, index) => index % 12 === 0)
  const { accepted, refused } = await acceptance(some)
  assert.equal(refused, [])
  assert.ok(accepted > some.length / 2, `${accepted} of ${some.length} were accepted`)
})

function plan(graph: Parameters<typeof tryPlan>[0]): string {
  return JSON.stringify(tryPlan(graph))
}

printed.run()
