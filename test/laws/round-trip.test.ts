/** Laws over generated graphs: what is printed reads back as the same graph, or is refused loudly. */
import fc from 'fast-check'
import { parse } from '../../sdk/dockerfile/parse.ts'
import { print } from '../../sdk/dockerfile/print.ts'
import { ImgError } from '../../sdk/error.ts'
import { canonicalJson } from '../../sdk/graph/canonical.ts'
import { canonicalGraph } from '../../sdk/graph/digest.ts'
import type { Graph } from '../../sdk/graph/graph.ts'
import { assert, suite } from '../helpers/suite.ts'
import { anyGraph, anyInstruction } from './arbitrary.ts'

const laws = suite('laws/round-trip')

const runs = Number(process.env['LAW_RUNS'] ?? 1500)
const canonical = (graph: Graph) => canonicalJson(canonicalGraph(graph))

/** The text; undefined where the graph says something that no Dockerfile means, and print says so. */
function printed(graph: Graph): string | undefined {
  try {
    return print(graph)
  } catch (error) {
    if (error instanceof ImgError && error.code === 'PRINT_INEXPRESSIBLE') return undefined
    throw error
  }
}

laws('parse after print is identity, and printing is a fixed point', () => {
  let expressible = 0
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const text = printed(graph)
      if (text === undefined) return
      expressible++
      assert.is(canonical(parse(text)), canonical(graph), text)
      assert.is(print(parse(text)), text)
    }),
    { numRuns: runs },
  )
  assert.ok(expressible > runs * 0.4, `only ${expressible} of ${runs} generated graphs can be printed`)
})

laws('one instruction alone: nearly all of them can be printed', () => {
  let expressible = 0
  fc.assert(
    fc.property(anyInstruction, (instruction) => {
      const graph: Graph = {
        version: 1,
        args: [],
        stages: [{ from: { keyword: 'FROM', args: { base: { image: 'a' } } }, instructions: [instruction] }],
      }
      const text = printed(graph)
      if (text === undefined) return
      expressible++
      assert.is(canonical(parse(text)), canonical(graph), text)
    }),
    { numRuns: runs * 2 },
  )
  assert.ok(expressible > runs * 1.6, `only ${expressible} of ${runs * 2} generated instructions can be printed`)
})

laws.run()
