/** EXPOSE: the ports that the container listens on. */
import { toTemplate } from '../graph/token.ts'
import { instruction } from './define.ts'
import { parsePorts } from './part/ports.ts'
import { words } from './shape/words.ts'

/**
 * Says which ports the container listens on: `80`, `53/udp`, `8000-8010`.
 *
 * @source Dockerfile reference, EXPOSE
 */
export const expose = instruction({
  keyword: 'EXPOSE',
  summary: 'Says which ports the container listens on.',
  args: { ports: words },
  build: (...ports: (string | number)[]) => ({ ports: ports.map(String).sort(byText).map(toTemplate) }),
  lower({ ports }, { config }) {
    const specs = ports.flatMap(parsePorts)
    const added = Object.fromEntries(specs.map((spec) => [spec, {} as Record<string, never>]))
    return { config: { ExposedPorts: { ...config.ExposedPorts, ...added } }, history: `EXPOSE [${specs.join(' ')}]` }
  },
  examples: ['EXPOSE 80', 'EXPOSE 53/udp 8000-8002', 'EXPOSE $PORT'],
})

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
