/** What instructions do to the image config and its history. */
import { assemble } from '../../sdk/oci/assemble.ts'
import { assert, suite } from '../helpers/suite.ts'
import {
  config,
  copies,
  defaultPath,
  exec,
  history,
  image,
  kinds,
  labels,
  planned,
  refusal,
  sources,
  withBase,
} from './planning.ts'

const effects = suite('plan/config')
const alpine = 'docker.io/library/alpine:latest'
const last = (text: string) => history(`FROM scratch\n${text}`).at(-1)

effects('D4.1.3 a base name that is blank after expansion is refused, in any stage', () => {
  assert.match(refusal('FROM $NOPE AS a\nFROM scratch').message, 'blank')
})

effects('D4.1.4 D11.2 D14.117 scratch has a config of its own; --platform on it counts for nothing', () => {
  const text = 'FROM --platform=linux/arm64 scratch\nENV a=b'
  assert.equal(image(text), {
    os: 'linux',
    architecture: 'amd64',
    config: { WorkingDir: '/', Env: [defaultPath, 'a=b'] },
    rootfs: { type: 'layers', diff_ids: [] },
    history: [{ created_by: 'ENV a=b', comment: 'buildkit.dockerfile.v0', empty_layer: true }],
  })
  assert.is(planned(text).result, undefined)
})

effects('D4.1.8 a base config is taken over without its creation time and triggers, and is not shared', () => {
  const inherited = {
    ...{ Labels: { a: '1' }, User: 'u', Volumes: { '/v': {} }, Cmd: ['x'], Env: ['PATH=/p'], Entrypoint: ['e'] },
    ...{ WorkingDir: '/w', ExposedPorts: { '80/tcp': {} }, StopSignal: 'TERM', Shell: ['s'], ArgsEscaped: true },
    Healthcheck: { Test: ['CMD', 'h'], Interval: 5e9 },
  }
  const base = { created: '2020-01-01T00:00:00Z', author: 'me', history: [{ created_by: 'base' }] }
  const options = withBase(alpine, { ...base, config: { ...inherited, OnBuild: ['LABEL t=1'] } })
  const made = image('FROM alpine AS a\nLABEL b=2\nFROM alpine\nLABEL c=3', options)
  assert.is(made.created, undefined)
  assert.is(made.author, 'me')
  assert.equal(made.config, { ...inherited, Labels: { a: '1', t: '1', c: '3' } })
  assert.equal(
    made.history?.map(({ created_by }) => created_by),
    ['base', 'LABEL t=1', 'LABEL c=3'],
  )
})

effects('D4.1.10 an image that cannot be resolved is refused at its FROM', () => {
  const wrong = refusal('FROM scratch AS base\nFROM Base')
  assert.is(wrong.at?.line, 2)
  assert.match(wrong.message, 'Base')
})

effects('D4.2.1 RUN in its three forms', () => {
  const args = (text: string) => exec(`FROM alpine\n${text}`).meta.args
  assert.equal(args('RUN a  b'), ['/bin/sh', '-c', 'a  b'])
  assert.equal(args('RUN ["a", "b"]'), ['a', 'b'])
  assert.equal(args('RUN <<E\na\nE'), ['/bin/sh', '-c', 'a\n'])
  const { network, security, mounts } = exec(
    'FROM alpine\nRUN --network=none --security=insecure --mount=type=tmpfs,target=/t x',
  )
  assert.equal([network, security, mounts.length], [2, 1, 2])
})

effects('D4.2.3 RUN without a command gives the shell nothing; RUN [] is refused', () => {
  assert.equal(exec('FROM alpine\nRUN').meta.args, ['/bin/sh', '-c', ''])
  assert.match(refusal('FROM alpine\nRUN []').message, 'no program')
})

effects('D4.2.9 D14.119 history of RUN lists the arguments in force, each once, with what RUN sees', () => {
  const text = 'FROM alpine AS p\nARG a=1\nARG b\nARG a=2\nENV e=env\nARG c=arg\nENV c=env\n'
  assert.is(history(`${text}RUN x`).at(-1), 'RUN |3 a=2 b= c=env /bin/sh -c x # buildkit')
  assert.is(history(`${text}FROM p\nARG d=4\nRUN x`).at(-1), 'RUN |4 a=2 b= c=env d=4 /bin/sh -c x # buildkit')
})

