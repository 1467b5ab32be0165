/** Plans of the corpus: what we make of each Dockerfile, beside what BuildKit made of it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '../../sdk/dockerfile/parse.ts'
import { parseTrigger } from '../../sdk/dockerfile/trigger.ts'
import { encodeLlbJson, lowerOffline } from '../../sdk/plan/index.ts'
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

/** The plan of a Dockerfile as `synth --format llb-json --resolve none` prints it; a refusal where it is refused. */
export function planOf(text: string, name: string): PlanJson {
  try {
    const graph = parse(text, { file: name })
    const buildPlatform = { os: 'linux', architecture: 'amd64' }
    return encodeLlbJson(lowerOffline(graph, { buildPlatform, parseTrigger })) as PlanJson
  } catch (error) {
    return { error: `${(error as { code?: string }).code}: ${(error as Error).message}` }
  }
}
