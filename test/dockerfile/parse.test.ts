import { parse } from '../../sdk/dockerfile/parse.ts'
import { parseTrigger } from '../../sdk/dockerfile/trigger.ts'
import { assert, suite } from '../helpers/suite.ts'
import { failure } from './failure.ts'

const parsing = suite('dockerfile/parse')

const args = (text: string) =>
  parse(`FROM scratch\n${text}`).stages[0]!.instructions.map((instruction) => instruction.args)
const refusal = (text: string) => failure(() => parse(`FROM scratch\n${text}`))
const shell = (text: string) => ({ command: { form: 'shell', text } })
const exec = (...words: string[]) => ({ command: { form: 'exec', args: words } })

parsing('D1.16 what is wrong with an instruction is found at its first line', () => {
  assert.is(refusal('RUN a \\\n b\nEXPOSE \\\n').at?.line, 4)
  assert.is(refusal('CMD ["a", \\\n 1]').at?.line, 2)
})

parsing('D1.21 the known directives', () => {
  const { escape, syntax, check } = parse('# ESCAPE=`\n# Syntax=s\n# check=skip=all\nFROM a')
  assert.equal([escape, syntax, check], ['`', 's', 'skip=all'])
  assert.is(parse('# check=skip=A\n# other=x\n# syntax=s\nFROM a').syntax, undefined)
})

parsing('D1.35 which instructions have a JSON form', () => {
  assert.equal(args('RUN ["a"]\nCMD ["a"]\nENTRYPOINT ["a"]'), [exec('a'), exec('a'), exec('a')])
  assert.equal(args('SHELL ["a"]\nHEALTHCHECK CMD ["a"]\nADD ["a", "b"]\nCOPY --link ["a", "b"]\nVOLUME ["a"]'), [
    { shell: ['a'] },
    { test: { form: 'exec', args: ['a'] } },
    { sources: ['a'], dest: 'b' },
    { sources: ['a'], dest: 'b', link: true },
    { paths: ['a'] },
  ])
  assert.equal(args('USER ["a"]\nWORKDIR ["a"]'), [{ user: '[a]' }, { path: '[a]' }])
})

parsing('D1.36 a whole JSON array of strings is exec form', () => {
  assert.equal(args('RUN ["echo","hi"]\nRUN ["echo","hi"] x\nCMD  [ "a" , "b" ] \nCMD []'), [
    exec('echo', 'hi'),
    shell('["echo","hi"] x'),
    exec('a', 'b'),
    exec(),
  ])
  assert.equal(args('ENTRYPOINT []x'), [shell('[]x')])
  assert.equal(args('HEALTHCHECK CMD \u00a0["a"]'), [{ test: { form: 'exec', args: ['a'] } }])
})

parsing('D1.37 D14.10 a JSON array with something else is refused everywhere', () => {
  for (const line of [
    'CMD ["a", 1]',
    'COPY ["a", null]',
    'VOLUME [[]]',
    'HEALTHCHECK CMD [1]',
    'ONBUILD RUN [1]',
    'ONBUILD HEALTHCHECK CMD [1]',
  ]) {
    assert.match(refusal(line).message, 'comprised of strings only', line)
  }
})

parsing('D1.37 D8.1 so is one in a trigger whose keyword has a JSON form', () => {
  for (const keyword of ['RUN', 'CMD', 'ENTRYPOINT', 'SHELL', 'ADD', 'COPY', 'VOLUME'])
    assert.match(refusal(`ONBUILD ${keyword} [1]`).message, 'comprised of strings only', keyword)
  for (const keyword of ['USER', 'EXPOSE'])
    assert.equal(args(`ONBUILD ${keyword} [1]`), [{ trigger: `${keyword} [1]` }])
})

parsing('D1.38 D14.9 what only looks like an array is plain text', () => {
  assert.equal(
    args(`RUN ['ls']\nRUN ["a"\nRUN ["a",]\nRUN ["\\x"]`),
    ["['ls']", '["a"', '["a",]', '["\\x"]'].map(shell),
  )
})

parsing('D1.39 D14.52 strings of VOLUME and COPY are decoded, then read as words', () => {
  assert.equal(args('VOLUME ["C:\\\\x"]\nCOPY ["a\\"b\\"", "$A/"]'), [
    { paths: ['C:x'] },
    { sources: ['ab'], dest: [{ var: 'A' }, '/'] },
  ])
})

parsing('D1.40 D14.7 flags stand first; a bare -- ends them', () => {
  assert.equal(args('RUN -- --version\nRUN --network=none -- a --x\nRUN a --b'), [
    shell('--version'),
    { ...shell('a --x'), network: 'none' },
    shell('a --b'),
  ])
  assert.is(refusal('CMD --port 80').message, 'unknown flag: --port')
})

