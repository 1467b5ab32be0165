/** EXPOSE: the ports that the container listens on. */
import { wordsOf } from '../graph/given.ts'
import { toShell, toTemplate } from '../graph/token.ts'
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
  build: (...ports: (string | number)[]) => ({
    ports: wordsOf(ports, 'port of EXPOSE', '.expose(...ports)')
      .sort(byText)
      .map((port) => toTemplate(port)),
  }),
  lower({ ports }, { config }) {
    const specs = ports.flatMap(parsePorts)
    const known = config.ExposedPorts ?? {}
    const added = specs.filter((spec) => !Object.hasOwn(known, spec))
    const exposed = added.length === 0 ? known : { ...known, ...Object.fromEntries(added.map((spec) => [spec, {}])) }
    return { config: { ExposedPorts: exposed }, history: `EXPOSE [${specs.join(' ')}]` }
  },
  examples: ['EXPOSE 80', 'EXPOSE 53/udp 8000-8002', 'EXPOSE $PORT'],
})

// As the parser sorts them: by what is written, where a reference begins with `$`.
function byText(a: string, b: string): number {
  const [left, right] = [toShell(a), toShell(b)]
  return left < right ? -1 : left > right ? 1 : 0
}
