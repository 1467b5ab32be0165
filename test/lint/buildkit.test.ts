import { toGraph } from '../../sdk/builder/graph.ts'
import { from } from '../../sdk/builder/start.ts'
import { parseTrigger } from '../../sdk/dockerfile/trigger.ts'
import { graphVersion } from '../../sdk/graph/graph.ts'
import { lint } from '../../sdk/lint/lint.ts'
import { buildkitRules, rules } from '../../sdk/lint/rules.ts'
import type { ImageConfig, Platform } from '../../sdk/oci/types.ts'
import { imageKey } from '../../sdk/plan/options.ts'
import { assert, suite } from '../helpers/suite.ts'
import { checks, findings } from './findings.ts'

const buildkit = suite('lint/buildkit')

const alpine = 'docker.io/library/alpine:latest'
const amd64 = { os: 'linux', architecture: 'amd64' }
const configOf = (platform: Platform, config = {}): ImageConfig => ({
  ...platform,
  config,
  rootfs: { type: 'layers', diff_ids: [`sha256:${'0'.repeat(64)}`] },
})

/** Exactly these, of the rules named. */
const only = (rule: string, text: string, given = {}) =>
  checks(text, given).filter((line) => line.startsWith(`${rule}:`))

buildkit('D12.20 StageNameCasing', () => {
  assert.equal(only('StageNameCasing', 'FROM scratch AS Build\nFROM scratch AS test\n'), [
    "StageNameCasing:1: Stage name 'Build' should be lowercase",
  ])
})

buildkit('D12.21 FromAsCasing', () => {
  assert.equal(only('FromAsCasing', 'FROM a as b\nfrom a AS c\nFrom a as d\nfrom a as e\nFROM a AS f\n'), [
    "FromAsCasing:1: 'as' and 'FROM' keywords' casing do not match",
    "FromAsCasing:2: 'AS' and 'from' keywords' casing do not match",
  ])
})

buildkit('D12.22 NoEmptyContinuation at the last line', () => {
  assert.equal(checks('FROM scratch\nENV a=1 \\\n\n  b=2\n'), ['NoEmptyContinuation:4: Empty continuation line'])
  assert.equal(checks('FROM scratch\nENV a=1 \\\n# x\n  b=2\n'), [])
  assert.equal(checks('FROM scratch\nRUN a \\\n\n # c\n'), ['NoEmptyContinuation:4: Empty continuation line'])
  assert.equal(checks('ARG a=1 \\\n\n b=2\nFROM scratch \\\n\nAS a\nRUN <<E\n\nE\n'), [
    'NoEmptyContinuation:3: Empty continuation line',
    'NoEmptyContinuation:6: Empty continuation line',
  ])
  assert.is(findings('FROM scratch\nENV a=1 \\\n\n  b=2\n', {}, buildkitRules)[0]?.at?.file, 'Dockerfile')
})

buildkit('D12.23 ConsistentInstructionCasing, ARGs before FROM not counted', () => {
  assert.equal(checks('arg A\narg B\nFROM scratch\nrun true\n'), [
    "ConsistentInstructionCasing:4: Command 'run' should match the case of the command majority (uppercase)",
  ])
  assert.equal(checks('from scratch\nrun true\nENV a=1\nEnv b=1\n'), [
    "ConsistentInstructionCasing:3: Command 'ENV' should match the case of the command majority (lowercase)",
    "ConsistentInstructionCasing:4: Command 'Env' should match the case of the command majority (lowercase)",
  ])
  // as many of either is not a majority of the lower ones
  assert.equal(checks('FROM scratch\nfrom scratch\n'), [
    "ConsistentInstructionCasing:2: Command 'from' should match the case of the command majority (uppercase)",
  ])
})

buildkit('D12.24 DuplicateStageName', () => {
  assert.equal(checks('FROM scratch AS x\nFROM scratch AS x\nFROM scratch AS x\n'), [
    'DuplicateStageName:2: Duplicate stage name "x", stage names should be unique',
    'DuplicateStageName:3: Duplicate stage name "x", stage names should be unique',
  ])
})

