/** Runs the image.ts that codegen writes. */
import { transform } from 'esbuild'
import { codegen } from '../../sdk/codegen/codegen.ts'
import type { Graph } from '../../sdk/graph/graph.ts'
import * as imgsdk from '../../sdk/index.ts'

/**
 * The graph of the source that codegen writes for a graph. The source is not imported but run as a function: what was imported
 * is never let go, and a long run makes very many.
 */
export async function throughCodegen(graph: Graph): Promise<{ readonly source: string; readonly graph: Graph }> {
  const source = await codegen(graph, { module: 'imgsdk' })
  const { code } = await transform(source, { loader: 'ts', format: 'cjs' })
  const module: { exports: { default?: imgsdk.State } } = { exports: {} }
  const run = new Function('require', 'module', 'exports', code) as (...given: unknown[]) => void
  run(() => imgsdk, module, module.exports)
  return { source, graph: imgsdk.toGraph(module.exports.default!) }
}