effects('D4.2.10 what a RUN depends on is part of its op, and nothing else is', () => {
  const op = (text: string, options = {}) => JSON.stringify(exec(`FROM alpine\n${text}`, options))
  const plain = op('RUN x')
  for (const other of ['RUN y', 'ENV A=1\nRUN x', 'ARG A=1\nRUN x', 'USER u\nRUN x', 'RUN --network=none x'])
    assert.is.not(op(other), plain, other)
  for (const other of ['WORKDIR /w\nRUN x', 'RUN --mount=type=cache,target=/c x', 'RUN --security=insecure x'])
    assert.is.not(op(other), plain, other)
  const [at, on] = [
    { buildArgs: { BUILDKIT_SANDBOX_HOSTNAME: 'h' } },
    { platform: { os: 'linux', architecture: 'arm64' } },
  ]
  assert.is.not(op('RUN x', at), plain)
  const platformOf = (options = {}) => planned('FROM alpine\nRUN x', options).vertices.at(-1)!.platform
  assert.is.not(platformOf(on)!.Architecture, platformOf()!.Architecture)
  assert.is(op('LABEL a=b\nEXPOSE 80\nRUN x'), plain)
})

effects('D4.2.8 RUN always makes a layer, and an entry of the history that is not empty', () => {
  assert.equal(kinds('FROM alpine\nRUN x\nRUN x'), ['source', 'exec', 'exec'])
  assert.equal(history('FROM alpine\nRUN ["a", "b c"]\nRUN x'), ['RUN a b c # buildkit', 'RUN /bin/sh -c x # buildkit'])
})

effects('D4.3.1 D4.3.2 D4.3.3 CMD: exec form, shell form, none; the last one wins', () => {
  assert.equal(config('FROM scratch\nCMD x\nCMD ["a", "b"]').Cmd, ['a', 'b'])
  assert.equal(config('FROM scratch\nSHELL ["s"]\nCMD a b').Cmd, ['s', 'a b'])
  assert.equal(config('FROM scratch\nCMD').Cmd, ['/bin/sh', '-c', ''])
  assert.is(config('FROM scratch\nCMD x\nCMD []').Cmd, undefined)
  assert.is(config('FROM scratch\nCMD []').ArgsEscaped, true)
  assert.is(last('CMD ["a", "b\\"c"]'), '-CMD ["a" "b\\"c"]')
  const odd = '\\u0007\\b\\f\\n\\r\\t\\u000b\\u0000\\u001b\\u007f\\u00ad\\u200b\\udb40\\udc01\\ud83d\\ude00é\\\\'
  assert.is(last(`CMD ["${odd}"]`), '-CMD ["\\a\\b\\f\\n\\r\\t\\v\\x00\\x1b\\x7f\\u00ad\\u200b\\U000e0001😀é\\\\"]')
})

effects('D4.4.1 D4.4.3 D14.11 ENTRYPOINT: exec form, shell form, none', () => {
  assert.equal(config('FROM scratch\nENTRYPOINT []x').Entrypoint, ['/bin/sh', '-c', '[]x'])
  const cleared = config('FROM scratch\nENTRYPOINT ["a"]\nENTRYPOINT []')
  assert.is(cleared.Entrypoint, undefined)
  assert.is(cleared.ArgsEscaped, undefined)
  assert.is(last('ENTRYPOINT ["a"]'), '-ENTRYPOINT ["a"]')
})

effects('D4.4.2 D14.68 ENTRYPOINT clears a CMD that came from outside of the stage', () => {
  assert.is(config('FROM scratch AS p\nCMD ["a"]\nFROM p\nENTRYPOINT ["b"]').Cmd, undefined)
  assert.equal(config('FROM scratch\nCMD ["a"]\nENTRYPOINT ["b"]').Cmd, ['a'])
})