buildkit('D12.25 ReservedStageName', () => {
  assert.equal(checks('FROM alpine AS scratch\nFROM alpine AS context\n'), [
    'ReservedStageName:1: Stage name should not use the same name as reserved stage "scratch"',
    'ReservedStageName:2: Stage name should not use the same name as reserved stage "context"',
  ])
})

buildkit('D12.26 JSONArgsRecommended unless a shell was set, here or below', () => {
  assert.equal(checks('FROM scratch\nENTRYPOINT a b\nCMD ["x"]\n'), [
    'JSONArgsRecommended:2: JSON arguments recommended for ENTRYPOINT to prevent unintended behavior related to OS signals',
  ])
  assert.equal(checks('FROM scratch AS a\nSHELL ["/bin/bash"]\nFROM a\nCMD x\n'), [])
  assert.is(checks('FROM scratch\nCMD x\nSHELL ["/bin/bash"]\n').length, 1)
  assert.equal(checks('FROM scratch\nHEALTHCHECK CMD x\n'), [])
  const images = new Map([[imageKey(alpine, amd64), { ref: alpine, config: configOf(amd64, { Shell: ['bash'] }) }]])
  assert.equal(checks('FROM alpine\nCMD x\n', { images }), [])
})

buildkit('D12.27 MaintainerDeprecated', () => {
  assert.equal(checks('FROM scratch\nMAINTAINER me\n'), [
    'MaintainerDeprecated:2: Maintainer instruction is deprecated in favor of using label',
  ])
})

buildkit('D12.28 UndefinedArgInFrom, even with a default', () => {
  assert.equal(checks('ARG VERSION\nFROM alpine:${VERSON:-3}\n', { buildArgs: { VERSION: '1' } }), [
    "UndefinedArgInFrom:2: FROM argument 'VERSON' is not declared (did you mean VERSION?)",
  ])
  assert.equal(only('UndefinedArgInFrom', 'FROM --platform=${P:-linux/amd64} alpine\n'), [
    "UndefinedArgInFrom:1: FROM argument 'P' is not declared",
  ])
  // what is predefined is declared, even where it has no value, and is suggested
  assert.equal(checks('FROM alpine:${TARGETVARIANT:-3}\nFROM alpine:${TARGETARC:-3}\n'), [
    "UndefinedArgInFrom:2: FROM argument 'TARGETARC' is not declared (did you mean TARGETARCH?)",
  ])
  assert.equal(checks('FROM alpine:$TARGETSTAGE AS x\n'), [])
  // declared without a value is declared
  assert.equal(only('UndefinedArgInFrom', 'ARG V\nFROM alpine:${V:-3}\nFROM --platform=$BUILDPLATFORM alpine\n'), [])
})

buildkit('D12.29 WorkdirRelativePath: the first of a chain', () => {
  assert.equal(
    checks('FROM scratch AS a\nWORKDIR a\nWORKDIR b\nFROM a\nWORKDIR c\nFROM scratch\nWORKDIR /x\nWORKDIR y\n'),
    ['WorkdirRelativePath:2: Relative workdir "a" can have unexpected results if the base image changes'],
  )
  const lines = (text: string) => only('WorkdirRelativePath', text).map((line) => line.split(':')[1])
  assert.equal(lines('FROM scratch AS a\nFROM a\nRUN x\nWORKDIR b\n'), ['4'])
  assert.equal(lines('FROM scratch AS a\nONBUILD WORKDIR /x\nFROM a\nWORKDIR y\n'), [])
  // a stage whose name is made of variables
  assert.equal(lines('ARG B=a\nFROM scratch AS a\nWORKDIR /x\nFROM $B\nWORKDIR y\n'), [])
  assert.equal(lines('ARG B=b\nFROM scratch AS a\nWORKDIR /x\nFROM $B\nWORKDIR y\n'), ['5'])
  assert.equal(lines('FROM scratch\nWORKDIR c:/x\n'), ['2'], 'a drive is one on Windows only')
  const windows = { os: 'windows', architecture: 'amd64' }
  const images = new Map([[imageKey(alpine, windows), { ref: alpine, config: configOf(windows) }]])
  for (const [path, relative] of [
    ['c:/x', 0],
    ['/x', 0],
    ['\\\\x', 0],
    ['x', 1],
    ['c:x', 1],
    ['x/c:/y', 1],
  ])
    assert.is(checks(`FROM alpine\nWORKDIR ${path}\n`, { platform: windows, images }).length, relative, `${path}`)
})

