import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '../../sdk/dockerfile/parse.ts'
import { print } from '../../sdk/dockerfile/print.ts'
import { ImgError } from '../../sdk/error.ts'
import { canonicalJson } from '../../sdk/graph/canonical.ts'
import type { Graph, Instruction } from '../../sdk/graph/graph.ts'
import { assert, corpusFolder, suite } from '../helpers/suite.ts'
import { peers } from '../laws/peers.ts'
import { failure } from './failure.ts'

const printing = suite('dockerfile/print')

/** A graph as text, without what printing may change. */
function meaning(graph: Graph): string {
  const keep = (key: string, value: unknown) => (key === 'at' || key === 'notes' ? undefined : value)
  return canonicalJson(JSON.parse(JSON.stringify(graph, keep)))
}

/** Prints a text, having checked that it reads back the same and prints the same again. */
function reprint(text: string): string {
  const graph = parse(text)
  const printed = print(graph)
  const again = parse(printed)
  assert.is(meaning(again), meaning(graph), text)
  assert.is(print(again), printed, text)
  return printed
}

/** The same for a graph that no text is known of, as one from JSON or an image.ts. */
function printBare(text: string): string {
  reprint(text)
  const printed = print(JSON.parse(JSON.stringify(parse(text))) as Graph)
  assert.is(meaning(parse(printed)), meaning(parse(text)), text)
  assert.is(print(parse(printed)), printed, text)
  return printed
}

const bareBody = (text: string) => printBare(`FROM scratch\n${text}\n`).slice('FROM scratch\n'.length, -1)

/** What is printed below `FROM scratch`. */
const body = (text: string) => reprint(`FROM scratch\n${text}\n`).slice('FROM scratch\n'.length, -1)

const stage = (...instructions: Instruction[]): Graph => ({
  version: 1,
  args: [],
  stages: [{ from: { keyword: 'FROM', args: { base: { image: 'scratch' } } }, instructions }],
})
const shell = (text: string): Instruction => ({ keyword: 'RUN', args: { command: { form: 'shell', text } } })

printing('a Dockerfile looks like one that a person wrote', () => {
  const text = `# syntax=docker/dockerfile:1

ARG NODE=22

# the build
FROM node:$NODE-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY . .
# heavy
RUN npm run build

FROM node:$NODE-slim
ENV NODE_ENV=production GREETING="hello world"
COPY --from=build --chown=node:node /app/dist /app
HEALTHCHECK --interval=30s --retries=3 CMD curl -f http://localhost/
EXPOSE 3000
USER node
CMD ["node", "/app/server.js"]
`
  assert.is(reprint(text), text)
})

printing('words are quoted only where they must be', () => {
  assert.is(
    bareBody('ENV A="x" B="x y" C=$A/b D=${A}b E="it\'s" F=\'$A\' G=a\\"b H='),
    `ENV A=x B="x y" C=$A/b D=\${A}b E="it's" F='$A' G='a"b' H=""`,
  )
  assert.is(bareBody('ENV K a  b "c"'), 'ENV K="a  b c"')
  assert.is(bareBody('WORKDIR "/a b"'), 'WORKDIR /a b')
  assert.is(bareBody('COPY ["a b", "/x/"]'), 'COPY ["a b", "/x/"]')
  assert.is(bareBody('COPY ["a", "/x/"]'), 'COPY a /x/')
  assert.is(bareBody('USER "--x"'), 'USER -- --x')
})

printing('D2 every form of reference reads back', () => {
  for (const word of [
    '${A:-b}',
    '${A-}',
    '${A:+x y}',
    '"${A:+x y}"',
    '${A:?}',
    '${A?a b}',
    '${A#*/}',
    '${A##*/}',
    '${A%.*}',
    '${A%%"."*}',
    '${A/a/b}',
    '${A//\\//_}',
    "${A//''/-}",
    '${A/"$"/\\}}',
    "${A#'#'x}",
    '${A:-${B:-${C:+d}}}',
    '$$',
    '$1',
    '$10x',
    '${1}0',
    '$@x',
    '${A}_',
    '$A-',
    "${A:-'a b'}",
    '"${A:-\'}"',
    '${A:-\\}}',
    '"a$A"b',
    '\\$A',
    '"\\$A\\\\"',
    "'\\'",
    '${A^}',
    '${',
    '"x',
    '$',
    'a$',
    '${A/}',
    '${A//x}',
  ]) {
    const lines = [`ENV X=${word}`, `WORKDIR ${word}`, `COPY ${word} /x`, `EXPOSE ${word}`, `COPY <<E /x\n${word}\nE`]
    const texts = lines.flatMap((line) => [`FROM scratch\n${line}`, `# escape=\`\nFROM scratch\n${line}`])
    for (const text of [...texts, `ARG X=${word}\nFROM scratch`]) if (parses(text)) printBare(text)
  }
})

