/** Dockerfiles made by chance: from a grammar, and from files with bytes changed; and what must hold for each. */
import { parse } from '../../sdk/dockerfile/parse.ts'
import { print } from '../../sdk/dockerfile/print.ts'
import { ImgError } from '../../sdk/error.ts'
import { canonicalJson } from '../../sdk/graph/canonical.ts'
import { canonicalGraph } from '../../sdk/graph/digest.ts'
import type { Graph } from '../../sdk/graph/graph.ts'
import { decode } from '../../sdk/json/decode.ts'
import { encode } from '../../sdk/json/encode.ts'
import { type PlanOptions, PlanRefused, tryPlan } from '../corpus/plans.ts'

/** A stream of numbers that its seed determines. */
export interface Chance {
  below(limit: number): number
  pick<T>(list: readonly T[]): T
}

/** Mulberry32. */
export function chance(seed: number): Chance {
  let state = seed | 0
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
  return { below, pick: (list) => list[below(list.length)]! }
}

const names = ['A', 'B', 'V', 'a_1', 'PATH', 'TARGETARCH', 'SOURCE_DATE_EPOCH', 'HTTP_PROXY']
const stages = ['a', 'b', 'C', '0', '1', 'scratch', 'alpine', 'x/y:1', '$V', 'debian@sha256:1']
const paths = [
  '/a',
  'b/c',
  '.',
  './',
  '/',
  '../x',
  'd/',
  '*.txt',
  'a[[]b',
  'https://h.example/f?x',
  '/w /x',
  '$A',
  '"q r"',
]
const shellWords = [
  'make',
  'echo $A',
  "it's",
  '"$B"',
  '&& x',
  '# no',
  '\\',
  '|',
  '<<',
  '${V:-x}',
  'é漢',
  '["a"]',
  '\t',
  '`',
]
const flagWords = [
  '--from=',
  '--chown=',
  '--chmod=',
  '--link',
  '--parents',
  '--exclude=',
  '--mount=',
  '--network=',
  '--x',
  '--',
]

function value({ below, pick }: Chance, depth = 0): string {
  const name = pick(names)
  const inner = () => (depth < 3 ? value({ below, pick }, depth + 1) : 'z')
  switch (below(12)) {
    case 0:
      return `$${name}`
    case 1:
      return `\${${name}}`
    case 2:
      return `\${${name}${pick([':-', '-', ':+', '+', ':?', '?', '#', '##', '%', '%%', '//a/', '/b/', '^', ':1'])}${inner()}}`
    case 3:
      return `"${inner()} ${inner()}"`
    case 4:
      return `'${pick(['x y', '$A', '\\n', ''])}'`
    case 5:
      return `${inner()}${pick(['\\ ', '\\$', '\\\\', '\\"', '`', '\\'])}${inner()}`
    case 6:
      return pick([
        '',
        '80',
        '443/udp',
        '8000-8002',
        '1000:1000',
        'root',
        '755',
        'u=rwX',
        '0',
        '-1',
        'SIGTERM',
        '5s',
        '1m',
      ])
    default:
      return pick(['x', 'y.z', '/usr/bin', 'v1', '%s', 'ü', '#h', 'a=b'])
  }
}

function json({ below, pick }: Chance): string {
  const items = Array.from({ length: below(4) }, () => JSON.stringify(pick(shellWords)))
  return `[${items.join(pick([',', ', ', ' , ']))}${pick([']', ']', ']', '', ', 1]', '] x'])}`
}