effects('D4.5.1 D4.5.3 LABEL: quoted names, the old form, history without quotes', () => {
  assert.equal(labels('FROM scratch\nLABEL "a b"=c d="e f"'), { 'a b': 'c', d: 'e f' })
  assert.equal(labels('FROM scratch\nENV K=key\nLABEL $K rest of $K'), { key: 'rest of key' })
  assert.is(last('LABEL "a b"=c d="e f"'), '-LABEL a b=c d=e f')
  assert.equal(Object.entries(labels('FROM scratch\nLABEL __proto__=x y=z')), [
    ['__proto__', 'x'],
    ['y', 'z'],
  ])
})

effects('D4.5.2 D11.12 labels of the request come last, for the target alone, without history', () => {
  const text = 'FROM scratch AS a\nLABEL k=file l=file\nFROM a'
  const options = { labels: { k: 'request' } }
  assert.equal(labels(text, options), { k: 'request', l: 'file' })
  assert.equal(history(text, options), ['-LABEL k=file l=file'])
})

effects('D4.6.1 MAINTAINER is the author, not a label', () => {
  const made = image('FROM scratch\nMAINTAINER  A $B <c>')
  assert.is(made.author, 'A $B <c>')
  assert.is(made.config?.Labels, undefined)
  assert.is(last('MAINTAINER me'), '-MAINTAINER me')
  assert.match(refusal('FROM scratch\nONBUILD MAINTAINER me').message, "MAINTAINER isn't allowed")
})

effects('D4.7.2 D4.7.4 D14.121 EXPOSE: ranges and protocols, in sorted order', () => {
  const ports = (text: string) => Object.keys(config(`FROM scratch\nEXPOSE ${text}`).ExposedPorts ?? {}).sort()
  assert.equal(ports('8080-8081/TCP 80'), ['80/tcp', '8080/tcp', '8081/tcp'])
  assert.equal(ports('1.2.3.4:80:90/udp 7/ [::1]:1-2:3-4'), ['3/tcp', '4/tcp', '7/tcp', '90/udp'])
  assert.equal(ports('0 65535/SCTP 3-3 +7'), ['0/tcp', '3/tcp', '65535/sctp', '7/tcp'])
  // an address and a port of the host count for nothing, and what is written there may be little
  for (const spec of ['::80', ':1:80', '[]::80', '[::]::80', '::1:80:80', '1:2:3:4:5:6:7:8:1:80', '::FFFF:1.2.3.4::80'])
    assert.equal(ports(spec), ['80/tcp'], spec)
  assert.equal(ports('8-9:80'), ['80/tcp'])
  assert.equal(ports('0--0'), ['0/tcp'])
  assert.is(last('EXPOSE 80 1234/udp'), '-EXPOSE [1234/udp 80/tcp]')
})

effects('D4.7.3 D4.7.1 EXPOSE refuses what is no port', () => {
  for (const [text, message] of Object.entries({
    '/tcp': 'no port specified',
    '80:': 'no port specified',
    '80/x': 'invalid proto',
    '65536': 'invalid containerPort',
    '80-': 'invalid containerPort',
    'a:80': 'invalid hostPort',
    'x:1:80': 'invalid IP address',
    '01.2.3.4::80': 'invalid IP address',
    '1.2.3.256::80': 'invalid IP address',
    '1.2.3::80': 'invalid IP address',
    '[fe80::1%eth0]::80': 'invalid IP address',
    '::1]/:80:80': 'invalid IP address',
    '[::1]x::80': 'invalid IP address',
    '-80': 'invalid containerPort',
    '1-2-3': 'invalid containerPort',
    '0x50': 'invalid containerPort',
    '65536:80': 'invalid hostPort',
    '1-2:3-5': 'invalid ranges specified',
    '9-8': 'descends',
  })) {
    const error = refusal(`FROM scratch\nEXPOSE ${text}`)
    assert.is(error.code, 'ARGUMENT_VALUE', text)
    assert.match(error.message, message, text)
  }
})

