/** What a file's own directives say. */
import { parse } from '../../sdk/dockerfile/parse.ts'

/** The syntax directive of a text. */
export function readInlineDirective(text: string): string | undefined {
  const graph = parse(text)
  if (graph.stages.length !== 1 || graph.stages[0]!.instructions.length > 0) throw new Error('one empty stage expected')
  return graph.syntax
}
