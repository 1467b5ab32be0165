/** Graphs as JSON and YAML: there and back, and every refusal with its place. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '../../sdk/dockerfile/parse.ts'
import { ImgError } from '../../sdk/error.ts'
import { canonicalJson } from '../../sdk/graph/canonical.ts'
import type { Graph } from '../../sdk/graph/graph.ts'
import { decode, decodeYaml } from '../../sdk/json/decode.ts'
import { encode, encodeYaml } from '../../sdk/json/encode.ts'
import { assert, corpusFolder, suite } from '../helpers/suite.ts'

const json = suite('json/decode')

const sample = `# about the base
ARG V=22
FROM node:\${V:-20} AS base
ENV A="x y" B=$A
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=token npm ci
COPY <<one <<'two' /d/
a \${V}
one
b $c
two
FROM --platform=$BUILDPLATFORM base
COPY --from=base --exclude=*.md /a /b /c/

# how it is seen

# to be well
HEALTHCHECK --interval=1m30s CMD curl -f http://localhost || exit 1
ONBUILD RUN make
CMD ["a", "\\u2028"]
`

const graph = parse(sample, { file: 'Dockerfile' })
const minimal = {
  version: 1,
  args: [],
  stages: [{ from: { keyword: 'FROM', args: { base: { image: 'scratch' } } }, instructions: [] as object[] }],
}

/** The minimal graph with instructions. */
function withInstructions(...instructions: object[]) {
  return { ...minimal, stages: [{ ...minimal.stages[0], instructions }] }
}

async function refusedYaml(text: string, file?: string): Promise<ImgError> {
  try {
    await decodeYaml(text, file)
  } catch (error) {
    if (error instanceof ImgError) return error
    throw error
  }
  throw new Error(`was taken: ${text.slice(0, 200)}`)
}

function refused(text: string, file?: string): ImgError {
  try {
    decode(text, file)
  } catch (error) {
    if (error instanceof ImgError) return error
    throw error
  }
  throw new Error(`was taken: ${text.slice(0, 200)}`)
}

json('gives back the graph that it wrote, locations, comments and blank lines too', async () => {
  assert.ok(graph.stages.some(({ instructions }) => instructions.some(({ gaps }) => gaps)))
  assert.equal(decode(encode(graph)), graph)
  assert.equal(await decodeYaml(await encodeYaml(graph)), graph)
})

json('leaves locations out on demand', () => {
  const bare = decode(encode(graph, { locations: false }))
  assert.is(bare.stages[0]!.from.at, undefined)
  assert.equal(bare.stages[0]!.from.args, graph.stages[0]!.from.args)
})

