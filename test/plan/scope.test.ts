/** Variables in a plan: ARG and ENV, before the first FROM and in stages. */
import { assert, suite } from '../helpers/suite.ts'
import {
  config,
  copies,
  defaultPath,
  environment,
  exec,
  history,
  image,
  labels,
  mounts,
  planned,
  refusal,
  sources,
  withBase,
} from './planning.ts'

const scope = suite('plan/scope')
const alpine = 'docker.io/library/alpine:latest'

scope('D3.1 D14.42 what is declared before FROM is seen by FROM, and in a stage only when declared again', () => {
  const text = 'ARG V=1\nARG W=$V.2\nFROM --platform=linux/$TARGETARCH base:$W\n'
  assert.equal(
    sources(text).map(({ identifier }) => identifier),
    ['docker-image://docker.io/library/base:1.2'],
  )
  assert.equal(labels(`${text}LABEL v=$V`), { v: '' })
  assert.equal(labels(`${text}ARG V\nLABEL v=$V`), { v: '1' })
})

scope('D3.2 the predefined arguments', () => {
  const names = ['PLATFORM', 'OS', 'ARCH', 'VARIANT', 'OSVERSION']
  const text = (stage: string) =>
    `FROM scratch AS ${stage}\nARG ${names.map((name) => `BUILD${name} TARGET${name}`).join(' ')} TARGETSTAGE\n` +
    `LABEL ${names.map((name) => `b${name}=$BUILD${name} t${name}=$TARGET${name}`).join(' ')} stage=$TARGETSTAGE`
  const platform = { os: 'linux', architecture: 'arm', variant: 'v6' }
  assert.equal(labels(text('last'), { platform }), {
    ...{ bPLATFORM: 'linux/amd64', bOS: 'linux', bARCH: 'amd64', bVARIANT: '', bOSVERSION: '' },
    ...{ tPLATFORM: 'linux/arm/v6', tOS: 'linux', tARCH: 'arm', tVARIANT: 'v6', tOSVERSION: '' },
    stage: 'last',
  })
  assert.is(labels(`${text('a')}\nFROM scratch`, { target: 'a' })['stage'], 'a')
  assert.is(labels('FROM scratch\nARG TARGETSTAGE\nLABEL s=$TARGETSTAGE')['s'], 'default')
})

scope('D3.3 a build argument overrides one predefined argument, and no other', () => {
  const text = 'FROM scratch\nARG TARGETOS TARGETPLATFORM\nLABEL o=$TARGETOS p=$TARGETPLATFORM'
  assert.equal(labels(text, { buildArgs: { TARGETOS: 'freebsd' } }), { o: 'freebsd', p: 'linux/amd64' })
})

scope('D3.4 an ARG before FROM replaces a predefined value, unless a build argument is given', () => {
  const text = 'ARG TARGETARCH=x\nFROM scratch\nARG TARGETARCH\nLABEL a=$TARGETARCH'
  assert.equal(labels(text), { a: 'x' })
  assert.equal(labels(text, { buildArgs: { TARGETARCH: 'y' } }), { a: 'y' })
})

scope('D3.5 D14.46 an argument without a value is unset, not empty', () => {
  const text = 'ARG X\nFROM scratch\nARG X\nLABEL l=${X-unset}'
  assert.equal(labels(text), { l: 'unset' })
  assert.equal(labels(text, { buildArgs: { X: '' } }), { l: '' })
  assert.equal(
    sources('ARG X\nFROM base:${X-none}').map(({ identifier }) => identifier),
    ['docker-image://docker.io/library/base:none'],
  )
})

scope('D3.6 D14.57 a default that cannot be expanded fails, unless a build argument is given', () => {
  for (const text of ['ARG F=${G:?no}\nFROM scratch', 'FROM scratch\nARG F=${G:?no}']) {
    assert.match(refusal(text).message, 'G: no')
    assert.ok(image(text, { buildArgs: { F: '1' } }))
  }
})

scope('D3.7 an ARG without default takes the build argument, else the value from before FROM', () => {
  const text = 'ARG V=global\nFROM scratch\nARG V\nLABEL v=$V'
  assert.equal(labels(text), { v: 'global' })
  assert.equal(labels(text, { buildArgs: { V: 'given' } }), { v: 'given' })
  assert.equal(labels('FROM scratch\nARG V\nLABEL v=${V-unset}'), { v: 'unset' })
})

