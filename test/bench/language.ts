/** What costs no container: `synth` in a cold process, and reading and lowering real Dockerfiles. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from '../../sdk/dockerfile/parse.ts'
import { parseTrigger } from '../../sdk/dockerfile/trigger.ts'
import { lowerOffline } from '../../sdk/plan/index.ts'
import { casesIn } from '../corpus/plans.ts'
import { corpusFolder, projectRoot } from '../helpers/suite.ts'
import { median, run } from './measure.ts'

/** BuildKit's own Go code, each file parsed and lowered, on this kind of machine. */
const buildkitMilliseconds = 0.6

/** The lines of the report. */
export async function languageRows(): Promise<string[]> {
  return [...(await synthRows()), ...corpusRows()]
}

async function synthRows(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'imgsdk-synth-'))
  writeFileSync(join(folder, 'image.ts'), image())
  const cli = join(projectRoot(), 'dist', 'bundle', 'cli-main.js')
  const synth = () =>
    run('node', [cli, 'synth', '--format', 'dockerfile', folder], { env: { XDG_CACHE_HOME: join(folder, 'cache') } })
  const first: number[] = []
  const again: number[] = []
  const node: number[] = []
  for (let round = 0; round < 9; round++) {
    rmSync(join(folder, 'cache'), { recursive: true, force: true })
    first.push((await synth()).seconds)
    again.push((await synth()).seconds)
    node.push((await run('node', ['-e', '0'])).seconds)
  }
  rmSync(folder, { recursive: true, force: true })
  const row = (name: string, times: readonly number[]) =>
    `${name.padEnd(28)} imgsdk ${(median(times) * 1000).toFixed(0)} ms   node -e 0 ${(median(node) * 1000).toFixed(0)} ms   ÷ node ${(median(times) / median(node)).toFixed(2)}`
  return [row('synth, first time', first), row('synth, file unchanged', again)]
}

/** Forty lines, two stages. */
function image(): string {
  const steps = Array.from({ length: 28 }, (_, n) => `  .run('echo step ${n}')`)
  return [
    "import { arg, cache, from } from 'imgsdk'",
    "const version: string = String(arg('VERSION', '22'))",
    "const base = from(`node:${version}-slim`).workdir('/app')",
    "const deps = base.copy(['package.json', 'package-lock.json'], './').run('npm ci', { mounts: [cache('/root/.npm')] })",
    'export default base',
    "  .copy('node_modules', 'node_modules', { from: deps })",
    ...steps,
    "  .user('node')",
    '  .expose(3000)',
    "  .cmd(['node', 'server.js'])",
    '',
  ].join('\n')
}

function corpusRows(): string[] {
  const folder = corpusFolder()
  if (!folder) return ['parse + lower                the corpus is not beside this checkout']
  const cases = casesIn(folder)
  const rounds: number[] = []
  for (let round = 0; round < 10; round++) {
    const started = performance.now()
    for (const { text, name } of cases) {
      lowerOffline(parse(text, { file: name }), { buildPlatform: { os: 'linux', architecture: 'amd64' }, parseTrigger })
    }
    rounds.push((performance.now() - started) / cases.length)
  }
  const row = (name: string, each: number) =>
    `${name.padEnd(28)} imgsdk ${each.toFixed(2)} ms a file   ÷ BuildKit's ${buildkitMilliseconds} ms ${(each / buildkitMilliseconds).toFixed(2)}`
  return [row('parse + lower, first pass', rounds[0]!), row('parse + lower', median(rounds))]
}