buildkit('D12.30 UndefinedVar: each word once, with a default too, not in EXPOSE, not where declared', () => {
  const undefinedIn = (line: string) => only('UndefinedVar', `FROM scratch\nARG D\n${line}\n`).length
  assert.is(undefinedIn('ENV a=$X$X b=$X'), 2)
  assert.is(undefinedIn('ENV a=${X:-d}'), 1)
  assert.is(undefinedIn('EXPOSE $X'), 0)
  assert.is(undefinedIn('ENV a=$D'), 0)
  assert.is(undefinedIn('ARG A=$X'), 1)
  assert.is(undefinedIn('ARG A B=$A'), 0)
  assert.is(undefinedIn('LABEL a=$BUILDKIT_SBOM_SCAN_STAGE b=$BUILDKIT_SBOM_SCAN_CONTEXT c=$BUILDKIT_SBOM'), 1)
  assert.is(undefinedIn('COPY --chown=$X $X /$X'), 3)
  assert.is(undefinedIn('CMD $X'), 0)
  assert.is(undefinedIn('ONBUILD ENV a=$X'), 0)
  assert.is(undefinedIn('RUN --mount=type=cache,target=/$X true'), 1)
  assert.is(undefinedIn('RUN echo $X'), 0)
  assert.is(undefinedIn('COPY <<E /f\n$X $X\nE'), 1)
  assert.is(undefinedIn('RUN --mount=type=cache,target=/$NOPE,target=/x true'), 1)
  assert.equal(only('UndefinedVar', 'FROM scratch\nUSER $NOPE\n'), [
    "UndefinedVar:2: Usage of undefined variable '$NOPE'",
  ])
  const images = new Map([[imageKey(alpine, amd64), { ref: alpine, config: configOf(amd64, { Env: ['FOO=1'] }) }]])
  assert.equal(only('UndefinedVar', 'FROM alpine\nLABEL a=$FOO b=$FO\n', { images }), [
    "UndefinedVar:2: Usage of undefined variable '$FO' (did you mean $FOO?)",
  ])
})

buildkit('D12.31 MultipleInstructionsDisallowed at the earlier one, stage by stage', () => {
  const text = 'FROM scratch AS a\nCMD ["a"]\nCMD ["b"]\nHEALTHCHECK NONE\nhealthcheck NONE\nFROM a\nCMD ["c"]\n'
  assert.equal(only('MultipleInstructionsDisallowed', text), [
    'MultipleInstructionsDisallowed:2: Multiple CMD instructions should not be used in the same stage because only the last one will be used',
    'MultipleInstructionsDisallowed:4: Multiple healthcheck instructions should not be used in the same stage because only the last one will be used',
  ])
})

buildkit('D12.32 LegacyKeyValueFormat', () => {
  assert.equal(checks('FROM scratch\nLABEL a b\nENV c=d\n'), [
    'LegacyKeyValueFormat:2: "LABEL key=value" should be used instead of legacy "LABEL key value" format',
  ])
})

