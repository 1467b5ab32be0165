/** Findings equal to BuildKit's build checks, over real Dockerfiles. */
import { join } from 'node:path'
import { parse } from '../../sdk/dockerfile/parse.ts'
import { parseTrigger } from '../../sdk/dockerfile/trigger.ts'
import type { Graph } from '../../sdk/graph/graph.ts'
import { lint } from '../../sdk/lint/lint.ts'
import { buildkitRules } from '../../sdk/lint/rules.ts'
import { type BaseImage, imageKey, unresolved } from '../../sdk/plan/index.ts'
import { assert, corpusFolder, suite } from '../helpers/suite.ts'
import { casesIn } from './plans.ts'

const corpus = suite('corpus/warnings')
const buildPlatform = { os: 'linux', architecture: 'amd64' }

corpus.needs(['corpus'], 'every real Dockerfile gives the warnings that BuildKit has for it', () => {
  assert.ok(checkAll(corpusFolder()!) > 200)
})
corpus.needs(['corpus'], 'every tricky Dockerfile gives the warnings that BuildKit has for it', () => {
  assert.ok(checkAll(join(corpusFolder()!, 'tricky')) > 35)
})

/** How many Dockerfiles were compared: those that BuildKit does not refuse. */
function checkAll(folder: string): number {
  let count = 0
  const differences: string[] = []
  for (const { name, text, expected } of casesIn(folder)) {
    if (expected.error !== undefined) continue
    count += 1
    const { warnings = [] } = expected as { warnings?: readonly string[] }
    const [want, got] = [[...warnings].sort(), warningsOf(text, name).sort()]
    if (want.join('\n') !== got.join('\n'))
      differences.push([name, ...minus(want, got, '-'), ...minus(got, want, '+')].join('\n  '))
  }
  assert.is(differences.join('\n'), '')
  return count
}

function warningsOf(text: string, file: string): string[] {
  const graph = parse(text, { file })
  const options = { reachableOnly: true, images: madeUpImages(graph), buildPlatform, parseTrigger }
  return lint(graph, options, buildkitRules).findings.map(({ rule, at, message }) => `${rule}:${at?.line}: ${message}`)
}

/** The images that the expected warnings were made with: all are linux/amd64. */
function madeUpImages(graph: Graph): Map<string, BaseImage> {
  const images = new Map<string, BaseImage>()
  for (;;) {
    const missing = unresolved(graph, { buildPlatform, images, parseTrigger })
    if (missing.length === 0) return images
    for (const { ref, platform } of missing) {
      const config = {
        ...buildPlatform,
        config: { Env: ['PATH=/bin'] },
        rootfs: { type: 'layers' as const, diff_ids: [`sha256:${'a'.repeat(64)}`] as const },
      }
      images.set(imageKey(ref, platform), { ref, config })
    }
  }
}

function minus(left: readonly string[], right: readonly string[], sign: string): string[] {
  return left.filter((one) => !right.includes(one)).map((one) => sign + one)
}

corpus.run()
