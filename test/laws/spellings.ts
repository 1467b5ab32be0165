/** Laws over what is dearer than printing: YAML and image.ts bring back the graph of a text. */
import { parse } from '../../sdk/dockerfile/parse.ts'
import { ImgError } from '../../sdk/error.ts'
import { canonicalJson } from '../../sdk/graph/canonical.ts'
import { canonicalGraph } from '../../sdk/graph/digest.ts'
import type { Graph } from '../../sdk/graph/graph.ts'
import { decodeYaml } from '../../sdk/json/decode.ts'
import { encodeYaml } from '../../sdk/json/encode.ts'
import { throughCodegen } from '../codegen/evaluate.ts'

/** What became of a text in another spelling; `none`: it is no Dockerfile, `refused`: no image.ts says it, and that was told. */
export type Spelled = 'none' | 'refused' | 'kept'

/** Holds a text to the law of YAML. Throws an Error where it is broken. */
export async function holdToYaml(text: string): Promise<Spelled> {
  const graph = graphOf(text)
  if (!graph) return 'none'
  const yaml = await encodeYaml(graph)
  same('YAML', graph, await decodeYaml(yaml), yaml)
  return 'kept'
}

/** Holds a text to the law of image.ts. Throws an Error where it is broken. */
export async function holdToCodegen(text: string): Promise<Spelled> {
  const graph = graphOf(text)
  if (!graph) return 'none'
  try {
    const { source, graph: again } = await throughCodegen(graph)
    same('image.ts', graph, again, source)
    return 'kept'
  } catch (error) {
    if (error instanceof ImgError && error.code === 'PRINT_INEXPRESSIBLE') return 'refused'
    throw error
  }
}

function graphOf(text: string): Graph | undefined {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}

function same(spelling: string, graph: Graph, again: Graph, written: string): void {
  const [before, after] = [canonicalJson(canonicalGraph(graph)), canonicalJson(canonicalGraph(again))]
  if (before !== after) throw new Error(`${spelling} changes the graph:\n${before}\n${after}\n${written}`)
}