printing('D1.9 long commands are broken without changing their text', () => {
  assert.is(body('RUN a \\\n    && b \\\n\t&& c'), 'RUN a \\\n    && b \\\n\t&& c')
  assert.is(body(`RUN ${'x'.repeat(60)} && ${'y'.repeat(60)}`), `RUN ${'x'.repeat(60)} \\\n&& ${'y'.repeat(60)}`)
  assert.is(body('RUN echo "a     b"'), 'RUN echo "a     b"')
  assert.is(bareBody("RUN x=' \\\n\t\ta \\\n\t' \\\n  && b"), "RUN x=' \\\n\t\ta \\\n\t' \\\n  && b")
  const long = 'x'.repeat(120)
  assert.is(bareBody(`RUN a \\\n\t&& ${long} \\\n\t&& b`), `RUN a \\\n\t&& ${long} \\\n\t&& b`)
  assert.is(body('RUN a     # b'), 'RUN a     # b')
  assert.is(
    body(
      'RUN --mount=type=cache,target=/a/long/path/for/a/cache --mount=type=cache,target=/another/long/path/for/a/cache x',
    ),
    'RUN --mount=type=cache,target=/a/long/path/for/a/cache \\\n    --mount=type=cache,target=/another/long/path/for/a/cache \\\n    x',
  )
})

printing('the paragraphs and comments of the author stay as they are', () => {
  const text = [
    '# what this is',
    '#',
    '#   docker run \\',
    '# \t--rm x',
    '#\ty',
    '',
    '## base',
    'FROM scratch',
    'ENV A=1',
    '',
    '# why',
    '',
    'ENV B=2',
    'ENV C=3',
    '  # indented',
    'ENV D=4',
    '',
    'FROM scratch',
    '',
    'ENV E=5',
    '',
    '# end',
    '',
    '# of it',
    '',
  ].join('\n')
  assert.is(reprint(text), text.replace('  # indented', ' # indented'))
  assert.is(reprint('\n\n\nFROM scratch\n\n\n\nENV A=1\n\n\n'), 'FROM scratch\n\nENV A=1\n')
  assert.is(reprint('# escape=`\n\n#x\nFROM scratch'), '# escape=`\n\n# x\nFROM scratch\n')
})

printing('flags without a command do not swallow the next instruction', () => {
  const flag = `--mount=type=cache,target=/${'x'.repeat(60)}`
  assert.is(body(`RUN ${flag} ${flag}\nUSER a`), `RUN ${flag} \\\n    ${flag}\nUSER a`)
})

printing('D1.3 a text beyond the longest line is broken anywhere', () => {
  const long = (piece: string) => stage(shell(`a${piece.repeat(70_000)}z`))
  for (const piece of ['x', 'é ', '\\a', '🚀', ' ', '\t', '#x', 'x# ', `${' '.repeat(30)}#y`])
    assert.is(meaning(parse(print(long(piece)))), meaning(long(piece)), piece)
  for (const piece of ['\\', '# ', ' '.repeat(3)])
    assert.is(failure(() => print(long(piece))).code, 'PRINT_INEXPRESSIBLE', piece)
})

printing('D1.3 what cannot be broken is a line as long as it may be', () => {
  for (const [text, printed] of [
    [`run${' '.repeat(65530)}x`, 'RUN x'],
    [`RUN ${'#'.repeat(65531)}`],
    [`RUN a${' '.repeat(40_000)}#${' '.repeat(20_000)}b`],
    [`RUN a${'#'.repeat(40_000)}x${'#'.repeat(20_000)}b c`],
    [`#${'x'.repeat(65534)}\nRUN x`],
    [`#syntax=${'x'.repeat(65526)}\nFROM scratch`],
  ] as const) {
    const graph = parse(text.startsWith('#syntax') ? text : `FROM scratch\n${text}`)
    assert.is(meaning(parse(print(graph))), meaning(graph))
    assert.is(print(parse(print(graph))), print(graph))
    if (printed) assert.match(print(graph), printed)
  }
})

