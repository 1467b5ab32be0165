/** `imgsdk lint`: BuildKit's build checks and our own, on any spelling of an image. */
import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ExitStatus } from '../../sdk/codes.ts'
import { ImgError, wrapError } from '../../sdk/error.ts'
import type { Graph } from '../../sdk/graph/graph.ts'
import { didYouMean, typed } from '../../sdk/instruction/shape/nearest.ts'
import type { LintOptions, LintReport, Rule } from '../../sdk/lint/index.ts'
import { command } from '../command.ts'
import { storeOptions } from '../engine-options.ts'
import { type ImageFile, readImageFile } from '../image.ts'
import { readPairs } from '../pairs.ts'
import { renderError } from '../render/error.ts'
import { type LintedFile, renderGithub, renderJson, renderSarif, renderText } from '../render/findings.ts'
import { rewriteFile } from '../write.ts'

const formats = ['text', 'json', 'sarif', 'github'] as const

const lint = command({
  name: 'lint',
  summary: 'check an image.ts or Dockerfile for mistakes',
  usage: ['[FILE…] [--format FORMAT] [--skip RULES] [--error]', '[FILE…] --fix', '--rules'],
  description: `FILE is an image.ts, a Dockerfile, a graph as JSON or YAML, a folder that holds one, or - for standard input. Without it,
./image.ts and then ./Dockerfile is taken. All of docker's build checks are here under their own names, and others that
need the whole graph: secrets that end up in a layer, a COPY that defeats the cache, files that a later step deletes.

# check=skip=RULE,… at the top of a Dockerfile, or in a comment above an instruction, switches rules off, and
# check=error=true makes docker's checks errors. Of several files, one that cannot be read or built hides none of the others: it
is told, and the status is 1, or 2 where there is no such file. Nothing is fetched: what is known of a base image is what the
store has under its name or digest, and a variable that only another base image sets counts as not set.`,
  arguments: [0, 1000],
  options: {
    format: { kind: 'value', value: 'FORMAT', choices: formats, default: 'text', help: 'how findings are written' },
    fix: {
      kind: 'flag',
      help: 'respell what can be respelled without changing the image; proven before it is written',
    },
    skip: { kind: 'list', value: 'RULES', help: 'leave out these rules, by name and parted by commas, or all' },
    experimental: { kind: 'list', value: 'RULES', help: 'take in these experimental rules, or all' },
    error: { kind: 'flag', help: 'end with status 1 if there is any finding' },
    target: { kind: 'value', value: 'NAME', help: 'only this export of the image.ts, or this stage of the Dockerfile' },
    context: { kind: 'value', value: 'DIR', help: "the build context, for its ignore file; default: FILE's folder" },
    store: storeOptions.store,
    'build-arg': { kind: 'list', value: 'NAME=VALUE', help: 'a build argument' },
    param: { kind: 'list', value: 'NAME=VALUE', help: 'a parameter of defineImage' },
    rules: { kind: 'flag', help: 'list the rules, why they are there, and what to do' },
    json: { kind: 'flag', help: 'the same as --format json' },
  },
  examples: [
    ['imgsdk lint', 'checks ./image.ts or ./Dockerfile'],
    ['imgsdk lint --error --format github', 'in a workflow of GitHub: annotations, and a failure'],
    ['imgsdk lint Dockerfile --fix', 'keywords in one case, ENV key=value'],
    ['imgsdk lint --skip RunsAsRoot,CacheMountMissing', 'without two of the rules'],
  ],
  async run({ values, positionals, terminal }) {
    const { rules } = await import('../../sdk/lint/index.ts')
    if (values.rules) {
      terminal.out(values.json ? `${JSON.stringify(rules, null, 2)}\n` : rules.map(describe).join('\n'))
      return 0
    }
    const format = values.json ? 'json' : (values.format ?? 'text')
    const choice = {
      skip: ruleNames(values.skip, '--skip', rules),
      experimental: ruleNames(values.experimental, '--experimental', rules),
      buildArgs: readPairs(values['build-arg'], '--build-arg'),
    }
    const { target, context, store, fix, param: params } = values
    const all = positionals.length > 0 ? positionals : [undefined]
    const files: LintedFile[] = []
    for (const given of all) {
      try {
        const image = await readImageFile(given, { params })
        files.push(await lintFile(image, { ...choice, target, context, store, fix }))
      } catch (thrown) {
        const error = wrapError(thrown)
        if (error.code === 'USAGE' || error.exit > 2) throw error
        // of hundreds of files, one that cannot be read keeps nobody from those behind it
        files.push({ file: resolve(given ?? '.'), findings: [], fixed: 0, error })
      }
    }
    if (format === 'json') terminal.out(renderJson(files))
    else if (format === 'sarif') terminal.out(renderSarif(files, rules))
    else if (format === 'github') terminal.out(renderGithub(files))
    else terminal.out(renderText(files, false, fix))
    if (format === 'text') for (const { error } of files) if (error) terminal.err(renderError(error, terminal.colour))
    return Math.max(...files.map((file) => statusOf(file, values.error)))
  },
})