effects('D4.9.4 D4.9.5 D4.9.6 COPY and ADD refuse modes and sources that cannot be', () => {
  const why = (text: string) => refusal(`FROM scratch\n${text}`).message
  for (const mode of ['64a', '0o755', '10000', 'u~r']) assert.match(why(`COPY --chmod=${mode} a /`), 'not a mode', mode)
  for (const mode of ['0', '7777', '0755', 'u=rw,g+x', 'a-x', '+s,o=t', 'ug=o', '='])
    planned(`FROM scratch\nCOPY --chmod=${mode} a /`)
  for (const source of ['http://h/x', 'https://h/x']) assert.match(why(`COPY ${source} /`), 'URL')
  assert.match(why('COPY git@h:o/r.git /'), 'git repository')
  assert.match(why('ADD --checksum=sha256:00 https://h/a https://h/b /'), 'exactly one source')
  assert.match(why('ADD --checksum=sha256:00 a /'), 'URLs and git')
  for (const checksum of ['sha256:00', 'sha512:00', `sha256:${'A'.repeat(64)}`, `sha1:${'a'.repeat(40)}`, 'abc'])
    assert.match(why(`ADD --checksum=${checksum} https://h/a /`), 'is not a checksum', checksum)
  for (const checksum of [`sha256:${'a'.repeat(64)}`, `sha384:${'a'.repeat(96)}`, `sha512:${'a'.repeat(128)}`]) {
    const [source] = sources(`FROM scratch\nADD --checksum=${checksum} https://h/a /`)
    assert.is(source!.attrs!['http.checksum'], checksum)
  }
})

effects('D4.9.2 D4.9.7 D4.9.8 history of COPY and ADD shows owner, mode and parents, and no other flag', () => {
  assert.is(
    last('COPY --link --parents --chown=1:$X --chmod=755 --exclude=q a b /c/'),
    'COPY --parents --chown=1: --chmod=755 a b /c/ # buildkit',
  )
  assert.is(last('COPY <<E a /d/\nx\nE'), 'COPY a <<E /d/ # buildkit')
  assert.is(last('ADD --unpack=false --chown=1 a /d/'), 'ADD --chown=1 a /d/ # buildkit')
})

effects('D4.10.1 D4.10.2 D14.118 VOLUME: as written; it makes no layer, and later steps may write there', () => {
  const text = 'FROM alpine\nVOLUME ["/a b", "c/../d"] \nRUN echo 1 > /v/f'
  assert.equal(Object.keys(config(text).Volumes ?? {}), ['/a b', 'c/../d'])
  assert.equal(kinds(text), ['source', 'exec'])
  assert.is(last('VOLUME /a /b'), '-VOLUME [/a /b]')
  assert.match(refusal('FROM scratch\nVOLUME $NOPE').message, 'empty')
  for (const line of ['VOLUME [""]', 'VOLUME ["  ", "/a"]'])
    assert.match(refusal(`FROM scratch\n${line}`).message, 'can not be an empty string', line)
  for (const line of ['VOLUME', 'VOLUME []'])
    assert.equal(
      [refusal(`FROM scratch\n${line}`).code, refusal(`FROM scratch\n${line}`).message],
      ['DOCKERFILE_SYNTAX', 'VOLUME requires at least one argument'],
    )
  assert.equal(Object.keys(config('FROM scratch\nVOLUME [" /a "]').Volumes ?? {}), ['/a'])
})

effects('D4.11.1 D14.55 USER: kept as it is, may become empty', () => {
  assert.is(config('FROM scratch\nUSER a b:c').User, 'a b:c')
  for (const keyword of ['USER', 'WORKDIR', 'STOPSIGNAL', 'MAINTAINER'])
    assert.match(refusal(`FROM scratch\n${keyword}`).message, `${keyword} requires exactly one argument`)
  assert.not('User' in config('FROM scratch\nUSER u\nUSER $NOPE'))
  assert.is(exec('FROM alpine\nUSER u\nUSER $NOPE\nRUN x').meta.user, undefined)
  assert.is(last('USER x'), '-USER x')
})