printing('here-documents keep their text', () => {
  assert.is(failure(() => print(stage(shell('#!/bin/sh\nx\n')))).code, 'PRINT_INEXPRESSIBLE')
  assert.is(bareBody('RUN <<X\na\nb\nX'), 'RUN <<EOF\na\nb\nEOF')
  assert.is(bareBody('RUN <<X\nEOF\nb\nX'), 'RUN <<END\nEOF\nb\nEND')
  assert.is(bareBody("RUN <<-'X'\n\t#!/bin/sh\n\ta\n\tX"), 'RUN <<X\n#!/bin/sh\na\nX')
  assert.is(bareBody('RUN cat <<A <<-B > x\n1\nA\n\t2\n\tB'), 'RUN cat <<A <<-B > x\n1\nA\n\t2\nB')
  assert.is(bareBody('COPY <<A a <<"B" /d/\n$X \\$ "q"\nA\n$X\nB'), 'COPY a <<A <<"B" /d/\n$X \\$ "q"\nA\n$X\nB')
  assert.is(bareBody('ONBUILD RUN <<X\na\nX'), 'ONBUILD RUN <<X\na\nX')
})

printing('comments stay above their instruction and never become directives', () => {
  assert.is(bareBody('# a\n#\n# b\n  # c\n### d\nRUN a \\\n # e\n b'), '# a\n#\n# b\n # c\n### d\n # e\nRUN a  b')
  assert.is(reprint('\n# escape=`\nFROM scratch\nRUN a\\b'), '\n# escape=`\nFROM scratch\nRUN a\\b\n')
  assert.is(reprint('# check=skip=all\n\n# syntax=x\nFROM scratch'), '# check=skip=all\n\n# syntax=x\nFROM scratch\n')
  assert.is(reprint('FROM scratch\n# end'), 'FROM scratch\n\n# end\n')
})

printing('stages are called by name, by number where two share it', () => {
  reprint('FROM a AS x\nFROM b AS x\nCOPY --from=x /a /b\nCOPY --from=0 /a /b\nFROM x\nRUN --mount=from=x,target=/m y')
  assert.match(reprint('FROM a\nFROM b\nCOPY --from=0 /a /b'), 'COPY --from=0 /a /b')
})

printing('what no text means is refused with its place', () => {
  const at = { file: 'image.ts', line: 3, column: 1 }
  const cases: Instruction[] = [
    shell('a\nb'),
    shell(' a'),
    shell('["a"]'),
    shell('cat <<E'),
    { keyword: 'WORKDIR', args: { path: 'a\nb' } },
    { keyword: 'FOO', args: {} },
    { keyword: 'COPY', args: { sources: ['a b'], contents: [{ name: 'E', data: '' }], dest: '/x' } },
    { keyword: 'COPY', args: { sources: [], contents: [{ name: 'E', data: 'no newline' }], dest: '/x' } },
    { keyword: 'COPY', args: { sources: [], contents: [{ name: 'E', data: 'E\n' }], dest: '/x' } },
    { keyword: 'COPY', args: { sources: ['a'], dest: '/x', from: { image: '0' } } },
  ]
  for (const instruction of cases) {
    const error = failure(() => print(stage({ ...instruction, at })))
    assert.is(error.code, 'PRINT_INEXPRESSIBLE', JSON.stringify(instruction))
    assert.equal(error.at, at)
  }
})

printing('a stage that others start from needs a name', () => {
  const [first] = stage().stages
  const second = { from: { keyword: 'FROM', args: { base: { stage: 0 } } }, instructions: [] }
  const error = failure(() => print({ version: 1, args: [], stages: [first!, second] }))
  assert.is(error.code, 'PRINT_INEXPRESSIBLE')
  assert.match(error.message, 'position 0')
})

printing('an image that is called like a stage is refused rather than confused with it', () => {
  const from = (args: object) => ({ keyword: 'FROM', args }) as Instruction<never>
  const graph: Graph = {
    version: 1,
    args: [],
    stages: [
      { from: from({ base: { image: 'x' }, name: 'alpine' }), instructions: [] },
      { from: from({ base: { image: 'alpine' } }), instructions: [] },
    ],
  }
  assert.is(failure(() => print(graph)).code, 'PRINT_INEXPRESSIBLE')
})

for (const [what, text] of Object.entries(peers)) printing(`peers.md: ${what} comes through`, () => void reprint(text))

printing('nothing of JAVA_OPTS and its like is lost', () => {
  assert.is(
    body('ENV JAVA_OPTS -Xmx1g -Xms1g\nENV TWO a=b c=d\nENV GREETING hello=1 world=2'),
    'ENV JAVA_OPTS="-Xmx1g -Xms1g"\nENV TWO="a=b c=d"\nENV GREETING="hello=1 world=2"',
  )
})

printing.needs(['corpus'], 'D3 every Dockerfile of the corpus reads back the same and prints the same again', () => {
  let count = 0
  for (const part of ['dockerfiles', 'tricky/dockerfiles']) {
    const folder = join(corpusFolder()!, part)
    for (const name of readdirSync(folder)) {
      const text = readFileSync(join(folder, name), 'utf8')
      if (!parses(text)) continue
      reprint(text)
      count += 1
    }
  }
  assert.ok(count >= 240, `${count} files parsed`)
})

