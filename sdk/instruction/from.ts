/** FROM: what a stage starts with. */
import type { StageRef } from '../graph/graph.ts'
import type { Template } from '../graph/template.ts'
import { toPlain, toTemplate } from '../graph/token.ts'
import { instruction } from './define.ts'
import { base } from './shape/base.ts'
import { word } from './shape/word.ts'

/**
 * Starts a stage from an image, from another stage, or from `scratch`.
 * The graph keeps it as the head of a stage; it is lowered with the stage, not by this row.
 *
 * @source Dockerfile reference, FROM
 */
export const from = instruction({
  keyword: 'FROM',
  summary: 'Starts a stage from an image, another stage, or nothing.',
  flags: { platform: word },
  args: base,
  noTrigger: true,
  build: (reference: StageRef | string, options: { platform?: string; name?: string } = {}) => ({
    base: typeof reference === 'string' ? { image: toTemplate(reference) } : reference,
    ...(options.platform === undefined ? {} : { platform: toTemplate(options.platform) as Template }),
    ...(options.name === undefined ? {} : { name: toPlain(options.name, 'the name of a stage').toLowerCase() }),
  }),
  lower: () => ({}),
  examples: ['FROM scratch', 'FROM node:22-slim AS base', 'FROM --platform=$BUILDPLATFORM golang:${GO}'],
})
