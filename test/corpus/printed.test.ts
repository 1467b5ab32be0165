/** What we print of real Dockerfiles: it means the same, and BuildKit's own parser takes it. */
import { parse } from '../../sdk/dockerfile/parse.ts'
import { print } from '../../sdk/dockerfile/print.ts'
import { written } from '../../sdk/graph/graph.ts'
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

printed.needs(['corpus'], 'lines that go on stay where their author had them, comments between them as well', () => {
  let kept = 0
  for (const { name, graph } of corpusGraphs().filter((one) => one.name.endsWith('_Dockerfile'))) {
    const lines = new Set(print(graph).split('\n'))
    for (const { from, instructions } of graph.stages) {
      for (const instruction of [from, ...instructions]) {
        const [, ...goingOn] = instruction[written]!.text.split('\n')
        for (const line of goingOn) assert.ok(lines.has(line.trimEnd()), `${name}: ${line}`)
        kept += goingOn.length
      }
    }
  }
  assert.ok(kept > 2000, `${kept} lines`)
})

printed.needs(['corpus'], 'the plan of every file is the same after JSON and after YAML', async () => {
  const differing: string[] = []
  for (const { name, graph } of corpusGraphs()) {
    const before = plan(graph)
    const decoded = decode(encode(graph))
    if (plan(decoded) !== before) differing.push(`${name}: JSON`)
    // nothing is known of the text that it was read from
    if (plan(parse(print(decoded))) !== before) differing.push(`${name}: JSON, printed`)
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