effects('D4.11.2 D14.92 USER is for RUN and for what WORKDIR makes, not for COPY', () => {
  const text = 'FROM alpine\nUSER 1000\nWORKDIR /w\nCOPY f .\nRUN id'
  assert.is(exec(text).meta.user, '1000')
  assert.is(copies(text)[0]?.owner, undefined)
  const made = planned(text).vertices.flatMap(({ op }) => ('file' in op ? op.file.actions : []))[0]!.Action
  assert.equal('mkdir' in made && made.mkdir.owner, { user: { User: { byId: 1000 } } })
})

effects('D4.12.1 D14.115 WORKDIR: absolute as written, relative joined', () => {
  const dir = (text: string) => config(`FROM scratch\n${text}`).WorkingDir
  assert.is(dir('WORKDIR /a/../b/'), '/a/../b/')
  assert.is(dir('WORKDIR /a/../b/\nWORKDIR c'), '/b/c')
  assert.is(dir('WORKDIR /a/../b/\nWORKDIR $NOPE'), '/a/../b/')
  assert.is(dir('WORKDIR a'), '/a')
  assert.is(dir('WORKDIR a/../b/'), '/b')
  assert.is(dir('WORKDIR ..'), '/')
  // a relative one of the base is joined to itself, as in BuildKit
  for (const [own, kept, joined] of [
    ['/base/', '/base/', '/base/c'],
    ['/a/../b', '/a/../b', '/b/c'],
    ['app', '/app/app', '/app/app/c'],
    ['./x/', '/x/x', '/x/x/c'],
    ['.', '/', '/c'],
  ] as const) {
    const options = withBase(alpine, { config: { WorkingDir: own } })
    assert.is(exec('FROM alpine\nRUN x', options).meta.cwd, kept, own)
    assert.is(config('FROM alpine', options).WorkingDir, kept, own)
    assert.is(config('FROM alpine\nWORKDIR c', options).WorkingDir, joined, own)
    assert.is(config('FROM alpine AS a\nFROM a\nWORKDIR c', options).WorkingDir, joined, own)
  }
})

effects('D4.12.3 D11.1 D14.116 WORKDIR / makes no layer, any other does', () => {
  assert.equal(history('FROM scratch\nWORKDIR /\nWORKDIR /x\nWORKDIR $NOPE'), [
    '-WORKDIR /',
    'WORKDIR /x',
    'WORKDIR /x',
  ])
  assert.equal(kinds('FROM scratch\nWORKDIR /'), [])
})

effects('D4.12.4 directories of WORKDIR are of the epoch', () => {
  const { op } = planned('FROM scratch\nWORKDIR /x', { sourceDateEpoch: 7 }).vertices[0]!
  const action = 'file' in op ? op.file.actions[0]!.Action : undefined
  assert.is(action && 'mkdir' in action && action.mkdir.timestamp, 7e9)
})

effects('D4.15.1 STOPSIGNAL: numbers and names, as written', () => {
  const numbers = ['9', '+09', '-9223372036854775808', '9223372036854775807']
  for (const signal of [...numbers, 'SIGTERM', 'term', 'RTMIN+3', 'RTMIN+15', 'SIGRTMAX-1', 'RTMAX-14', 'Cld'])
    assert.is(config(`FROM scratch\nSTOPSIGNAL ${signal}`).StopSignal, signal)
  const wrong = ['0', '-0', '9223372036854775808', '-9223372036854775809', '9.0', '0x9', 'UNUSED', 'EMT', 'SIG9']
  for (const signal of [...wrong, 'NOPE', '$X', 'SIGSIGTERM', 'RTMIN+03', 'RTMIN+16', 'RTMIN+0', 'RTMAX-15', 'RTMIN-1'])
    assert.match(refusal(`FROM scratch\nSTOPSIGNAL ${signal}`).message, /signal/i, signal)
  assert.is(last('STOPSIGNAL 9'), '-STOPSIGNAL 9')
})

