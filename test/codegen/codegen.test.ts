/** Graphs as image.ts source: what is written, evaluated, must be the same graph. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { codegen } from '../../sdk/codegen/codegen.ts'
import { parse } from '../../sdk/dockerfile/parse.ts'
import type { ImgError } from '../../sdk/error.ts'
import { canonicalGraph } from '../../sdk/graph/digest.ts'
import type { Graph, Instruction } from '../../sdk/graph/graph.ts'
import type { Template } from '../../sdk/graph/template.ts'
import { type State, toGraph } from '../../sdk/index.ts'
import { decode } from '../../sdk/json/decode.ts'
import { assert, corpusFolder, projectRoot, suite } from '../helpers/suite.ts'

const generated = suite('codegen/codegen')

const folder = mkdtempSync(join(tmpdir(), 'imgsdk-codegen-'))
let count = 0

/** The default export of some source. */
async function evaluate(source: string): Promise<State> {
  const file = join(folder, `${count++}.mjs`)
  writeFileSync(file, (await transform(source, { loader: 'ts' })).code)
  return ((await import(file)) as { default: State }).default
}

async function keeps(graph: Graph, what?: string): Promise<void> {
  const source = await codegen(graph, { module: new URL('../../sdk/index.js', import.meta.url).href })
  assert.equal(canonicalGraph(toGraph(await evaluate(source))), canonicalGraph(graph), what ?? source)
}

generated.after(() => rmSync(folder, { recursive: true }))

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

const stage3 = from(base)
  .arg(nodeVersion)
  .env({ PATH: expand\`/app/bin:$PATH\`, NODE_ENV: 'production', VERSION: \`\${nodeVersion}\` })
  .copy('/app/dist', 'dist', { from: build, chown: 'node:node', chmod: '0755' })
  .run(
    'apt-get update && ' +
      'apt-get install -y --no-install-recommends       ' +
      'ca-certificates       ' +
      'curl  ' +
      '&& rm -rf /var/lib/apt/lists/*',
  )
  .healthcheck('curl -f http://localhost || exit 1', { interval: '1m30s', retries: 3 })
  .expose(3000, '53/udp')
  .user('node')
  .cmd(['node', 'dist/server.js'])

export default image({ args: [nodeVersion, registry], stages: [base, deps, build, stage3] })
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

/** What other importers are known to corrupt. */
const peers: Readonly<Record<string, string>> = {
  'a second FROM': 'FROM a\nRUN x\nFROM b\nRUN y',
  'a copy from an image': 'FROM a\nCOPY --from=busybox:1 /bin/sh /sh\nCOPY /src /dst',
  'a global argument': 'ARG VERSION=22\nFROM node:${VERSION}',
  'here-documents': 'FROM a\nRUN <<EOF\na $B\nEOF\nRUN <<-"EOF"\n\ta\n\t\tb\nEOF\nCOPY <<A <<\'B\' /d/\n$X\nA\n$Y\nB',
  'several here-documents on a line': 'FROM a\nRUN cat <<A - <<-B > /x\na\nA\n\tb\nB',
  'kept quotes and blanks': 'FROM a\nRUN printf \'x\\ty\'\nRUN echo "a    b"\nRUN ["a", "b c"]',
  'environment in all forms':
    'FROM a\nENV A="hello world"\nENV JAVA_OPTS -Xmx1g -Xms1g\nENV TWO a=b c=d\nENV GREETING hello=1 world=2\nENV A=1 B="$A x" C=x\\ y\nENV A=1 A=2',
  'paths with blanks': 'FROM a\nCOPY ["my file.txt", "/dest dir/"]\nCOPY a \\\n  b \\\n  /c/\nCOPY $D /x',
  'COPY inside of a here-document': 'FROM a\nRUN <<EOF\nCOPY a b\nFROM x\nEOF',
  'every flag':
    'FROM --platform=$BUILDPLATFORM a AS x\nRUN --mount=type=bind,from=x,target=/y,rw --network=none --security=insecure z\nCOPY --chmod=755 --link --exclude=*.md --exclude=b --parents a /b/\nADD --keep-git-dir=true --checksum=sha256:0 --unpack=false http://x/y /z',
  'every other instruction':
    'FROM a\nEXPOSE 80 53/udp $PORT\nVOLUME /a "/b c"\nLABEL "a b"="c d" 1=2 0=1 __proto__=x constructor=y\nHEALTHCHECK --interval=30s --start-period=1h CMD ["x"]\nHEALTHCHECK NONE\nHEALTHCHECK CMD none\nSTOPSIGNAL SIGTERM\nSHELL ["/bin/bash", "-c"]\nONBUILD RUN echo "it\'s"\nMAINTAINER A <a@b>\nUSER a:b\nWORKDIR /a/$B\nARG A B=1 C="x y"',
  'quotes of the other kind': "FROM a\nRUN echo 'it works'\nRUN echo \"it's\"",
  backslashes: 'FROM a\nRUN printf \'\\\\t\'\nENV A=\'\\\\t\' B=\\\\\nCMD ["a\\\\nb", "c\\nd", "\\u2028"]',
  'template characters':
    "FROM a\nRUN echo `id` ${HOME} \\${X}\nLABEL a='`${x}`' b=\"\\$\"\nCOPY <<'EOF' /x\n`${a}` \\n\nEOF",
  'CMD and ENTRYPOINT': 'FROM a\nENTRYPOINT ["a", "\\"b\\" && c", "\'"]\nCMD exec b && c',
  modifiers: 'FROM a\nENV A=${B:-c} B=${C:+$D} C=${D#a*} D=${E//x/y} E=${F:-${G:-h}} F=${G%%"}"}',
  scripts: 'FROM a\nRUN <<EOF\n#!/usr/bin/env python\nprint("a")\nEOF\nRUN <<step.sh\n#!/bin/sh\nEOF\nstep.sh',
  'stages out of order': 'FROM a AS x\nFROM b AS y\nFROM c\nCOPY --from=y /1 /\nCOPY --from=x /2 /',
  'unused stages': 'FROM a AS x\nRUN unused\nFROM b',
  'later and own stages':
    'FROM a AS x\nCOPY --from=y /a /\nRUN --mount=from=x,target=/x z\nFROM b AS y\nCOPY --from=2 /b /\nFROM c',
  'stages of one name': 'FROM a AS x\nFROM x AS x\nFROM x',
  'names that are taken':
    'ARG from=1\nARG image=2\nFROM a:$from AS cache\nARG image\nRUN x\nFROM cache AS default\nFROM default AS await\nUSER $image',
  'arguments in defaults': 'ARG A=1\nARG B=$A-x\nFROM a:$B\nARG B\nLABEL b=$B a=$A',
  'arguments that a stage hides': 'ARG A=1\nFROM a:$A\nARG A=2\nLABEL a=$A\nFROM b\nLABEL a=$A',
  'inherited arguments': 'ARG A=1\nFROM x AS base\nARG A\nFROM base\nLABEL a=$A',
  'a repeated argument': 'ARG A=1\nARG A=2\nFROM a:$A',
  'another escape character': '# escape=`\nFROM a\nWORKDIR C:\\x\nENV A=C:\\$B',
  'a damaged mount': 'FROM a\nRUN --mount=size=1m,type=tmpfs,target=/t true',
}

for (const [what, text] of Object.entries(peers)) generated(`carries ${what}`, () => keeps(parse(text)))

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