json('writes the same text whatever the order of members was', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, member]) => [key, reversed(member)]),
    )
  }
  assert.is(encode(reversed(graph) as Graph), encode(graph))
  assert.match(encode(graph), /^\{\n {2}"version": 1,\n {2}"args": \[\n {4}\{\n {6}"keyword": "ARG",/)
})

json.needs(['corpus'], 'round-trips every Dockerfile of the corpus', async () => {
  for (const folder of ['dockerfiles', 'tricky/dockerfiles']) {
    const names = readdirSync(join(corpusFolder()!, folder))
    for (const [index, name] of names.entries()) {
      let parsed: Graph
      try {
        parsed = parse(readFileSync(join(corpusFolder()!, folder, name), 'utf8'))
      } catch {
        continue
      }
      assert.is(canonicalJson(decode(encode(parsed))), canonicalJson(parsed), name)
      if (index % 10 === 0)
        assert.is(canonicalJson(await decodeYaml(await encodeYaml(parsed))), canonicalJson(parsed), name)
    }
  }
})

json('freezes what it reads', () => {
  const read = decode(encode(graph))
  assert.ok(
    Object.isFrozen(read) && Object.isFrozen(read.stages) && Object.isFrozen(read.stages[0]!.instructions[0]!.args),
  )
})

json('joins the parts of a template that touch', () => {
  const { stages } = decode(
    JSON.stringify(withInstructions({ keyword: 'USER', args: { user: ['a', 'b', { var: 'C' }, 'd'] } })),
  )
  assert.equal(stages[0]!.instructions[0]!.args, { user: ['ab', { var: 'C' }, 'd'] })
})

json('accepts $schema, for editors, and does not keep it', () => {
  assert.equal(decode(JSON.stringify({ $schema: './graph.schema.json', ...minimal })), minimal as unknown as Graph)
})

json('says what was expected, at the line and column', () => {
  const text = JSON.stringify(withInstructions({ keyword: 'WORKDIR', args: { path: 7 } }), null, 2)
  const error = refused(text, 'a/graph.json')
  const line = text.split('\n').findIndex((content) => content.includes('"path"')) + 1
  const column = text.split('\n')[line - 1]!.indexOf('7') + 1
  assert.is(error.code, 'GRAPH_INVALID')
  assert.is(error.message, 'stages[0].instructions[0].args.path: expected text or a list, found 7')
  assert.equal(error.at, { file: 'a/graph.json', line, column, endLine: line, endColumn: column + 1 })
  assert.equal(error.detail, { path: ['stages', 0, 'instructions', 0, 'args', 'path'] })
})

json('names the nearest keyword or member', () => {
  const keyword = refused(JSON.stringify(withInstructions({ keyword: 'WORKDRI', args: { path: '/' } })))
  assert.match(keyword.message, '"WORKDRI" is no keyword')
  assert.is(keyword.hint, 'did you mean WORKDIR?')
  const member = refused(
    JSON.stringify(withInstructions({ keyword: 'COPY', args: { sources: ['a'], dest: 'b', chwon: 'x' } })),
  )
  assert.match(member.message, 'there is no member "chwon"')
  assert.is(member.hint, 'did you mean chown?')
})

const run = (command: unknown) => withInstructions({ keyword: 'RUN', args: { command } })

for (const [what, value, message] of [
  ['null', null, /the document: expected an object, found null/],
  ['a list', [], /expected an object, found a list of 0/],
  ['no version', { args: [], stages: minimal.stages }, /expected the member "version"/],
  ['no stage', { ...minimal, stages: [] }, /stages: expected at least 1 item/],
  ['null args', { ...minimal, args: null }, /args: expected a list, found null/],
  ['an unknown member', { ...minimal, extra: 1 }, /extra: there is no member "extra"/],
  ['__proto__', JSON.parse('{"version":1,"args":[],"stages":[],"__proto__":{"version":1}}'), /stages|__proto__/],
  ['a negative stage', stage({ stage: -1 }), /base\.stage: expected at least 0, found -1/],
  ['a broken stage', stage({ stage: 0.5 }), /base\.stage: expected a whole number, found 0\.5/],
  ['a huge stage', stage({ stage: 1e300 }), /starts from stage 1e\+300/],
  ['a stage and an image', stage({ stage: 0, image: 'x' }), /base/],
  ['FROM itself', stage({ stage: 0 }), /starts from stage 0, itself/],
  ['FROM nothing', stage({ stage: 9 }), /one that does not exist; expected a position below 0/],
  ['a name like a path', name('a/b'), /name: expected text of the form .*, found "a\/b"/],
  ['a name that climbs', name('../../etc'), /name: expected text of the form/],
  ['an empty name', name(''), /name: expected text of the form/],
  ['an unknown form', run({ form: 'exce', args: [] }), /"exce" is no form/],
  ['a form without its text', run({ form: 'shell' }), /command: expected the member "text"/],
  ['a number among words', run({ form: 'exec', args: ['a', 1] }), /args\[1\]: expected text, found 1/],
  ['no form', run({ args: [] }), /expected an object with the member "form"/],
  ['a text for a command', run('x'), /command: expected an object/],
  [
    'an operator that is none',
    withInstructions({ keyword: 'USER', args: { user: [{ var: 'A', op: '!' }] } }),
    /op: expected "-", ":-"/,
  ],
  [
    'a template of text alone',
    withInstructions({ keyword: 'USER', args: { user: ['a'] } }),
    /variable among the parts/,
  ],
  [
    'COPY from nowhere',
    withInstructions({ keyword: 'COPY', args: { sources: ['a'], dest: 'b', from: { stage: 1 } } }),
    /COPY refers to stage 1, but there is 1 stage/,
  ],
  [
    'a mount from nowhere',
    withInstructions({
      keyword: 'RUN',
      args: { command: { form: 'shell', text: 'x' }, mount: [{ from: { stage: 3 } }] },
    }),
    /RUN refers to stage 3/,
  ],
  [
    'FROM inside of a stage',
    withInstructions({ keyword: 'FROM', args: { base: { image: 'x' } } }),
    /"FROM" is no keyword/,
  ],
  [
    'a trigger that may not be',
    withInstructions({ keyword: 'ONBUILD', args: { trigger: 'FROM x' } }),
    /FROM may not be an ONBUILD trigger/,
  ],
] as const) {
  json(`A20 refuses ${what}`, async () => {
    const error = refused(JSON.stringify(value))
    assert.is(error.code, 'GRAPH_INVALID')
    assert.match(error.message, message)
    assert.ok(error.at)
    if (what === '__proto__') return
    const { stringify } = await import('yaml')
    const yamlError = await refusedYaml(stringify(value))
    assert.is(yamlError.message, error.message)
  })
}

function stage(base: object) {
  return { ...minimal, stages: [{ from: { keyword: 'FROM', args: { base } }, instructions: [] }] }
}

function name(name: string) {
  return { ...minimal, stages: [{ from: { keyword: 'FROM', args: { base: { image: 'x' }, name } }, instructions: [] }] }
}

json('A20 reports every wrong reference at once', () => {
  const broken = withInstructions(
    { keyword: 'COPY', args: { sources: ['a'], dest: 'b', from: { stage: 1 } } },
    { keyword: 'COPY', args: { sources: ['a'], dest: 'b', from: { stage: 2 } } },
  )
  const error = refused(JSON.stringify(broken))
  assert.is(error.errors.length, 2)
  assert.match(error.message, 'and 1 more')
  assert.ok(error.errors.every(({ at }) => at?.column))
})

json('A20 refuses ten thousand levels, and a million, without running out of stack', async () => {
  for (const depth of [10_000, 1_000_000]) {
    const error = refused('['.repeat(depth))
    assert.equal([error.code, error.at?.line, error.at?.column], ['GRAPH_INVALID', 1, 501])
    assert.match(error.message, 'nested more than 500 levels deep')
  }
  const deep = `{"version":1,"args":[],"stages":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_001)}`
  assert.match(refused(deep).message, 'nested more than 500')
  for (const text of ['['.repeat(10_000), '- '.repeat(10_000), '{a: '.repeat(10_000), '? '.repeat(3_000)]) {
    assert.is((await refusedYaml(text)).code, 'GRAPH_INVALID')
  }
})

json('reads variables nested as deep as the limit allows', () => {
  let user: unknown = 'x'
  for (let i = 0; i < 200; i++) user = [{ var: 'A', op: ':-', word: user }]
  const read = decode(JSON.stringify(withInstructions({ keyword: 'USER', args: { user } })))
  assert.is(decode(encode(read)).stages.length, 1)
})

json('refuses a newer version, and says so', () => {
  const error = refused(JSON.stringify({ ...minimal, version: 2, anything: true }))
  assert.is(error.code, 'GRAPH_VERSION')
  assert.match(error.message, 'version 2; this imgsdk reads up to 1')
  assert.is(error.at?.column, 12)
})

for (const [text, line, column, message] of [
  ['', 1, 1, 'ends where a value'],
  ['{"version":1,}', 1, 14, 'expected a member name'],
  ['{\n "a": 1\n "b": 2}', 3, 2, '"," or "}"'],
  ['{"a":1,"a":2}', 1, 8, 'stands there twice'],
  ['{"a": "x\ny"}', 1, 7, 'not closed'],
  ['nul', 1, 1, 'expected a value'],
  ['{} {}', 1, 4, 'nothing more'],
  ["{'a':1}", 1, 2, 'double quotes'],
] as const) {
  json(`finds the mistake in ${JSON.stringify(text)}`, () => {
    const error = refused(text)
    assert.equal([error.code, error.at?.line, error.at?.column], ['GRAPH_INVALID', line, column])
    assert.match(error.message, message)
  })
}

for (const [what, text, line, message] of [
  ['aliases', 'a: 1\nb: *x', 2, /aliases/],
  ['an endless alias', 'a: &x [*x]', 1, /anchors/],
  ['tags', 'version: !!js/function "x"', 1, /tag/i],
  ['repeated keys', 'version: 1\nversion: 1', 2, /twice/],
  [
    'twenty thousand keys twice',
    `${Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')}\nk7: 1`,
    20_001,
    /twice/,
  ],
  ['two documents', 'version: 1\n---\nversion: 1', 2, /second document/],
  ['lists as keys', '? [a]\n: 1', 1, /plain text/],
  ['damaged indentation', 'a:\n  b: 1\n c: 2', 3, /./],
  ['a lone quote', 'version: "', 1, /quote/],
  ['nothing', '', 1, /no document|expected an object/],
] as const) {
  json(`A34 refuses YAML with ${what}`, async () => {
    const error = await refusedYaml(text, 'g.yaml')
    assert.instance(error, ImgError)
    assert.equal([error.code, error.at?.file, error.at?.line], ['GRAPH_INVALID', 'g.yaml', line])
    assert.match(error.message, message)
  })
}

json('finds the place in YAML', async () => {
  const text = (await encodeYaml(graph)).replace('keyword: ENV', 'keyword: EMV')
  const error = await refusedYaml(text)
  const line = text.split('\n').findIndex((content) => content.includes('EMV')) + 1
  assert.equal([error.at?.file, error.at?.line], ['graph.yaml', line])
  assert.is(error.hint, 'did you mean ENV?')
})

json('A34 answers or refuses with a place, whatever is done to the text', async () => {
  let seed = 7
  const random = (below: number) => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    'null',
    '-1',
    '1e999',
    '\\',
    '\ud800',
    '\0',
    '{"stage":5}',
    '{"var":"A"}',
    '&a ',
    '*a',
    '!!x ',
    '\n',
    '  ',
    '- ',
  ]
  const whole = [encode(graph), await encodeYaml(graph)] as const
  for (let round = 0; round < 2000; round++) {
    const yaml = round % 25 === 0
    let text = whole[yaml ? 1 : 0]
    for (let cut = random(3); cut >= 0; cut--) {
      const at = random(text.length)
      text = text.slice(0, at) + pieces[random(pieces.length)]! + text.slice(at + random(2) * random(40))
    }
    try {
      if (yaml) await decodeYaml(text)
      else decode(text)
    } catch (error) {
      if (!(error instanceof ImgError) || error.code === 'INTERNAL' || !error.at?.line) throw error
    }
  }
})

json.run()