function heredoc(random: Chance, keyword: string): string {
  const { pick, below } = random
  const word = pick(['E', 'EOF', '"E"', "'E'", 'a.sh'])
  const end = word.replace(/["']/g, '')
  const dash = pick(['', '', '-'])
  const body = Array.from({ length: below(4) }, () => `${pick(['', '\t', '#!', '# '])}${pick(shellWords)}`).join('\n')
  const rest = keyword === 'RUN' ? pick(['', '', ' | sh', ' > /x']) : ` ${pick(paths)}`
  return `${keyword} <<${dash}${word}${rest}\n${body}\n${pick([end, end, end, `${dash && '\t'}${end}`, `${end} `])}`
}

function mount({ below, pick }: Chance): string {
  const key = () =>
    pick([
      ...[
        'type=cache',
        'type=secret',
        'type=ssh',
        'type=tmpfs',
        'type=bind',
        'target=/t',
        'target=t',
        'id=i',
        'ro',
        'rw=0',
      ],
      ...[
        'from=a',
        'from=1',
        'source=/s',
        'sharing=locked',
        'required',
        'size=1m',
        'mode=0700',
        'uid=5',
        'env=E',
        'dst=$A',
        'x=y',
      ],
    ])
  return `--mount=${Array.from({ length: 1 + below(4) }, key).join(',')}`
}

function line(random: Chance): string {
  const { below, pick } = random
  const many = (make: () => string, most = 3) =>
    Array.from({ length: 1 + below(most) }, make).join(pick([' ', ' ', '  ', ' \\\n ']))
  const word = () => value(random)
  const shell = () => (below(3) === 0 ? json(random) : many(() => pick(shellWords), 4))
  const flags = () => (below(4) === 0 ? `${pick(flagWords)}${below(2) ? pick([...stages, ...paths]) : word()} ` : '')
  switch (below(20)) {
    case 0:
    case 1:
      return `RUN ${below(4) === 0 ? `${mount(random)} ` : flags()}${shell()}`
    case 2:
      return heredoc(random, pick(['RUN', 'COPY', 'ADD']))
    case 3:
    case 4:
      return `COPY ${below(3) === 0 ? `--from=${pick(stages)} ` : flags()}${many(() => pick(paths))} ${pick(paths)}`
    case 5:
      return `ADD ${flags()}${many(() => pick(paths))} ${pick(paths)}`
    case 6:
    case 7:
      return `ENV ${many(() => `${pick(names)}=${word()}`)}`
    case 8:
      return `ENV ${pick(names)} ${word()}`
    case 9:
      return `LABEL ${many(() => `${word()}=${word()}`)}`
    case 10:
      return `ARG ${many(() => `${pick(names)}${below(2) ? `=${word()}` : ''}`)}`
    case 11:
      return `WORKDIR ${pick([word(), pick(paths)])}`
    case 12:
      return `${pick(['USER', 'STOPSIGNAL', 'MAINTAINER', 'user'])} ${word()}`
    case 13:
      return `EXPOSE ${many(word)}`
    case 14:
      return `VOLUME ${below(2) ? json(random) : many(word)}`
    case 15:
      return `${pick(['CMD', 'ENTRYPOINT', 'SHELL', 'cmd'])} ${shell()}`
    case 16:
      return `HEALTHCHECK ${pick(['', '--interval=5s ', '--retries=2 ', '--timeout=1 '])}${pick(['CMD', 'NONE', 'x'])} ${below(2) ? shell() : ''}`
    case 17:
      return `ONBUILD ${line(random)}`
    case 18:
      return `FROM ${below(4) === 0 ? `--platform=${word()} ` : ''}${pick(stages)}${below(2) ? ` AS ${pick(['a', 'b', 'C', 'd-1'])}` : ''}`
    default:
      return pick(['# note', '', '#', '\t', 'FOO x', '  # in', '# check=skip=all', 'RUN', 'COPY a', 'ENV'])
  }
}

/** A Dockerfile by the grammar; many are refused, most are not far from right. */
export function grammatical(random: Chance): string {
  const { below, pick } = random
  const head = pick([
    '',
    '',
    '',
    '# escape=`\n',
    '# syntax=docker/dockerfile:1\n',
    '#!/x\n',
    '\ufeff',
    'ARG V=1\n',
    'ARG A=a B\n',
  ])
  const lines = Array.from({ length: 1 + below(6) }, () => line(random))
  return `${head}${below(20) ? `FROM ${pick(['scratch', 'alpine AS a', 'debian'])}\n` : ''}${lines.join(pick(['\n', '\n', '\r\n']))}${pick(['\n', ''])}`
}

const pieces = [
  ...[
    '\\',
    '\n',
    '\\\n',
    '"',
    "'",
    '$',
    '${',
    '}',
    '<<E',
    '#',
    '[',
    ']',
    ',',
    '=',
    ' ',
    '\t',
    '\r',
    '\0',
    '`',
    '--',
    '\u2028',
    '\ufffd',
    '\ud800',
  ],
  ...[
    'FROM a\n',
    '\nE\n',
    '${A:-',
    '${A//',
    '# escape=`\n',
    ' AS ',
    '--from=',
    '\u0085',
    '\u00a0',
    '__proto__',
    'constructor',
  ],
]

/** A text with some of it changed, doubled, cut or replaced. */
export function mutated(random: Chance, texts: readonly string[]): string {
  const { below, pick } = random
  let text = pick(texts)
  for (let changes = 1 + below(4); changes > 0; changes--) {
    const at = below(text.length + 1)
    const length = below(4) === 0 ? below(60) : below(3)
    const middle = pick([
      () => '',
      () => pick(pieces),
      () => pick(pieces) + text.slice(at, at + length),
      () => text.slice(at, at + length).repeat(2),
      () => String.fromCharCode(below(256)),
      () => {
        const other = pick(texts)
        const start = below(other.length + 1)
        return other.slice(start, start + below(200))
      },
    ])()
    text = text.slice(0, at) + middle + text.slice(at + length)
  }
  return text
}

/** What became of one text. */
export type Verdict = 'refused' | 'parsed' | 'planned'

/**
 * Holds a text to the laws: a graph or a located ImgError, a plan or a located ImgError, all within two seconds; and, if
 * `thoroughly`: what is printed reads back as the same graph, prints the same again and means the same plan; JSON
 * brings the graph back, and is printed as well. Every graph that a text gives can be printed.
 *
 * @throws an Error that says which law was broken
 */
export function holdToLaws(text: string, thoroughly = true): Verdict {
  const started = performance.now()
  const graph = parseOrRefuse(text)
  if (!graph) return 'refused'
  const plan = planOrRefuse(graph)
  const verdict = plan instanceof PlanRefused ? 'parsed' : 'planned'
  if (thoroughly) holdPrinted(graph, plan, print(graph))
  const milliseconds = performance.now() - started
  if (milliseconds > 2000) throw new Error(`took ${Math.round(milliseconds)} ms for ${text.length} characters`)
  return verdict
}

function holdPrinted(graph: Graph, plan: unknown, printed: string): void {
  const again = parse(printed)
  const [before, after] = [canonicalJson(canonicalGraph(graph)), canonicalJson(canonicalGraph(again))]
  if (before !== after) throw new Error(`printing changes the graph:\n${before}\n${after}\nprinted:\n${printed}`)
  if (print(again) !== printed) throw new Error(`printing twice differs:\n${printed}\n${print(again)}`)
  const decoded = decode(encode(graph))
  const [fromJson, bare] = [canonicalJson(canonicalGraph(decoded)), print(decoded)]
  if (fromJson !== before) throw new Error(`JSON changes the graph:\n${before}\n${fromJson}`)
  // what nothing is known of but its meaning: no text that it was read from
  const bareAgain = parse(bare)
  if (canonicalJson(canonicalGraph(bareAgain)) !== before)
    throw new Error(`printing changes the graph:\n${before}\n${bare}`)
  if (print(bareAgain) !== bare) throw new Error(`printing twice differs:\n${bare}\n${print(bareAgain)}`)
  samePlan(plan, planOrRefuse(again))
  samePlan(planOrRefuse(graph, replaced), planOrRefuse(again, replaced))
}

/** Named contexts in the place of stages and images that the fuzzer makes. */
const replaced: PlanOptions = {
  contexts: new Map([
    ['a', { kind: 'files', identifier: 'local://a' }],
    ['b', { kind: 'scratch' }],
    ['build', { kind: 'image', ref: 'debian:12' }],
    ['alpine', { kind: 'image', ref: 'h.example/x' }],
  ]),
}

function samePlan(plan: unknown, planAgain: unknown): void {
  if (JSON.stringify(plan) !== JSON.stringify(planAgain))
    throw new Error(`printing changes the plan:\n${JSON.stringify(plan)}\n${JSON.stringify(planAgain)}`)
}

function parseOrRefuse(text: string): Graph | undefined {
  try {
    return parse(text)
  } catch (error) {
    checkRefusal(error, text)
    return undefined
  }
}

function planOrRefuse(graph: Graph, options: PlanOptions = {}): unknown {
  const plan = tryPlan(graph, options)
  if (plan instanceof PlanRefused) checkRefusal(plan.error)
  return plan
}

function checkRefusal(error: unknown, text?: string): void {
  if (!(error instanceof ImgError)) throw error
  if (error.code === 'INTERNAL') throw new Error(`an internal error: ${error.message}`, { cause: error.cause })
  const lines = text === undefined ? Number.POSITIVE_INFINITY : text.split('\n').length
  const line = error.at?.line
  if (line === undefined || line < 1 || line > lines) throw new Error(`no place, or a wrong one: ${error.message}`)
}