buildkit('D12.33 InvalidBaseImagePlatform, for images that were looked at', () => {
  const ref = alpine
  const arm = { os: 'linux', architecture: 'arm64' }
  const windows = { os: 'windows', architecture: 'arm64' }
  const images = new Map([[imageKey(ref, arm), { ref, config: configOf(amd64) }]])
  const found = (text: string, given = {}) =>
    only('InvalidBaseImagePlatform', text, { platform: arm, images, ...given })
  const message = 'Base image alpine was pulled with platform "linux/amd64", expected "linux/arm64" for current build'
  assert.equal(found('FROM alpine\n'), [`InvalidBaseImagePlatform:1: ${message}`])
  assert.equal(found('FROM alpine\n', { images: new Map() }), [])
  assert.equal(found('FROM scratch\nCOPY --from=alpine / /\n'), [`InvalidBaseImagePlatform:2: ${message}`])
  assert.equal(found('FROM --platform=linux/amd64 alpine\nFROM --platform=$BUILDPLATFORM alpine\n'), [])
  assert.equal(found('FROM --platform=$BUILDPLATFORM alpine\n', { platform: amd64, buildPlatform: arm }).length, 1)
  assert.equal(found('FROM alpine AS a\nFROM scratch\n', { target: '', reachableOnly: true }), [])
  assert.is(
    found('FROM alpine\n', { images: new Map([[imageKey(ref, arm), { ref, config: configOf(windows) }]]) }).length,
    1,
  )
  for (const name of ['alpine', 'a']) {
    const contexts = new Map([[name, { kind: 'image', ref: 'alpine' } as const]])
    assert.equal(found('FROM alpine AS a\n', { contexts }), [], name)
  }
  // an image of no layers is scratch with a config
  const empty = { ...configOf(amd64), rootfs: { type: 'layers' as const, diff_ids: [] } }
  assert.equal(found('FROM alpine\n', { images: new Map([[imageKey(ref, arm), { ref, config: empty }]]) }), [])
})

buildkit('D12.34 RedundantTargetPlatform, as it is written', () => {
  assert.equal(
    checks(
      'FROM --platform=$TARGETPLATFORM scratch\nFROM --platform=${TARGETPLATFORM} scratch\nFROM --platform=$BUILDPLATFORM scratch\n',
    ),
    [
      'RedundantTargetPlatform:1: Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior',
      'RedundantTargetPlatform:2: Setting platform to predefined ${TARGETPLATFORM} in FROM is redundant as this is the default behavior',
    ],
  )
  for (const [text, count] of [
    ['FROM --platform="$TARGETPLATFORM" scratch\n', 1],
    ['FROM --platform=linux/$TARGETARCH scratch\n', 0],
    ['FROM --platform=$TARGETPLATFORM/v2 scratch\n', 0],
    ['FROM --platform=$TARGETPLATFORM$TARGETVARIANT scratch\n', 0],
    ['ARG P=$TARGETPLATFORM\nFROM --platform=$P scratch\n', 0],
  ] as const)
    assert.is(only('RedundantTargetPlatform', text).length, count, text)
})

buildkit('D12.35 SecretsUsedInArgOrEnv', () => {
  const names = 'API_TOKEN=1 password=1 PUBLIC_KEY=1 TOKEN_FILE=1 MONKEY=1 keyring=1 AUTH_VERSION=1 MY_APIKEY=1'
  assert.equal(checks(`ARG GLOBAL_TOKEN\nFROM scratch\nENV ${names}\nARG DB_PASSWD\n`), [
    'SecretsUsedInArgOrEnv:3: Do not use ARG or ENV instructions for sensitive data (ENV "API_TOKEN")',
    'SecretsUsedInArgOrEnv:3: Do not use ARG or ENV instructions for sensitive data (ENV "password")',
    'SecretsUsedInArgOrEnv:3: Do not use ARG or ENV instructions for sensitive data (ENV "MY_APIKEY")',
    'SecretsUsedInArgOrEnv:4: Do not use ARG or ENV instructions for sensitive data (ARG "DB_PASSWD")',
  ])
  const told = (names: string) => names.split(' ').filter((name) => checks(`FROM scratch\nARG ${name}\n`).length > 0)
  const parts = 'apikey auth credential credentials key password pword passwd secret token'
  assert.is(told(parts).join(' '), parts)
  assert.equal(told('MY_KEY KEY_X a_key_b _token token_ A__KEY').length, 6)
  assert.equal(told('key2 tokens TOKENX public_key KEY_FILE VERSION_KEY apikeys'), [])
  assert.equal(told('KEY_PUBLICLY KEY_FILES'), ['KEY_PUBLICLY', 'KEY_FILES'])
})