function parses(text: string): boolean {
  try {
    parse(text)
    return true
  } catch (thrown) {
    if (thrown instanceof ImgError) return false
    throw thrown
  }
}

printing('A34 random text is an answer or a located error, and what is read comes back', () => {
  const random = generator(20_260_821)
  for (let round = 0; round < 2000; round += 1) {
    const text = randomDockerfile(random)
    if (!parses(text)) continue
    try {
      printBare(text)
    } catch (thrown) {
      if (!(thrown instanceof ImgError && thrown.code === 'PRINT_INEXPRESSIBLE')) throw thrown
    }
  }
})

function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const heads = [
  'RUN',
  'CMD',
  'ENV',
  'ENV A=',
  'LABEL',
  'ARG',
  'COPY',
  'ADD',
  'WORKDIR',
  'USER',
  'VOLUME',
  'EXPOSE',
  'STOPSIGNAL',
  'HEALTHCHECK CMD',
  'SHELL',
  'ONBUILD',
  'MAINTAINER',
  'FROM',
  'COPY --from=a',
  'RUN --mount=type=cache,',
  'RUN <<E',
  'COPY <<E',
  '# c',
  '',
]
const pieces = [
  'a',
  ' ',
  '  ',
  '\t',
  '$A',
  '${A}',
  '${A:-b c}',
  '${A//x/y}',
  '${A%*}',
  '${',
  '"',
  "'",
  '\\',
  '`',
  '\\\n',
  '\n',
  '\r\n',
  '<<E',
  '<<-"E"',
  '\nx\nE\n',
  '[',
  ']',
  '["a","b"]',
  '=',
  'k=v',
  ',',
  '#',
  '--x',
  '80',
  '/',
  '*',
  'é',
  '🚀',
  '\u00a0',
  '\u2028',
  '\0',
  '{',
  '}',
  '&& ',
  ';',
]

function randomDockerfile(random: (below: number) => number): string {
  let text = ['', '# escape=`\n', 'ARG A\n', '\ufeff'][random(4)]! + 'FROM a AS a\n'
  for (let lines = 1 + random(4); lines > 0; lines -= 1) {
    text += `${heads[random(heads.length)]} `
    for (let count = random(7); count > 0; count -= 1) text += pieces[random(pieces.length)]
    text += '\n'
  }
  return text
}

for (const [name, text] of [
  ['a command that ends in a lone escape character', 'RUN x \\\f'],
  ['a path that cannot be read, and ends in white space', 'COPY ["with\u0085 b.txt /c'],
  ['two files of one name, one without its tabs', 'COPY <<A <<-A /x/\n\tone\nA\n\ttwo\nA'],
  ['a trigger that ends in an escaped blank', 'ONBUILD RUN \\ \\\n \t\n'],
  ['the same in the middle of a file', 'CMD x \\\f\nRUN y'],
  ['a health check that ends in one', 'HEALTHCHECK CMD x \\\f'],
  ['a key that holds an equals sign behind a line separator', 'LABEL a\u2028=b ${V}.c'],
  ['a build argument whose name opens a quote', 'ARG "a b="3.1" C=\'-x\'"'],
  ['a port that sorts by its quotes', 'EXPOSE "#h 1"\\ ""a=b a=b" %s" #h a=b'],
  ['a port between two that cannot be read', 'EXPOSE "${B^"z z"\\""z z"} y.z"'],
  ['a port that ends in an escape character', 'EXPOSE $a_1\\$"""z z" ${PATH}" "z`z #h"" ${PATH}\\ root'],
  ['a port whose beginning BuildKit forgets', 'EXPOSE -1 "${V} z"}\\7\\\\${A%z}"'],
  ['ports in one word', 'EXPOSE "a"\u00a0z\u00a0b\u00a080'],
  ['a mount that is cut off within a letter', 'RUN --mount=type=secret,required,id=a\u00851 x'],
  ['a file whose name begins with a hyphen', 'COPY <<\u00a0-A <<-A /x/\n$V\n-A\n\tone\nA'],
  ['a volume with a line break', 'VOLUME ["/a\\nb"]'],
  ['a path that begins with white space other than blanks', "COPY '\\u0085--chmod=600' /d/ /d"],
  ['paths with line breaks', 'COPY ["a\\nb", "/c\\nd"]'],
] as const)
  printing(`every graph that a text gives can be printed: ${name}`, () => {
    bareBody(text)
  })

printing.run()