effects('D4.16.1 D4.16.2 D4.16.4 D14.122 HEALTHCHECK replaces the whole check', () => {
  const check = (text: string) => config(`FROM scratch\n${text}`).Healthcheck
  assert.equal(check('HEALTHCHECK --interval=1s cmd a b'), { Test: ['CMD-SHELL', 'a b'], Interval: 1e9 })
  assert.equal(check('HEALTHCHECK --retries=3 CMD x\nHEALTHCHECK CMD ["a"]'), { Test: ['CMD', 'a'] })
  assert.equal(check('HEALTHCHECK CMD x\nHEALTHCHECK none'), { Test: ['NONE'] })
  const all = '--start-period=2s --start-interval=3s --timeout=4s --interval=1.5ms --retries=+7'
  const times = { StartPeriod: 2e9, StartInterval: 3e9, Timeout: 4e9, Interval: 1.5e6, Retries: 7 }
  assert.equal(check(`HEALTHCHECK ${all} CMD x`), { Test: ['CMD-SHELL', 'x'], ...times })
  assert.equal(check('HEALTHCHECK --interval=0 --timeout=0s --retries=0 CMD x'), { Test: ['CMD-SHELL', 'x'] })
  assert.is(
    last(`HEALTHCHECK ${all} CMD x`),
    '-HEALTHCHECK {Test:[CMD-SHELL x] Interval:1.5ms Timeout:4s StartPeriod:2s StartInterval:3s Retries:7}',
  )
  assert.is(
    last('HEALTHCHECK --interval=1s CMD ["a", "b"]'),
    '-HEALTHCHECK {Test:[CMD a b] Interval:1s Timeout:0s StartPeriod:0s StartInterval:0s Retries:0}',
  )
})

effects('D4.17.1 D14.32 D14.120 SHELL: for what comes after it, in stages on top as well', () => {
  const child = config('FROM scratch AS a\nSHELL ["s", "-x"]\nFROM a\nCMD x\nENTRYPOINT y')
  assert.equal(
    [child.Shell, child.Cmd, child.Entrypoint],
    [
      ['s', '-x'],
      ['s', '-x', 'x'],
      ['s', '-x', 'y'],
    ],
  )
  assert.equal(config('FROM scratch\nCMD echo hi\nSHELL ["/bin/bash","-c"]').Cmd, ['/bin/sh', '-c', 'echo hi'])
  assert.equal(exec('FROM alpine\nSHELL ["/bin/awk"]\nRUN <<E\nBEGIN{print 1}\nE').meta.args, [
    '/bin/awk',
    'BEGIN{print 1}\n',
  ])
  assert.is(last('SHELL ["/bin/bash", "-c"]'), '-SHELL [/bin/bash -c]')
})

effects('D4.1.9 members of a base config that no specification has are gone from the image', () => {
  const base = {
    config: { Env: ['PATH=/p'], Odd: 1 },
    container: 'x',
    rootfs: { type: 'layers', diff_ids: [] },
  } as object
  const made = image('FROM alpine\nLABEL a=b', withBase(alpine, base))
  const written = JSON.parse(Buffer.from(assemble({ config: made, layers: [] }).config.bytes).toString())
  assert.is(written.config.Labels.a, 'b')
  assert.is(written.container, undefined)
  assert.is(written.config.Odd, undefined)
})

effects('D11.3 history is that of the chain of FROM alone', () => {
  const text = 'FROM alpine AS other\nRUN other\nFROM alpine AS a\nRUN a\nFROM a\nCOPY --from=other /x /\nENV b=c'
  assert.equal(history(text), ['RUN /bin/sh -c a # buildkit', 'COPY /x / # buildkit', '-ENV b=c'])
})

effects('D11.5 D11.16 what only edits the config makes no op', () => {
  const text =
    'FROM scratch\nVOLUME /v\nEXPOSE 1\nUSER u\nSTOPSIGNAL 9\nHEALTHCHECK CMD x\nSHELL ["s"]\nLABEL a=b\nCMD x\nENTRYPOINT x'
  assert.equal(kinds(text), [])
  assert.equal(kinds(`${text}\nRUN ["true"]`), ['exec'])
})

effects('D11.13 order of the environment: base, PATH where it was missing, then as first set', () => {
  const options = withBase(alpine, { config: { Env: ['B=1'] } })
  assert.equal(config('FROM alpine\nENV Z=1\nENV A=1 B=2', options).Env, ['B=2', defaultPath, 'Z=1', 'A=1'])
})

effects.run()