buildkit('D12.36 InvalidDefaultArgInFrom, whatever build arguments are given', () => {
  const text = 'ARG TAG\nARG IMAGE\nFROM alpine:$TAG\nFROM ${IMAGE}\nFROM alpine:${TAG:-3}\n'
  assert.equal(checks(text, { buildArgs: { TAG: '3', IMAGE: 'busybox' } }), [
    'InvalidDefaultArgInFrom:3: Default value for ARG alpine:$TAG results in empty or invalid base image name',
    'InvalidDefaultArgInFrom:4: Default value for ARG ${IMAGE} results in empty or invalid base image name',
  ])
  assert.is(checks('ARG A=Upper\nFROM $A\n', { buildArgs: { A: 'b' } }).length, 1)
  assert.equal(checks('ARG A\nFROM alpine:${A?x}\nFROM alpine:$A\n', { buildArgs: { A: '3' } }), [])
  assert.equal(checks('ARG A=${B?}\nFROM alpine:$A\n', { buildArgs: { A: '3' } }), [])
})

buildkit('D12.37 FromPlatformFlagConstDisallowed unless the name of the stage says it', () => {
  assert.equal(
    checks(
      'FROM --platform=linux/arm64 scratch\nFROM --platform=linux/arm64 scratch AS x-arm64\nFROM --platform=linux/arm64 scratch AS linux-x\n',
    ),
    ['FromPlatformFlagConstDisallowed:1: FROM --platform flag should not use constant value "linux/arm64"'],
  )
  const told = (from: string) => only('FromPlatformFlagConstDisallowed', `FROM --platform=${from}\n`).length
  assert.is(told('linux/x86_64 scratch AS x86_64'), 1)
  assert.is(told('linux/x86_64 scratch AS amd64'), 0)
  assert.is(told('linux/arm/v7 scratch AS v7'), 1)
  assert.is(told("'linux/amd64' scratch"), 1)
  assert.is(told('"linux/$BUILDARCH" scratch'), 0)
  assert.is(told('nonsense scratch'), 0)
})

buildkit('D12.38 CopyIgnoredFile, unless the ignore file has exceptions', () => {
  const text =
    'FROM scratch AS a\nFROM scratch\nCOPY a/b/ c ./\nADD ./b.txt .\nCOPY . .\nCOPY --from=a b.txt /\nADD https://example.com/b.txt /\n'
  assert.equal(checks(text, { ignore: 'a\n*.txt\n' }), [
    'CopyIgnoredFile:3: Attempting to Copy file "a/b" that is excluded by .dockerignore',
    'CopyIgnoredFile:4: Attempting to Add file "b.txt" that is excluded by .dockerignore',
  ])
  assert.equal(checks(text, { ignore: 'a\n*.txt\n!x\n' }), [])
  assert.equal(checks(text), [])
  const excluded = (ignore: string, ...sources: string[]) =>
    sources.filter((source) => checks(`FROM scratch\nCOPY ["${source}", "/x"]\n`, { ignore }).length > 0)
  for (const all of ['*', '**', '**/*']) {
    assert.equal(excluded(all, '.', '', './', '/', 'a', '/a', '/a/b', '../a').length, 8, all)
  }
  assert.equal(excluded('a', '.', '/', 'a', 'a/b', '/a', '/a/b', '../a', 'b'), ['a', 'a/b'])
  assert.equal(excluded('a/**', 'a', 'a/b'), ['a/b'])
  assert.equal(excluded('/', '/', '/a', '/a/b', 'a'), ['/a'])
  // only of COPY and ADD, triggers too where they fire; nothing of here-documents and what lies elsewhere
  assert.equal(checks('FROM scratch\nRUN a\nVOLUME a\nHEALTHCHECK CMD a\nONBUILD COPY a /\n', { ignore: 'a' }), [])
  assert.is(checks('FROM scratch AS b\nONBUILD COPY a /\nFROM b\n', { ignore: 'a' }).length, 1)
  assert.equal(only('CopyIgnoredFile', 'FROM scratch\nCOPY ${X?} /\n', { ignore: 'a' }), [], 'what is not known')
  assert.equal(checks('FROM scratch\nCOPY <<a /x\na\nADD git@h.example:a http://h.example/a /\n', { ignore: '*' }), [])
})