parsing('D1.41 quotes and escapes in a flag are undone', () => {
  assert.equal(args(`COPY --chown="a b":c\\ d --exclude='x "y' a b`), [
    { sources: ['a'], dest: 'b', chown: 'a b:c d', exclude: ['x "y'] },
  ])
  assert.equal(args(`COPY --exclude='a\\' b' --exclude="c\\" d" x y`), [
    { sources: ['x'], dest: 'y', exclude: ["a' b", 'c" d'] },
  ])
})

parsing('D1.42 unknown and repeated flags are refused where they stand', () => {
  const unknown = refusal('COPY --chwn=1 a b')
  assert.is(unknown.code, 'UNKNOWN_FLAG')
  assert.is(unknown.hint, 'did you mean --chown?')
  assert.equal(unknown.at, { file: 'Dockerfile', line: 2, column: 6, endLine: 2, endColumn: 14 })
  assert.match(refusal('COPY --CHOWN=1 a b').message, 'unknown flag: --CHOWN')
  const twice = refusal('COPY --chown=1 \\\n --chown=2 a b')
  assert.is(twice.code, 'FLAG_VALUE')
  assert.match(twice.message, 'duplicate flag specified: --chown')
  assert.equal(twice.at, { file: 'Dockerfile', line: 3, column: 2, endLine: 3, endColumn: 11 })
  assert.equal(args('COPY --exclude=a --exclude=b x y'), [{ sources: ['x'], dest: 'y', exclude: ['a', 'b'] }])
  assert.equal(args('RUN --device=a --mount=type=ssh --device=b --mount=type=tmpfs,target=/t x'), [
    { ...shell('x'), device: ['a', 'b'], mount: [{ type: 'ssh' }, { type: 'tmpfs', target: '/t' }] },
  ])
  assert.match(refusal('COPY --toString=1 a b').message, 'unknown flag')
})

parsing('D1.43 boolean flags', () => {
  assert.equal(
    args('COPY --link --parents=TRUE a b\nCOPY --link=false a b\nADD --unpack=False --keep-git-dir=false a b'),
    [
      { sources: ['a'], dest: 'b', link: true, parents: true },
      { sources: ['a'], dest: 'b' },
      { sources: ['a'], dest: 'b', unpack: false, 'keep-git-dir': false },
    ],
  )
  assert.match(refusal('COPY --link= a b').message, 'missing a value')
  assert.match(refusal('COPY --link=1 a b').message, 'expects a boolean value')
  assert.match(refusal('COPY --chown a b').message, 'missing a value on flag: --chown')
  assert.equal(args('COPY --chown= --from= a b'), [{ sources: ['a'], dest: 'b' }])
})

parsing('D1.44 instructions without flags refuse them', () => {
  for (const line of [
    'ENV --x A=1',
    'LABEL --x A=1',
    'MAINTAINER --x a',
    'ONBUILD --x RUN a',
    'WORKDIR --x a',
    'USER --x a',
  ]) {
    assert.is(refusal(line).message, 'unknown flag: --x', line)
  }
  for (const line of ['VOLUME --x a', 'EXPOSE --x 80', 'CMD --x a', 'ENTRYPOINT --x a', 'SHELL --x ["a"]']) {
    assert.is(refusal(line).message, 'unknown flag: --x', line)
  }
  assert.equal(args('CMD ["--help"]'), [exec('--help')])
})

parsing('D1.45 D14.8 ARG, STOPSIGNAL and HEALTHCHECK NONE swallow flags', () => {
  assert.equal(args('ARG --x A\nSTOPSIGNAL --anything 9\nHEALTHCHECK --x NONE'), [
    { variables: [{ name: 'A' }] },
    { signal: '9' },
    { test: { form: 'none' } },
  ])
})

parsing('D3.13 ARG declares one or more names', () => {
  assert.equal(args('ARG a b=1 c= d="x y"'), [
    {
      variables: [
        { name: 'a' },
        { name: 'b', default: '1' },
        { name: 'c', default: '' },
        { name: 'd', default: 'x y' },
      ],
    },
  ])
  assert.match(refusal('ARG =x').message, 'names can not be blank')
  assert.match(refusal('ARG').message, 'requires at least one argument')
})

