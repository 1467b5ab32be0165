/** Graphs as image.ts source: what is written, evaluated, must be the same graph. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codegen } from '../../sdk/codegen/codegen.ts'
import { parse } from '../../sdk/dockerfile/parse.ts'
import type { ImgError } from '../../sdk/error.ts'
import { canonicalGraph } from '../../sdk/graph/digest.ts'
import type { Graph, Instruction } from '../../sdk/graph/graph.ts'
import type { Template } from '../../sdk/graph/template.ts'
import { decode } from '../../sdk/json/decode.ts'
import { assert, corpusFolder, projectRoot, suite } from '../helpers/suite.ts'
import { peers } from '../laws/peers.ts'
import { throughCodegen } from './evaluate.ts'

const generated = suite('codegen/codegen')

async function keeps(graph: Graph, what?: string): Promise<void> {
  const { source, graph: again } = await throughCodegen(graph)
  assert.equal(canonicalGraph(again), canonicalGraph(graph), what ?? source)
}

const legacy = `# syntax=docker/dockerfile:1
# The version of Node
ARG NODE_VERSION=22
ARG REGISTRY

FROM \${REGISTRY:-docker.io}/node:\${NODE_VERSION}-slim AS base
WORKDIR /app

FROM base AS deps
COPY package.json package-lock.json ./
# kept between builds
RUN --mount=type=cache,target=/root/.npm npm ci

FROM base AS build
COPY --from=deps /app/node_modules node_modules
COPY . .
RUN <<EOF
set -e
npm run build
  # indented
npm test
EOF

FROM base
ARG NODE_VERSION
ENV PATH=/app/bin:$PATH NODE_ENV="production" VERSION=$NODE_VERSION
COPY --from=build --chown=node:node --chmod=0755 /app/dist dist
RUN apt-get update && apt-get install -y --no-install-recommends \\
      ca-certificates \\
      curl \\
 && rm -rf /var/lib/apt/lists/*
HEALTHCHECK --interval=1m30s --retries=3 CMD curl -f http://localhost || exit 1
EXPOSE 3000 53/udp
USER node
CMD ["node", "dist/server.js"]
`

generated('writes what a person would write', async () => {
  assert.is(
    await codegen(parse(legacy)),
    `import { arg, cache, expand, from, heredoc, image } from 'imgsdk'

// The version of Node
const nodeVersion = arg('NODE_VERSION', '22')
const registry = arg('REGISTRY')

const base = from(expand\`\\\${REGISTRY:-docker.io}/node:\${nodeVersion}-slim\`).as('base')
  .workdir('/app')

const deps = from(base).as('deps')
  .copy(['package.json', 'package-lock.json'], './')
  // kept between builds
  .run('npm ci', { mounts: [cache('/root/.npm')] })

const build = from(base).as('build')
  .copy('/app/node_modules', 'node_modules', { from: deps })
  .copy('.', '.')
  .run(heredoc\`
    set -e
    npm run build
      # indented
    npm test
  \`)

const result = from(base)
  .arg(nodeVersion)
  .env({ PATH: expand\`/app/bin:$PATH\`, NODE_ENV: 'production', VERSION: \`\${nodeVersion}\` })
  .copy('/app/dist', 'dist', { from: build, chown: 'node:node', chmod: '0755' })
  .run(\`apt-get update && apt-get install -y --no-install-recommends \\
      ca-certificates \\
      curl \\
 && rm -rf /var/lib/apt/lists/*\`)
  .healthcheck('curl -f http://localhost || exit 1', { interval: '1m30s', retries: 3 })
  .expose(3000, '53/udp')
  .user('node')
  .cmd(['node', 'dist/server.js'])

export default image({ args: [nodeVersion, registry], stages: [base, deps, build, result] })
`,
  )
  await keeps(parse(legacy))
})

generated('exports the last stage where that says everything', async () => {
  const text = 'ARG V=1\nFROM a:$V AS one\nRUN x\nFROM b\nCOPY --from=one /a /b'
  assert.match(
    await codegen(parse(text)),
    /\nexport default from\('b'\)\n {2}\.copy\('\/a', '\/b', \{ from: one \}\)\n$/,
  )
  await keeps(parse(text))
})

for (const [what, text] of Object.entries(peers)) generated(`peers.md: carries ${what}`, () => keeps(parse(text)))

generated.needs(['corpus'], 'carries every Dockerfile of the corpus that parses', async () => {
  let kept = 0
  for (const name of ['dockerfiles', 'tricky/dockerfiles']) {
    for (const file of readdirSync(join(corpusFolder()!, name))) {
      let graph: Graph
      try {
        graph = parse(readFileSync(join(corpusFolder()!, name, file), 'utf8'))
      } catch {
        continue
      }
      await keeps(graph, file)
      kept++
    }
  }
  assert.ok(kept >= 249)
})

const nasty = [
  '', ' ', "'", '"', '`', '\\', '\\\\', '$', '${', '${x}', '$x', '}', '\\`', '\n', '\r\n', 'a\nb', '\t', '\0', '\x7f', '\u0085', '\u2028', '\u2029',
  '\u202e', '\ufeff', '\ud800', '\udc00\ud800', '😀', 'é', '//', '/*', '*/', '-->', '</script>', '\\u0041', '\\${', '$\\{', '__proto__', 'EOF', "it's `a` \"b\"", '\u200b',
] // biome-ignore format: a list of texts

/** A graph with one stage. */
function graphOf(instructions: readonly Instruction[]): Graph {
  const from = { keyword: 'FROM', args: { base: { image: 'x' } } }
  return decode(JSON.stringify({ version: 1, args: [], stages: [{ from, instructions }] }))
}

generated('breaks a command where its author did, whatever is in it, and a long one before each &&', async () => {
  const command = 'set -x \\\n\t&& wget "https://h/${VERSION}/\\n`x`" \\\n\t&& ( \\\n\t\tcd a \\\n\t)'
  const source = await codegen(parse(`FROM a\nRUN ${command}\nRUN cat <<E \\\n  && true\nx\nE`))
  assert.match(source, `.run(\`${command.replace('\\n`x`', '\\\\n\\`x\\`').replace('${', '\\${')}\`)`)
  assert.match(source, '.run(`cat <<E \\\n  && true\nx\nE`)')
  const long = `curl ${'x'.repeat(60)}`
  const apart = await codegen(parse(`FROM a\nRUN ${long} && ${long} && true`))
  assert.match(apart, `    '${long} ' +\n      '&& ${long} ' +\n      '&& true',`)
  await keeps(parse(`FROM a\nRUN ${command}\nRUN ${long} && ${long}; a;  b\nRUN cat <<E \\\n  && true\nx\nE`))
})

generated('shows a long value as it was broken, and comments between lines as others', async () => {
  const source = await codegen(
    parse(`# head\n#\nFROM a\nLABEL x="docker run \\\n\t--name ${'y'.repeat(70)} \\\n\t--rm"\nRUN b \\\n  # why\n  c`),
  )
  assert.match(source, `// head\nexport default`)
  assert.match(source, `x: \`docker run \\\n\t--name ${'y'.repeat(70)} \\\n\t--rm\`,`)
  assert.match(source, '  // why\n  .run(`b \\\n  c`)')
})

generated('calls the last stage the result where nothing names it', async () => {
  const source = await codegen(parse('FROM a AS x\nFROM a AS y\nFROM x'))
  assert.match(source, 'const result = from(x)')
  assert.match(await codegen(parse('FROM a AS x\nFROM a AS y\nFROM scratch')), 'const result = scratch()')
})

generated('keeps any character, in any place', async () => {
  const around = (text: string): Template[] => [
    text,
    [{ var: 'A' }, ...(text === '' ? [] : [text])],
    [...(text === '' ? [] : [text]), { var: 'A' }],
  ]
  await keeps(
    graphOf([
      ...nasty.map((text) => ({ keyword: 'CMD', args: { command: { form: 'exec', args: [text, 'b'] } } })),
      ...nasty.flatMap(around).map((path) => ({ keyword: 'WORKDIR', args: { path } })),
      ...nasty.flatMap(around).map((key) => ({ keyword: 'LABEL', args: { labels: [{ key, value: key }] } })),
      ...nasty.map((text) => ({ keyword: 'RUN', args: { command: { form: 'shell', text } } })),
      ...nasty.map((text) => ({
        keyword: 'RUN',
        args: { command: { form: 'shell', text: `${text}\n x${text}\n\n` } },
      })),
      ...nasty.map((text) => ({
        keyword: 'RUN',
        args: { command: { form: 'script', name: 'EOF', text: `#!${text}\n${text}\n` } },
      })),
      ...nasty.map((name) => ({
        keyword: 'COPY',
        args: { sources: [], contents: [{ name, data: `${name}\n` }], dest: name },
      })),
      ...nasty.map((text) => ({
        keyword: 'COPY',
        args: { sources: [], contents: [{ name: 'EOF', data: [`  ${text}`, { var: 'A' }, `${text}\n`] }], dest: '/' },
      })),
      ...nasty.map((word) => ({
        keyword: 'COPY',
        args: {
          sources: [],
          contents: [{ name: 'EOF', data: ['a\n', { var: 'A', op: ':-', word }, '\n'] }],
          dest: '/',
        },
      })),
      ...nasty.map((name) => ({ keyword: 'ARG', args: { variables: [{ name }, { name: 'B', default: name }] } })),
      ...nasty.map((text) => ({ keyword: 'USER', args: { user: 'x' }, comments: [text, `a${text}b`] })),
      ...nasty.map((text) => ({ keyword: 'USER', args: { user: [{ var: 'A', op: ':-', word: text }] } })),
      ...nasty.filter((text) => text !== '').map((trigger) => ({ keyword: 'ONBUILD', args: { trigger } })),
    ] as Instruction[]),
  )
})

generated('takes the characters that mark references as text, or refuses', async () => {
  await keeps(
    graphOf([
      { keyword: 'WORKDIR', args: { path: '\uf8f0' } },
      { keyword: 'RUN', args: { command: { form: 'shell', text: '\uf8f1' } } },
    ]),
  )
  const graph = decode(
    JSON.stringify({
      version: 1,
      args: [],
      stages: [
        {
          from: { keyword: 'FROM', args: { base: { image: '\uf8f0' } }, at: { file: 'f', line: 3 } },
          instructions: [],
        },
      ],
    }),
  )
  try {
    await codegen(graph)
    assert.unreachable()
  } catch (error) {
    assert.equal([(error as ImgError).code, (error as ImgError).at], ['PRINT_INEXPRESSIBLE', { file: 'f', line: 3 }])
  }
})

generated('imports only what it uses', async () => {
  assert.match(await codegen(parse('FROM scratch\nLABEL from=cache')), /^import \{ scratch \} from 'imgsdk'\n/)
  assert.match(await codegen(parse('FROM a\nARG x\nCOPY --from=b a b')), /^import \{ from \} from 'imgsdk'\n/)
})

generated('ends no comment early', async () => {
  const source = await codegen(
    graphOf([{ keyword: 'USER', args: { user: 'x' }, comments: ['a\u2028throw 1', 'b\rthrow 2', '\u202etxet'] }]),
  )
  assert.match(source, '  // a throw 1\n  // b throw 2\n  // txet\n  .user')
})

generated('carries a thousand stages in linear time', async () => {
  const lines = Array.from(
    { length: 1000 },
    (_, i) => `FROM ${i === 0 ? 'alpine' : `s${i - 1}`} AS s${i}\nRUN echo ${i}`,
  )
  const started = performance.now()
  await keeps(parse(lines.join('\n')))
  assert.ok(performance.now() - started < 20_000)
})

generated('writes what the compiler accepts', async () => {
  // Inside of the project, so that the types of Node are found.
  mkdirSync(join(projectRoot(), '.build'), { recursive: true })
  const checked = mkdtempSync(join(projectRoot(), '.build', 'codegen-'))
  try {
    const texts = [legacy, ...Object.values(peers)]
    for (const [index, text] of texts.entries()) writeFileSync(join(checked, `${index}.ts`), await codegen(parse(text)))
    const paths = { imgsdk: [join(projectRoot(), 'sdk/index.ts')] }
    const compilerOptions = { noEmit: true, rootDir: projectRoot(), paths }
    writeFileSync(
      join(checked, 'tsconfig.json'),
      JSON.stringify({ extends: '../../tsconfig.json', compilerOptions, include: ['*.ts'], exclude: [] }),
    )
    const compiler = join(projectRoot(), 'node_modules/typescript/lib/tsc.js')
    let output = ''
    try {
      execFileSync(process.execPath, [compiler, '-p', checked], { encoding: 'utf8', stdio: 'pipe' })
    } catch (error) {
      output = String((error as { stdout: string }).stdout)
    }
    // Files of the SDK itself are checked elsewhere.
    assert.equal(
      output.split('\n').filter((line) => line.includes('codegen-')),
      [],
    )
  } finally {
    rmSync(checked, { recursive: true })
  }
})

generated.run()