buildkit('D12.39 InvalidDefinitionDescription', () => {
  const text =
    '# check=experimental=all\n# global\nARG G\n# base the base\nFROM scratch AS base\n# x\nARG A=1 B=2\n# B is b\nARG A=1 B=2\n#\nARG C\nARG D=1 \\\n# e\nE=2\n'
  assert.equal(checks(text), [
    'InvalidDefinitionDescription:3: Comment for ARG should follow the format: `# G <description>`',
    'InvalidDefinitionDescription:7: Comment for ARG should follow the format: `# <arg_key> <description>`',
  ])
  const told = (text: string) => checks(`# check=experimental=all\n${text}`)
  assert.equal(told('# x\nFROM scratch\n# x\nENV a=b\n# b\nFROM scratch AS b\n'), [])
  assert.equal(told('# x\nFROM scratch AS b\n'), [
    'InvalidDefinitionDescription:3: Comment for FROM should follow the format: `# b <description>`',
  ])
})

buildkit('D12.40 D12.41 ExposeProtoCasing, ExposeInvalidFormat', () => {
  assert.equal(
    checks('FROM scratch\nARG P=80/TCP\nEXPOSE 80/Tcp 80/tcp 80\nEXPOSE 0.0.0.0::80/UDP\nEXPOSE $P\n').map((line) =>
      line.split(':').slice(0, 2).join(':'),
    ),
    ['ExposeProtoCasing:3', 'ExposeProtoCasing:4', 'ExposeInvalidFormat:4', 'ExposeProtoCasing:5'],
  )
  assert.equal(checks('FROM scratch\nEXPOSE 80/TcP 53/udp\nEXPOSE 127.0.0.1:80:80 5000:6000\n'), [
    "ExposeProtoCasing:2: Defined protocol '80/TcP' in EXPOSE instruction should be lowercase",
    "ExposeInvalidFormat:3: EXPOSE instruction should not define an IP address or host-port mapping, found '127.0.0.1:80:80'",
    "ExposeInvalidFormat:3: EXPOSE instruction should not define an IP address or host-port mapping, found '5000:6000'",
  ])
})

buildkit('what is only spelled amiss says how to spell it', () => {
  const found = findings(
    'FROM scratch AS Build\nENV a b\nENV c=1 \\\n\n d=2\nrun x\nFROM scratch as c\n',
    {},
    buildkitRules,
  )
  assert.equal(
    found.map(({ rule, at, fix }) => [rule, at?.line, ...Object.values(fix ?? {})]),
    [
      ['StageNameCasing', 1, 'name', 'build'],
      ['LegacyKeyValueFormat', 2, 'pairs'],
      ['NoEmptyContinuation', 5, 'blank-lines'],
      ['ConsistentInstructionCasing', 6, 'keyword', 'RUN'],
      ['FromAsCasing', 7, 'as', 'AS'],
    ],
  )
})

buildkit('triggers of a base are checked where they fire', () => {
  assert.equal(checks('FROM scratch AS a\nONBUILD ENV k v\nFROM a\n'), [
    'LegacyKeyValueFormat:3: "ENV key=value" should be used instead of legacy "ENV key value" format',
  ])
})

buildkit('an image.ts is checked alike, at its own lines', () => {
  const graph = toGraph({ default: from('alpine').workdir('app').env({ API_TOKEN: 'x' }).cmd('node x') })
  assert.is(graph.version, graphVersion)
  const found = lint(graph, { parseTrigger }, buildkitRules).findings
  assert.equal(found.map(({ rule }) => rule).sort(), [
    'JSONArgsRecommended',
    'SecretsUsedInArgOrEnv',
    'WorkdirRelativePath',
  ])
  assert.ok(found.every(({ at }) => at?.file.includes('buildkit.test')))
})

buildkit('every rule says what it wants, why and how; names are unique', () => {
  assert.is(new Set(rules.map(({ name }) => name)).size, rules.length)
  for (const { name, summary, why, how } of rules) {
    assert.match(name, /^[A-Z][A-Za-z]+$/)
    assert.ok(summary.endsWith('.') && why.endsWith('.') && how.length > 5, name)
  }
  assert.is(buildkitRules.length, 22)
})

buildkit.run()
