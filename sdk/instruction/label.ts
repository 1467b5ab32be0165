/** LABEL: metadata of the image. */
import { instruction } from './define.ts'
import { type PairsLike, toPairs } from './part/environment.ts'
import { pairs } from './shape/pairs.ts'

/**
 * Adds labels to the image config; a later one of the same key wins.
 *
 * @source Dockerfile reference, LABEL
 */
export const label = instruction({
  keyword: 'LABEL',
  summary: 'Adds labels to the image.',
  args: { labels: pairs },
  build: (labels: PairsLike) => ({ labels: toPairs(labels, 'LABEL') }),
  lower({ labels }, { config }) {
    // A key may be any text, also `__proto__`: it is defined, not assigned.
    const all = Object.fromEntries([
      ...Object.entries(config.Labels ?? {}),
      ...labels.map(({ key, value }) => [key, value] as const),
    ])
    return {
      config: { Labels: all },
      history: `LABEL ${labels.map(({ key, value }) => `${key}=${value}`).join(' ')}`,
    }
  },
  examples: ['LABEL org.opencontainers.image.title=hello', 'LABEL "a b"="c d"'],
})