parsing('D3.20 D3.21 D14.58 D14.59 both forms of ENV', () => {
  const [env] = parse('FROM scratch\nENV A = b').stages[0]!.instructions
  assert.equal(env!.args, { variables: [{ key: 'A', value: '= b' }] })
  assert.equal(env!.notes, ['legacy'])
  assert.match(refusal('ENV A= b').message, `can't find = in "b"`)
  assert.match(refusal('ENV A').message, 'must have two arguments')
  const blank = refusal('ENV A=1 =ab')
  assert.is(blank.code, 'DOCKERFILE_SYNTAX')
  assert.match(blank.message, 'names can not be blank')
  assert.equal(blank.at, { file: 'Dockerfile', line: 2, column: 9, endLine: 2, endColumn: 12 })
  for (const line of ['ENV', 'LABEL'])
    assert.equal(
      [refusal(line).code, refusal(line).message],
      ['DOCKERFILE_SYNTAX', `${line} requires at least one argument`],
    )
  assert.match(refusal('ENV A=b c').message, `can't find = in "c"`)
  assert.equal(args('ENV K  "a  b" c $Z=d'), [{ variables: [{ key: 'K', value: ['a  b c ', { var: 'Z' }, '=d'] }] }])
  assert.equal(args('ENV "A=b c"'), [
    {
      variables: [
        {
          key: [{ invalid: '"A', reason: 'a double quote is not closed' }],
          value: [{ invalid: 'b c"', reason: 'its name is malformed' }],
        },
      ],
    },
  ])
})

parsing('D4.1.1 FROM takes one word or three', () => {
  for (const text of ['FROM', 'FROM a b', 'FROM a as', 'FROM a at b', 'FROM a as b c']) {
    assert.match(failure(() => parse(text)).message, 'FROM requires either one or three arguments', text)
  }
  assert.is(failure(() => parse('FROM --x=1 a')).message, 'unknown flag: --x')
  assert.match(failure(() => parse('FROM a # b')).hint ?? '', 'a line of its own')
  assert.equal(parse('FROM --platform=$P a:$T aS Bld').stages[0]!.from.args, {
    base: { image: ['a:', { var: 'T' }] },
    name: 'bld',
    platform: [{ var: 'P' }],
  })
  assert.equal(parse('from a aS Bld').stages[0]!.from.notes, ['keyword:from', 'as:aS', 'name:Bld'])
})

parsing('D4.1.2 stage names are checked where they stand', () => {
  const error = failure(() => parse('FROM a AS 1b'))
  assert.match(error.message, 'invalid name for build stage: "1b"')
  assert.equal(error.at, { file: 'Dockerfile', line: 1, column: 11, endLine: 1, endColumn: 13 })
  for (const name of ['_a', 'a/b', 'é', '$x', '-a', 'a:b'])
    assert.match(failure(() => parse(`FROM a AS ${name}`)).message, 'invalid name for build stage', name)
  assert.is(parse('FROM a AS A_b.C-1').stages[0]!.from.args.name, 'a_b.c-1')
})

parsing('D4.1.5 D9.5 D14.60 FROM finds the nearest earlier stage by its exact name', () => {
  const bases = (text: string) => parse(text).stages.map(({ from }) => from.args.base)
  assert.equal(bases('FROM a AS a\nFROM a AS a\nFROM a'), [{ image: 'a' }, { stage: 0 }, { stage: 1 }])
  assert.equal(bases('FROM x AS Base\nFROM Base\nFROM base\nFROM "base"'), [
    { image: 'x' },
    { image: 'Base' },
    { stage: 0 },
    { stage: 0 },
  ])
  assert.equal(bases('FROM x\nFROM 0\nFROM later\nFROM y AS later').slice(1, 3), [{ image: '0' }, { image: 'later' }])
})

parsing('D9.4 D5.11 copies and mounts find stages by name, copies by number too', () => {
  const froms = (value: string) => {
    const { stages } = parse(
      `FROM x AS one\nFROM y AS two\nCOPY --from=${value} a b\nRUN --mount=from=${value} x\nFROM z AS ONE`,
    )
    const [copy, run] = stages[1]!.instructions.map(
      (instruction) => instruction.args as { from?: unknown; mount?: { from: unknown }[] },
    )
    return [copy!.from, run!.mount![0]!.from]
  }
  assert.equal(froms('One'), [{ stage: 2 }, { stage: 2 }])
  assert.equal(froms('0'), [{ stage: 0 }, { image: '0' }])
  assert.equal(froms('+01'), [{ stage: 1 }, { image: '+01' }])
  assert.equal(froms('9'), [{ image: '9' }, { image: '9' }])
  assert.equal(froms('alpine:3'), [{ image: 'alpine:3' }, { image: 'alpine:3' }])
})

