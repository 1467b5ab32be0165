/** Plans of the corpus: what we make of each Dockerfile, beside what BuildKit made of it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '../../sdk/dockerfile/parse.ts'
import { parseTrigger } from '../../sdk/dockerfile/trigger.ts'
import type { Graph } from '../../sdk/graph/graph.ts'
import { encodeLlbJson, type LlbJson, type LowerOptions, lowerOffline } from '../../sdk/plan/index.ts'
import type { Plan } from '../../sdk/plan/op.ts'
import type { PlanJson } from './difference.ts'

/** One Dockerfile and the plan that is expected of it. */
export interface CorpusCase {
  readonly name: string
  readonly text: string
  readonly expected: PlanJson
}

/** The cases in a folder that has `dockerfiles` and `llb`. */
export function casesIn(folder: string): CorpusCase[] {
  return readdirSync(join(folder, 'dockerfiles'))
    .sort()
    .map((name) => ({
      name,
      text: readFileSync(join(folder, 'dockerfiles', name), 'utf8'),
      expected: JSON.parse(readFileSync(join(folder, 'llb', `${name}.json`), 'utf8')) as PlanJson,
    }))
}

/** What a plan is made with besides the text. */
export type PlanOptions = Partial<LowerOptions>

/** A refusal to lower, with the error behind it. */
export class PlanRefused {
  readonly error: unknown
  readonly code: string | undefined

  constructor(error: unknown) {
    this.error = error
    this.code = (error as { code?: string }).code
  }

  /** The places in a printed file are other ones. */
  toJSON(): unknown {
    return { error: this.code }
  }
}

/** The plan of a graph; base images are made up where the options have none. Throws what lowering throws. */
export function planOfGraph(graph: Graph, options: PlanOptions = {}): Plan {
  return lowerOffline(graph, { buildPlatform: { os: 'linux', architecture: 'amd64' }, parseTrigger, ...options })
}

/** The plan of a graph as JSON, or the refusal. */
export function tryPlan(graph: Graph, options: PlanOptions = {}): LlbJson | PlanRefused {
  try {
    return encodeLlbJson(planOfGraph(graph, options))
  } catch (error) {
    return new PlanRefused(error)
  }
}

/** The plan of a Dockerfile as `synth --format llb-json --resolve none` prints it; a refusal where it is refused. */
export function planOf(text: string, name: string, options: PlanOptions = {}): PlanJson {
  try {
    return encodeLlbJson(planOfGraph(parse(text, { file: name }), options)) as PlanJson
  } catch (error) {
    return { error: `${(error as { code?: string }).code}: ${(error as Error).message}` }
  }
}