scope('D3.8 D14.43 D14.44 an ARG with a default in a stage does not look at the value from before FROM', () => {
  const text = 'ARG V=1\nFROM scratch\nARG V=2\nLABEL v=$V'
  assert.equal(labels(text), { v: '2' })
  assert.equal(labels(text, { buildArgs: { V: '3' } }), { v: '3' })
  assert.equal(labels('FROM scratch\nARG TARGETARCH=none\nLABEL a=$TARGETARCH'), { a: 'none' })
})

scope('D3.9 D14.48 build arguments that no ARG declares are not seen', () => {
  const buildArgs = { V: '1', HTTP_PROXY: 'http://p' }
  assert.equal(labels('FROM scratch\nLABEL v=${V-unset} p=${HTTP_PROXY-unset}', { buildArgs }), {
    v: 'unset',
    p: 'unset',
  })
  assert.equal(environment('FROM alpine\nRUN env', { buildArgs }), [])
})

scope('D3.10 an ARG is in force from its own line on', () => {
  assert.equal(labels('FROM scratch\nLABEL a=$V\nARG V=1\nLABEL b=$V'), { a: '', b: '1' })
})

scope('D3.11 D3.12 D14.47 an ARG with a value is exported to RUN, and is not in the image', () => {
  const text = 'FROM alpine\nARG A\nARG B=\nARG C=c\nRUN env'
  assert.equal(environment(text), ['B=', 'C=c'])
  assert.equal(config(text).Env, [defaultPath])
})

scope('D3.14 D14.41 arguments on one line see those before them', () => {
  assert.equal(labels('FROM scratch\nARG A=1 B=$A\nLABEL b=$B'), { b: '1' })
  assert.equal(labels('ARG A=1 B=$A\nFROM scratch\nARG B\nLABEL b=$B'), { b: '1' })
})

scope('D3.15 ENV after ARG wins, also over the build argument', () => {
  const text = 'FROM alpine\nARG V=arg\nENV V=env\nLABEL v=$V\nRUN env'
  assert.equal(labels(text, { buildArgs: { V: 'given' } }), { v: 'env' })
  assert.equal(environment(text, { buildArgs: { V: 'given' } }), ['V=env'])
})

scope('D3.16 ARG after ENV wins in its stage; the image keeps the ENV', () => {
  const text = 'FROM alpine\nENV V=env\nARG V=arg\nRUN env'
  assert.equal(environment(text), ['V=arg'])
  assert.equal(config(text).Env, [defaultPath, 'V=env'])
  assert.equal(environment('FROM alpine\nENV V=env\nARG V\nRUN env'), ['V=env'])
})

scope('D3.17 D14.45 a stage inherits arguments, and ENV wins again across the boundary', () => {
  const parent = 'FROM scratch AS a\nENV X=env\nARG X=arg Y=y\nLABEL l=$X\n'
  assert.equal(labels(`${parent}FROM a\nLABEL m=$X n=$Y`), { l: 'arg', m: 'env', n: 'y' })
  assert.ok(config(`${parent}FROM a`).Env?.includes('X=env'))
})

scope('D3.18 files of another stage bring no variables', () => {
  const text = 'FROM alpine AS a\nENV X=1\nFROM alpine\nCOPY --from=a /a /\nRUN --mount=from=a,target=/m env'
  assert.equal(environment(text), [])
})

scope('D3.19 the environment of the base image is there from the start', () => {
  const options = withBase(alpine, { config: { Env: ['A=base', 'PATH=/p'] } })
  assert.equal(labels('FROM alpine\nLABEL a=$A p=$PATH', options), { a: 'base', p: '/p' })
  assert.equal(environment('FROM alpine\nARG A=arg\nRUN env', options), ['A=arg'])
})

scope('D3.22 ENV replaces in place, and appends what is new', () => {
  const options = withBase(alpine, { config: { Env: ['A=1', 'PATH=/p', 'B=2', 'A=3'] } })
  assert.equal(config('FROM alpine\nENV C=c A=a', options).Env, ['A=a', 'PATH=/p', 'B=2', 'A=3', 'C=c'])
})

scope('D2.37 D3.23 D14.40 an instruction sees the variables as they were before it', () => {
  assert.equal(labels('FROM scratch\nENV A=x\nENV A=y B=$A\nLABEL a=$A b=$B'), { a: 'y', b: 'x' })
  assert.equal(labels('FROM scratch\nENV abc=hello\nENV abc=bye def=$abc\nENV ghi=$abc\nLABEL d=$def g=$ghi'), {
    d: 'hello',
    g: 'bye',
  })
})

