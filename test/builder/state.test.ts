/** The builder: immutable chains, shared stages, arguments, locations. */
import {
  arg,
  bind,
  cache,
  envRef,
  expand,
  from,
  graphDigest,
  heredoc,
  parse,
  print,
  scratch,
  secret,
  toGraph,
} from '../../sdk/index.ts'
import { assert, suite } from '../helpers/suite.ts'

const builder = suite('builder/state')

const printed = (...args: Parameters<typeof toGraph>) => print(toGraph(...args)).trim()

builder('two images grown from one base do not disturb each other', () => {
  const base = from('alpine:3').workdir('/app')
  const one = base.run('touch one')
  const two = base.run('touch two')
  assert.is(printed(one), 'FROM alpine:3\nWORKDIR /app\nRUN touch one')
  assert.is(printed(two), 'FROM alpine:3\nWORKDIR /app\nRUN touch two')
})

builder('an option that a call does not know is refused, with the nearest that it knows', () => {
  const wrong = (call: () => unknown) => {
    try {
      call()
    } catch (error) {
      const { code, message, hint } = error as { code: string; message: string; hint?: string }
      return `${code}: ${message}; ${hint}`
    }
    return 'nothing'
  }
  const stage = from('alpine:3') as unknown as Record<string, (...args: unknown[]) => unknown>
  assert.is(
    wrong(() => stage['copy']!('a', 'b', { fromm: 'x' })),
    'ARGUMENT_VALUE: .copy() has no option "fromm"; did you mean from?',
  )
  assert.match(
    wrong(() => stage['copy']!('a', 'b', { chwon: '1:1' })),
    /did you mean chown\?/,
  )
  assert.match(
    wrong(() => stage['healthcheck']!('x', { every: '1s' })),
    /has no option "every"; its options are .*interval/,
  )
  assert.match(
    wrong(() => stage['run']!('x', { mounts: cache('/x') })),
    /RUN takes a list of mounts; write \{ mounts: /,
  )
  assert.is(
    wrong(() => stage['run']!('x', { network: undefined, mounts: [] })),
    'nothing',
  )
})

builder('a prefix that several stages share prints as a shared stage', () => {
  const base = from('alpine:3').workdir('/app')
  const built = base.run('make')
  const image = base.copy('out', '.', { from: built })
  assert.is(
    printed(image),
    [
      'FROM alpine:3 AS stage-0',
      'WORKDIR /app',
      '',
      'FROM stage-0',
      'RUN make',
      '',
      'FROM stage-0',
      'COPY --from=1 out .',
    ].join('\n'),
  )
})

builder('a stage is a value: naming it names the stage, and a name refers to it', () => {
  const deps = from('node:22').run('npm ci').as('deps')
  const image = scratch().copy('/app', '/', { from: deps }).copy('/x', '/', { from: 'deps' })
  assert.is(
    printed(image),
    'FROM node:22 AS deps\nRUN npm ci\n\nFROM scratch\nCOPY --from=deps /app /\nCOPY --from=deps /x /',
  )
})

builder('a build argument is declared at the top and in each stage before its first use', () => {
  const version = arg('VERSION', '22')
  const image = from(`node:${version}`)
    .run('true')
    .run(`echo ${version}`)
    .label({ v: `${version}` })
  assert.is(
    printed(image),
    'ARG VERSION=22\n\nFROM node:${VERSION}\nRUN true\nARG VERSION\nRUN echo ${VERSION}\nLABEL v=$VERSION'.replace(
      '${VERSION}\nRUN true',
      '$VERSION\nRUN true',
    ),
  )
})

builder('an argument may be the default of another', () => {
  const major = arg('MAJOR', '22')
  const tag = arg('TAG', `${major}-slim`)
  const graph = toGraph(from(`node:${tag}`))
  assert.equal(
    graph.args.map(({ args }) => (args as { variables: { name: string }[] }).variables[0]?.name),
    ['MAJOR', 'TAG'],
  )
})

builder('an argument with two defaults is refused', () => {
  const image = from('a').run(`echo ${arg('X', '1')} ${arg('X', '2')}`)
  assert.throws(() => toGraph(image), /two defaults/)
})

builder('text is literal: a dollar in a path or a value stays a dollar', () => {
  const graph = toGraph(scratch().env({ A: '$HOME', B: 'x y' }).copy('a$b', '/c'))
  const again = print(graph)
  assert.ok(again.includes("A='$HOME'"), again)
  assert.ok(again.includes("'a$b'"), again)
  assert.is(graphDigest(parse(again)), graphDigest(graph))
})

builder('envRef and expand bring references in', () => {
  const one = toGraph(scratch().env({ PATH: `/app/bin:${envRef('PATH')}`, X: `${envRef('Y', ':-', 'z')}` }))
  const two = toGraph(scratch().env({ PATH: expand`/app/bin:$PATH`, X: expand`\${Y:-z}` }))
  assert.is(graphDigest(one), graphDigest(two))
  assert.ok(print(one).includes('PATH=/app/bin:$PATH'), print(one))
})

builder('a here-document is a script for run and a file for copy', () => {
  const image = from('alpine').run(heredoc`
    set -e
      echo indented
  `)
  assert.is(printed(image), 'FROM alpine\nRUN <<EOF\nset -e\n  echo indented\nEOF')
  const file = scratch().copy(heredoc('a=1', { name: 'conf' }), '/etc/conf')
  assert.is(printed(file), 'FROM scratch\nCOPY <<conf /etc/conf\na=1\nconf')
})

builder('mounts have the flag’s own names', () => {
  const src = from('alpine').run('true').as('src')
  const image = from('alpine').run('make', {
    mounts: [cache('/c', { sharing: 'locked' }), bind({ from: src, target: '/s' }), secret('token', { env: 'TOKEN' })],
  })
  const text = printed(image)
  for (const mount of ['type=cache,target=/c,sharing=locked', 'from=src,target=/s', 'type=secret,id=token,env=TOKEN']) {
    assert.ok(text.includes(`--mount=${mount} `), text)
  }
})

builder('a health check takes its times as text or in milliseconds, and none switches it off', () => {
  const line = (...given: Parameters<ReturnType<typeof scratch>['healthcheck']>) =>
    printed(scratch().healthcheck(...given))
      .split('\n')
      .at(-1)
  assert.is(line('a', { interval: 1500, timeout: '2m' }), 'HEALTHCHECK --interval=1.5s --timeout=2m CMD a')
  assert.is(line(['a', 'b'], { retries: 3 }), 'HEALTHCHECK --retries=3 CMD ["a", "b"]')
  assert.is(line('none'), 'HEALTHCHECK NONE')
})

builder('a secret refuses to become text', () => {
  assert.throws(() => `curl -H ${secret('token')}`, /used as text/)
})

builder('every instruction knows the line that it was written on', () => {
  const graph = toGraph(scratch().copy('a', '/'))
  const at = graph.stages[0]!.instructions[0]!.at!
  assert.match(at.file, /state\.test/)
  assert.type(at.line, 'number')
})

builder('an error of a call points at the call', () => {
  try {
    scratch().cmd('a\nb')
    assert.unreachable()
  } catch (error) {
    assert.match((error as { at: { file: string } }).at.file, /state\.test/)
  }
})

builder('a chain is not cut where the cut would change its meaning: CMD before a branch, ENTRYPOINT after it', () => {
  const base = from('alpine').cmd(['serve'])
  const one = base.entrypoint(['/init'])
  const two = base.run('true')
  const graph = toGraph({ one, two })
  const first = graph.stages.find(({ from }) => from.args.name === 'one')!
  assert.equal(
    first.instructions.map(({ keyword }) => keyword),
    ['CMD', 'ENTRYPOINT'],
  )
})

builder('ten thousand links make a graph in linear time', () => {
  const time = (links: number) => {
    let state = from('alpine')
    for (let n = 0; n < links; n++) state = state.label({ [`k${n}`]: 'v' })
    const started = performance.now()
    assert.is(toGraph(state).stages[0]!.instructions.length, links)
    return performance.now() - started
  }
  // Of several, the least: what else the machine does is not meant. Sixteen times the links would be 256 times the work.
  const best = (links: number) => Math.min(...Array.from({ length: 4 }, () => time(links)))
  best(500)
  const [few, many] = [best(1_000), best(16_000)]
  assert.ok(many < few * 80, `${few} ms for 1,000, ${many} ms for 16,000`)
})

builder.run()