parsing('D4.9.1 COPY needs a source and a destination', () => {
  assert.match(refusal('COPY a').message, 'requires at least two arguments')
  assert.match(refusal('ADD ["a"]').message, 'Destination could not be determined')
})

parsing('D4.9.3 --from does not expand', () => {
  for (const value of ['$A', '${A', '\'"a"\''])
    assert.match(refusal(`COPY --from=${value} a b`).message, 'not supported for --from')
})

parsing('D4.7.1 ports are sorted as written', () => {
  assert.equal(args('EXPOSE 80 443/tcp $A "7" 1'), [{ ports: ['7', [{ var: 'A' }], '1', '443/tcp', '80'] }])
  assert.equal(args('EXPOSE "$A"'), [{ ports: [[{ var: 'A', quoted: true }]] }])
})

parsing('D4.16.1 D4.16.2 HEALTHCHECK', () => {
  assert.equal(
    args('HEALTHCHECK --interval=1m30s --timeout=0 --retries=3 cmd a  b\nHEALTHCHECK CMD ["a"]\nHEALTHCHECK none'),
    [
      { test: { form: 'shell', text: 'a  b' }, interval: 90e9, retries: 3 },
      { test: { form: 'exec', args: ['a'] } },
      { test: { form: 'none' } },
    ],
  )
  for (const [line, message] of [
    ['HEALTHCHECK', 'at least one argument'],
    ['HEALTHCHECK NONE x', 'takes no arguments'],
    ['HEALTHCHECK CMD', 'Missing command'],
    ['HEALTHCHECK CMD []', 'Missing command'],
    ['HEALTHCHECK FOO x', 'Unknown type'],
    ['HEALTHCHECK --interval=5 CMD x', 'not a duration'],
    ['HEALTHCHECK --interval=$I CMD x', 'not a duration'],
    ['HEALTHCHECK --interval=1us CMD x', 'cannot be less than 1ms'],
    ['HEALTHCHECK --retries=-1 CMD x', 'cannot be negative'],
    ['HEALTHCHECK --retries=2147483648 CMD x', 'not a number'],
  ] as const) {
    assert.match(refusal(line).message, message, line)
  }
  assert.equal(refusal('HEALTHCHECK FOO').at, { file: 'Dockerfile', line: 2, column: 13, endLine: 2, endColumn: 16 })
  assert.equal(refusal('HEALTHCHECK FOO x').at, { file: 'Dockerfile', line: 2, column: 13, endLine: 2, endColumn: 16 })
  assert.is(refusal('HEALTHCHECK --interval=1.5 CMD x').hint, 'add a unit: 1.5s')
  for (const text of ['x5', '5x', '']) {
    if (text === '') assert.equal(args('HEALTHCHECK --interval= CMD x'), [{ test: { form: 'shell', text: 'x' } }])
    else assert.is(refusal(`HEALTHCHECK --interval=${text} CMD x`).hint, 'write it like 1m30s or 500ms', text)
  }
})

parsing('D4.17.1 SHELL is JSON only', () => {
  assert.match(refusal('SHELL /bin/sh -c').message, 'in JSON form')
  assert.is(refusal('SHELL /bin/sh -c').hint, 'write SHELL ["/bin/sh", "-c"]')
  assert.match(refusal('SHELL []').message, 'at least one argument')
})

parsing('D5.40 D5.41 D14.56 network and security are choices', () => {
  assert.match(refusal('RUN --network=$N x').message, '--network is default, none, host, not "$N"')
  assert.is(refusal('RUN --network=hots x').hint, 'did you mean host?')
  assert.is(refusal('RUN --security=Insecure x').code, 'FLAG_VALUE')
})

parsing('D8.1 D8.2 triggers keep their text; some are refused', () => {
  assert.equal(args('ONBUILD copy  --x  a \\\n  b \nONBUILD FOO  x'), [
    { trigger: 'copy  --x  a   b ' },
    { trigger: 'FOO  x' },
  ])
  assert.match(refusal('ONBUILD').message, 'at least one argument')
  assert.match(refusal('ONBUILD ONBUILD RUN x').message, 'Chaining ONBUILD')
  assert.match(refusal('ONBUILD from x').message, "FROM isn't allowed")
  assert.match(refusal('ONBUILD MAINTAINER x').message, "MAINTAINER isn't allowed")
  assert.match(refusal('ONBUILD ENV A= b').message, "can't find =")
  assert.match(refusal('ONBUILD LABEL a').message, 'must have two arguments')
  // the rest is looked at when it fires
  for (const line of ['ENV', 'USER', 'COPY a', 'HEALTHCHECK [1]', 'RUN --x'])
    assert.equal(args(`ONBUILD ${line}`), [{ trigger: line }])
})