scope('D3.24 a name that expands to nothing is kept as it is', () => {
  assert.equal(config('FROM scratch\nENV $NOPE=v').Env, [defaultPath, '=v'])
})

scope('D3.25 a percent sign is a percent sign', () => {
  assert.equal(config('FROM scratch\nARG P=%d\nENV A=%s%% B=$P').Env, [defaultPath, 'A=%s%%', 'B=%d'])
  assert.equal(history('FROM scratch\nENV A=%s'), ['-ENV A=%s'])
})

scope('D3.26 D13.11 proxies reach RUN beside its environment; the lexically later spelling wins', () => {
  const buildArgs = { http_proxy: 'lower', HTTP_PROXY: 'upper', No_Proxy: 'n', ALL_PROXY: 'a', my_http_proxy: 'm' }
  const { meta } = exec('FROM alpine\nRUN env', { buildArgs })
  assert.equal(meta.proxy_env, { http_proxy: 'lower', no_proxy: 'n', all_proxy: 'a' })
  assert.is(
    exec('FROM alpine\nRUN env', { buildArgs: { my_http_proxy: 'm', http_proxyy: 'm' } }).meta.proxy_env,
    undefined,
  )
  assert.equal(meta.env, [defaultPath])
  assert.equal(history('FROM alpine\nRUN env', { buildArgs }), ['RUN /bin/sh -c env # buildkit'])
  const others = { https_Proxy: 's', FTP_PROXY: 'f', MY_PROXY: 'm' }
  assert.equal(exec('FROM alpine\nRUN env', { buildArgs: others }).meta.proxy_env, { https_proxy: 's', ftp_proxy: 'f' })
  assert.is(exec('FROM alpine\nRUN env', { buildArgs: { MY_PROXY: 'm' } }).meta.proxy_env, undefined)
})

scope('D3.27 a proxy that is declared is an ordinary argument as well', () => {
  const text = 'FROM alpine\nARG HTTP_PROXY\nLABEL p=$HTTP_PROXY\nRUN env'
  const buildArgs = { HTTP_PROXY: 'x' }
  assert.equal(labels(text, { buildArgs }), { p: 'x' })
  assert.equal(exec(text, { buildArgs }).meta.proxy_env, { http_proxy: 'x' })
  assert.equal(environment(text, { buildArgs }), ['HTTP_PROXY=x'])
  assert.is(history(text, { buildArgs }).at(-1), 'RUN |1 HTTP_PROXY=x /bin/sh -c env # buildkit')
})

scope('D1.1 a mark of the byte order at the start of a word is not part of it', () => {
  assert.equal(labels('FROM \ufeffscratch\nLABEL a=\ufeffb c="\ufeffd"'), { a: 'b', c: '\ufeffd' })
})

scope('D3.28 arguments of the SBOM scanner are never exported and never expand', () => {
  const text =
    'FROM alpine\nARG BUILDKIT_SBOM_SCAN_STAGE=true BUILDKIT_SBOM_SCAN_CONTEXT\nLABEL s=$BUILDKIT_SBOM_SCAN_STAGE\nRUN env'
  assert.equal(labels(text, { buildArgs: { BUILDKIT_SBOM_SCAN_CONTEXT: '1' } }), { s: '' })
  assert.equal(environment(text, { buildArgs: { BUILDKIT_SBOM_SCAN_CONTEXT: '1' } }), [])
  assert.is(
    history('FROM alpine\nARG BUILDKIT_SBOM_SCAN_STAGE=true\nRUN x').at(-1),
    'RUN |1 BUILDKIT_SBOM_SCAN_STAGE=true /bin/sh -c x # buildkit',
  )
  assert.is(
    history('FROM scratch\nARG BUILDKIT_SBOM_SCAN_STAGE=1 B=${BUILDKIT_SBOM_SCAN_STAGE}x').at(-1),
    '-ARG BUILDKIT_SBOM_SCAN_STAGE=1 B=x',
  )
})

scope('D3.29 an argument changes the plan from the first RUN on, not before', () => {
  const text = 'FROM alpine\nCOPY a /\nARG V\nCOPY b /\nRUN make\n'
  const of = (V: string) => exec(text, { buildArgs: { V } }).meta.env
  assert.not.equal(of('1'), of('2'))
  const copiesOnly = text.replace('RUN make\n', '')
  assert.equal(sources(copiesOnly, { buildArgs: { V: '1' } }), sources(copiesOnly, { buildArgs: { V: '2' } }))
})