export default lint

function statusOf({ findings, error }: LintedFile, any: boolean): ExitStatus | 0 {
  if (error) return error.exit
  return findings.some(({ level }) => any || level === 'error') ? 1 : 0
}

interface Choice extends Pick<LintOptions, 'skip' | 'experimental' | 'buildArgs' | 'target'> {
  readonly context: string | undefined
  readonly store: string | undefined
  readonly fix: boolean
}

async function lintFile(image: ImageFile, choice: Choice): Promise<LintedFile> {
  const { file, text, spelling } = image.found
  const report = await check(image, choice)
  const fixable = spelling === 'dockerfile' && file !== '-'
  const linted = { file, fixable, fixed: 0, source: file === '-' ? text : undefined, ...report }
  if (!choice.fix) return linted
  if (!fixable) return { ...linted, unfixed: notADockerfile }
  try {
    return { ...linted, ...(await fixFile(file, report, choice)) }
  } catch (thrown) {
    // where it cannot be written, what was found still counts
    if (!(thrown instanceof ImgError) || thrown.code !== 'EXPORT_FAILED') throw thrown
    return { ...linted, error: thrown }
  }
}

const notADockerfile = '--fix changes Dockerfiles that are files, and nothing else'
const notUtf8 = 'it is not UTF-8, and would be damaged'
const busy = 'it is being changed by somebody else'
const unsafe = 'a change would lose a comment, or make another image'

/** Respells what can be. One change may bring another to light, such as AS beside a FROM that was lower case. */
async function fixFile(
  file: string,
  first: LintReport,
  choice: Choice,
): Promise<LintReport & Pick<LintedFile, 'fixed' | 'unfixed'>> {
  const { respell } = await import('../../sdk/dockerfile/index.ts')
  let report = first
  let fixed = 0
  for (let round = 0; round < 3; round++) {
    const changes = report.findings.flatMap(({ fix, at }) => (fix && at ? [{ ...fix, line: at.line }] : []))
    const bytes = readFileSync(file)
    if (changes.length > 0 && !isUtf8(bytes)) return { ...report, fixed, unfixed: notUtf8 }
    const { text, done } = respell(bytes.toString(), changes)
    if (done.length === 0) return { ...report, fixed, ...(changes.length > 0 ? { unfixed: unsafe } : {}) }
    if (!readFileSync(file).equals(bytes)) return { ...report, fixed, unfixed: busy }
    rewriteFile(file, text)
    fixed += done.length
    report = await check(await readImageFile(file), choice)
  }
  return { ...report, fixed }
}

async function check({ found, graph }: ImageFile, choice: Choice): Promise<LintReport> {
  const [{ lint: lintGraph }, { parseTrigger }, { hostPlatform, ignoreOf, knownImages }] = await Promise.all([
    import('../../sdk/lint/index.ts'),
    import('../../sdk/dockerfile/index.ts'),
    import('../../sdk/engine/index.ts'),
  ])
  const { target, skip, experimental, buildArgs, store } = choice
  const dockerfile = found.spelling === 'dockerfile' && found.file !== '-' ? found.file : undefined
  const { ignore } = ignoreOf(resolve(choice.context ?? found.folder), { dockerfile })
  const linted = async (graph: Graph, stage?: string) => {
    const scope = { buildArgs, parseTrigger, ...(stage === undefined ? {} : { target: stage }) }
    const images = await knownImages(graph, { ...scope, store, allStages: stage === undefined })
    const options = { ...scope, skip, experimental, ignore: ignore?.matcher, images, buildPlatform: hostPlatform() }
    return lintGraph(graph, options)
  }
  if (target === undefined || found.spelling === 'typescript') return linted(graph(target))
  const whole = graph()
  const isName = whole.stages.some(({ from }) => from.args.name === target.toLowerCase())
  return isName ? linted(whole, target) : linted(graph(target))
}

/** The names given to an option. Throws USAGE for one that no rule has. */
function ruleNames(given: readonly string[], option: string, rules: readonly Rule[]): 'all' | readonly string[] {
  const names = given.flatMap((text) => text.split(',')).map((name) => name.trim())
  if (names.includes('all')) return 'all'
  const known = rules.map(({ name }) => name)
  for (const name of names.filter((name) => name !== '')) {
    if (known.includes(name)) continue
    const hint = didYouMean(name, known, { nearness: typed }) ?? 'imgsdk lint --rules lists them'
    throw new ImgError('USAGE', `${option}: there is no rule "${name}"`, { hint })
  }
  return names
}

function describe({ name, summary, why, how, experimental, origin }: Rule): string {
  const marks = [...(origin === 'buildkit' ? ["docker's"] : []), ...(experimental ? ['experimental'] : [])]
  return `${name}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}\n  ${summary}\n  why: ${why}\n  do: ${how}\n`
}