parsing('D8.5 D8.6 a trigger is cut with \\ and expanded as its file says', () => {
  assert.equal(parseTrigger('COPY --from=x a `$A').args, {
    sources: ['a'],
    dest: ['`', { var: 'A' }],
    from: { image: 'x' },
  })
  assert.equal(parseTrigger('USER `$A', '`').args, { user: '$A' })
  assert.equal(parseTrigger('RUN a \\\n b', '`').args, shell('a  b'))
  assert.equal(parseTrigger('RUN <<E\nx\nE').args, shell('x\n'))
  assert.match(failure(() => parseTrigger('RUN a\nRUN b')).message, 'a single instruction')
  assert.is(failure(() => parseTrigger('FOO x')).code, 'UNKNOWN_INSTRUCTION')
  assert.match(failure(() => parseTrigger('FROM x')).message, "FROM isn't allowed")
})

parsing('all errors of a file are reported at once, in order', () => {
  const error = failure(() => parse('FROM scratch\nFOO\nRUN ok\nCOPY a\nENV =\nFROM x y'))
  assert.is(error.message, 'unknown instruction: FOO (and 3 more)')
  assert.equal(
    error.errors.map(({ at }) => at!.line),
    [2, 4, 5, 6],
  )
  assert.ok(error.errors.every(({ source }) => source?.startsWith('FROM scratch')))
  assert.is(failure(() => parse('FROM scratch\n' + 'X\n'.repeat(5000))).errors.length, 100)
})

parsing('where a line cannot be cut out, the errors before it are told too, and none behind it', () => {
  const error = failure(() => parse('FROM scratch\nFOO\nRUN <<E\nBAR\n'))
  assert.equal(
    error.errors.map(({ code, at }) => `${code} ${at?.line}`),
    ['UNKNOWN_INSTRUCTION 2', 'DOCKERFILE_HEREDOC 3'],
  )
})

parsing('whatever is wrong with the form of an instruction is a matter of syntax', () => {
  const forms = [
    'USER',
    'MAINTAINER',
    'ENV',
    'ENV A',
    'ENV A= b',
    'ENV =',
    'ARG',
    'ARG =x',
    'LABEL',
    'VOLUME []',
    'VOLUME [""]',
  ]
  const more = [
    'EXPOSE',
    'SHELL',
    'SHELL []',
    'SHELL a',
    'COPY a',
    'ADD [1]',
    'CMD [1]',
    'HEALTHCHECK',
    'HEALTHCHECK FOO x',
  ]
  const inner = ['', ' ONBUILD', ' FROM x', ' MAINTAINER x', ' RUN [1]', ' ENV A= b', ' LABEL a'].map(
    (text) => `ONBUILD${text}`,
  )
  for (const line of [...forms, ...more, ...inner, 'HEALTHCHECK NONE x', 'HEALTHCHECK CMD'])
    assert.is(refusal(line).code, 'DOCKERFILE_SYNTAX', line)
})

parsing('D2.14 D14.65 a malformed word in a stage is kept until it is expanded', () => {
  assert.equal(args('LABEL a=${b^} c=$d'), [
    {
      labels: [
        { key: 'a', value: [{ invalid: '${b^}', reason: 'the modifier "^" is not supported' }] },
        { key: 'c', value: [{ var: 'd' }] },
      ],
    },
  ])
})

parsing('A34 long files are read in a time that grows with their length', () => {
  const started = performance.now()
  parse(`FROM a\nRUN x \\\n${'  && echo hello \\\n'.repeat(100_000)} end`)
  parse(`FROM a\nCOPY <<E /x\n${'line $HOME of text\n'.repeat(200_000)}E\n`)
  parse(Array.from({ length: 10_000 }, (_, at) => `FROM ${at === 0 ? 'a' : `s${at - 1}`} AS s${at}\n`).join(''))
  assert.ok(performance.now() - started < 20_000)
  assert.match(failure(() => parse(`FROM a\n${'RUN x\n'.repeat(100_001)}`)).message, 'more than 100000 instructions')
})

parsing('A34 deep nesting is an error of that word, not an overflow', () => {
  const deep = '${a:-\\\n'.repeat(100_000)
  const [label] = args(`LABEL a=${deep}x`) as [{ labels: { value: readonly { reason: string }[] }[] }]
  assert.match(label.labels[0]!.value[0]!.reason, 'nests deeper than 100 levels')
  assert.is(args(`RUN echo ${deep} <<E`).length, 1)
})

parsing.run()