scope('D3.30 D3.31 PATH is always set; HOME, USER and PWD are not', () => {
  assert.equal(labels('FROM scratch\nLABEL p=$PATH h=$HOME$HOSTNAME$USER$PWD'), { p: defaultPath.slice(5), h: '' })
})

scope('D2.17 names are case-sensitive', () => {
  assert.equal(labels('FROM scratch\nENV a=1\nLABEL l=$A$a'), { l: '1' })
})

scope('D2.30 D2.32 D2.34 what expands, and stays one word', () => {
  const text = `FROM alpine AS a
ARG V="x y" P="/p q" U=7 D="1 2"
ENV E$U=$V
LABEL l$U=$V
WORKDIR $P
USER $U:$U
STOPSIGNAL $U
VOLUME $P/v ["$P"]
COPY --chown=$U --chmod=0$U$U$U $P $V/
RUN --mount=type=cache,id=$V,target=/c/$D x`
  const { Env, Labels, WorkingDir, User, StopSignal, Volumes } = config(text)
  assert.equal([Env?.at(-1), Labels, WorkingDir, User, StopSignal], ['E7=x y', { l7: 'x y' }, '/p q', '7:7', '7'])
  assert.equal(Object.keys(Volumes ?? {}), ['/p q/v', '[/p q]'])
  assert.equal(
    copies(text).map(({ src, dest, mode }) => [src, dest, mode]),
    [['/p q', '/p q/x y/', 0o777]],
  )
  assert.equal(
    mounts(text).map(({ dest, cacheOpt }) => [dest, cacheOpt?.ID]),
    [['/c/1 2', '/x y']],
  )
  const checksum = `sha256:${'a'.repeat(64)}`
  const [added] = sources(
    `ARG I=h/i P=linux/arm64\nFROM --platform=$P $I\nARG C=${checksum}\nADD --checksum=$C https://h/f /`,
  ).slice(-1)
  assert.is(added!.attrs!['http.checksum'], checksum)
  const [base] = planned('ARG I=h/i P=linux/arm64\nFROM --platform=$P $I').vertices
  assert.equal(
    [base!.op, base!.platform],
    [{ source: { identifier: 'docker-image://docker.io/h/i:latest' } }, { OS: 'linux', Architecture: 'arm64' }],
  )
})

scope('D2.33 what never expands', () => {
  const text = `FROM scratch
ENV V=x
SHELL ["$V"]
CMD $V
ENTRYPOINT ["$V"]
HEALTHCHECK CMD $V
MAINTAINER $V
ONBUILD RUN $V
COPY --exclude=$V a /`
  const { Shell, Cmd, Entrypoint, Healthcheck, OnBuild } = config(text)
  assert.equal(
    [Shell, Cmd, Entrypoint, Healthcheck?.Test, OnBuild],
    [['$V'], ['$V', '$V'], ['$V'], ['CMD-SHELL', '$V'], ['RUN $V']],
  )
  assert.is(image(text).author, '$V')
  assert.equal(copies(text)[0]?.excludePatterns, ['$V'])
  for (const line of ['RUN --network=$V x', 'RUN --security=$V x', 'COPY --link=$V a b', 'COPY --from=$V a b'])
    assert.is(refusal(`FROM scratch\nENV V=none\n${line}`).code, 'FLAG_VALUE', line)
  assert.match(refusal('ARG V=s\nFROM scratch AS $V').message, 'invalid name for build stage')
  assert.equal(labels('FROM scratch\nENV V=n\nARG $V=1\nLABEL l=${n-unset}'), { l: 'unset' })
})

scope('D2.38 an undefined variable is empty', () => {
  assert.equal(labels('FROM scratch\nLABEL l=[$NOPE]'), { l: '[]' })
})

scope('D13.13 arguments to the builder are arguments like others where ARG declares them', () => {
  const text =
    'FROM scratch\nARG BUILDKIT_CACHE_MOUNT_NS BUILDKIT_SANDBOX_HOSTNAME\nLABEL n=$BUILDKIT_CACHE_MOUNT_NS h=$BUILDKIT_SANDBOX_HOSTNAME'
  const buildArgs = { BUILDKIT_CACHE_MOUNT_NS: 'ns', BUILDKIT_SANDBOX_HOSTNAME: 'box' }
  assert.equal(labels(text, { buildArgs }), { n: 'ns', h: 'box' })
})

scope.run()
