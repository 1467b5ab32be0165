import { toGraph } from '../../sdk/builder/graph.ts'
import { from } from '../../sdk/builder/start.ts'
import { parseTrigger } from '../../sdk/dockerfile/trigger.ts'
import { graphVersion } from '../../sdk/graph/graph.ts'
import { lint } from '../../sdk/lint/lint.ts'
import { buildkitRules, rules } from '../../sdk/lint/rules.ts'
import { imageKey } from '../../sdk/plan/options.ts'
import { assert, suite } from '../helpers/suite.ts'
import { checks } from './findings.ts'

const buildkit = suite('lint/buildkit')

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
})

buildkit('D12.23 ConsistentInstructionCasing, ARGs before FROM not counted', () => {
  assert.equal(checks('arg A\narg B\nFROM scratch\nrun true\n'), [
    "ConsistentInstructionCasing:4: Command 'run' should match the case of the command majority (uppercase)",
  ])
  assert.equal(checks('from scratch\nrun true\nENV a=1\nEnv b=1\n'), [
    "ConsistentInstructionCasing:3: Command 'ENV' should match the case of the command majority (lowercase)",
    "ConsistentInstructionCasing:4: Command 'Env' should match the case of the command majority (lowercase)",
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
  // declared without a value is declared
  assert.equal(only('UndefinedArgInFrom', 'ARG V\nFROM alpine:${V:-3}\nFROM --platform=$BUILDPLATFORM alpine\n'), [])
})

buildkit('D12.29 WorkdirRelativePath: the first of a chain', () => {
  assert.equal(
    checks('FROM scratch AS a\nWORKDIR a\nWORKDIR b\nFROM a\nWORKDIR c\nFROM scratch\nWORKDIR /x\nWORKDIR y\n'),
    ['WorkdirRelativePath:2: Relative workdir "a" can have unexpected results if the base image changes'],
  )
})

buildkit('D12.30 UndefinedVar: each word once, with a default too, not in EXPOSE, not where declared', () => {
  const undefinedIn = (line: string) => only('UndefinedVar', `FROM scratch\nARG D\n${line}\n`).length
  assert.is(undefinedIn('ENV a=$X$X b=$X'), 2)
  assert.is(undefinedIn('ENV a=${X:-d}'), 1)
  assert.is(undefinedIn('EXPOSE $X'), 0)
  assert.is(undefinedIn('ENV a=$D'), 0)
  assert.is(undefinedIn('ARG A=$X'), 1)
  assert.is(undefinedIn('ARG A B=$A'), 0)
  assert.is(undefinedIn('RUN --mount=type=cache,target=/$X true'), 1)
  assert.is(undefinedIn('RUN echo $X'), 0)
  assert.is(undefinedIn('COPY <<E /f\n$X $X\nE'), 1)
  assert.is(undefinedIn('RUN --mount=type=cache,target=/$NOPE,target=/x true'), 1)
  assert.equal(only('UndefinedVar', 'FROM scratch\nUSER $NOPE\n'), [
    "UndefinedVar:2: Usage of undefined variable '$NOPE'",
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
  const ref = 'docker.io/library/alpine:latest'
  const config = { os: 'linux', architecture: 'amd64', rootfs: { type: 'layers' as const, diff_ids: [] } }
  const arm = { os: 'linux', architecture: 'arm64' }
  const images = new Map([[imageKey(ref, arm), { ref, config }]])
  assert.equal(only('InvalidBaseImagePlatform', 'FROM alpine\n', { platform: arm, images }), [
    'InvalidBaseImagePlatform:1: Base image alpine was pulled with platform "linux/amd64", expected "linux/arm64" for current build',
  ])
  assert.equal(only('InvalidBaseImagePlatform', 'FROM alpine\n', { platform: arm }), [])
  for (const name of ['alpine', 'a']) {
    const contexts = new Map([[name, { kind: 'image', ref: 'alpine' } as const]])
    assert.equal(only('InvalidBaseImagePlatform', 'FROM alpine AS a\n', { platform: arm, images, contexts }), [], name)
  }
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
})

buildkit('D12.35 SecretsUsedInArgOrEnv', () => {
  const names = 'API_TOKEN=1 password=1 PUBLIC_KEY=1 TOKEN_FILE=1 MONKEY=1 keyring=1 AUTH_VERSION=1 MY_APIKEY=1'
  assert.equal(checks(`ARG GLOBAL_TOKEN\nFROM scratch\nENV ${names}\nARG DB_PASSWD\n`), [
    'SecretsUsedInArgOrEnv:3: Do not use ARG or ENV instructions for sensitive data (ENV "API_TOKEN")',
    'SecretsUsedInArgOrEnv:3: Do not use ARG or ENV instructions for sensitive data (ENV "password")',
    'SecretsUsedInArgOrEnv:3: Do not use ARG or ENV instructions for sensitive data (ENV "MY_APIKEY")',
    'SecretsUsedInArgOrEnv:4: Do not use ARG or ENV instructions for sensitive data (ARG "DB_PASSWD")',
  ])
})

buildkit('D12.36 InvalidDefaultArgInFrom, whatever build arguments are given', () => {
  const text = 'ARG TAG\nARG IMAGE\nFROM alpine:$TAG\nFROM ${IMAGE}\nFROM alpine:${TAG:-3}\n'
  assert.equal(checks(text, { buildArgs: { TAG: '3', IMAGE: 'busybox' } }), [
    'InvalidDefaultArgInFrom:3: Default value for ARG alpine:$TAG results in empty or invalid base image name',
    'InvalidDefaultArgInFrom:4: Default value for ARG ${IMAGE} results in empty or invalid base image name',
  ])
})

buildkit('D12.37 FromPlatformFlagConstDisallowed unless the name of the stage says it', () => {
  assert.equal(
    checks(
      'FROM --platform=linux/arm64 scratch\nFROM --platform=linux/arm64 scratch AS x-arm64\nFROM --platform=linux/arm64 scratch AS linux-x\n',
    ),
    ['FromPlatformFlagConstDisallowed:1: FROM --platform flag should not use constant value "linux/arm64"'],
  )
})

buildkit('D12.38 CopyIgnoredFile, unless the ignore file has exceptions', () => {
  const text =
    'FROM scratch AS a\nFROM scratch\nCOPY a/b/ c ./\nADD ./b.txt .\nCOPY . .\nCOPY --from=a b.txt /\nADD https://example.com/b.txt /\n'
  assert.equal(checks(text, { ignore: 'a\n*.txt\n' }), [
    'CopyIgnoredFile:3: Attempting to Copy file "a/b" that is excluded by .dockerignore',
    'CopyIgnoredFile:4: Attempting to Add file "b.txt" that is excluded by .dockerignore',
  ])
  assert.equal(checks(text, { ignore: 'a\n*.txt\n!x\n' }), [])
  assert.equal(checks('FROM scratch\nCOPY . .\n', { ignore: '**\n' }).length, 1)
  assert.equal(checks(text), [])
})

buildkit('D12.39 InvalidDefinitionDescription', () => {
  const text =
    '# check=experimental=all\n# global\nARG G\n# base the base\nFROM scratch AS base\n# x\nARG A=1 B=2\n# B is b\nARG A=1 B=2\n#\nARG C\nARG D=1 \\\n# e\nE=2\n'
  assert.equal(checks(text), [
    'InvalidDefinitionDescription:3: Comment for ARG should follow the format: `# G <description>`',
    'InvalidDefinitionDescription:7: Comment for ARG should follow the format: `# <arg_key> <description>`',
  ])
})

buildkit('D12.40 D12.41 ExposeProtoCasing, ExposeInvalidFormat', () => {
  assert.equal(checks('FROM scratch\nEXPOSE 80/TcP 53/udp\nEXPOSE 127.0.0.1:80:80 5000:6000\n'), [
    "ExposeProtoCasing:2: Defined protocol '80/TcP' in EXPOSE instruction should be lowercase",
    "ExposeInvalidFormat:3: EXPOSE instruction should not define an IP address or host-port mapping, found '127.0.0.1:80:80'",
    "ExposeInvalidFormat:3: EXPOSE instruction should not define an IP address or host-port mapping, found '5000:6000'",
  ])
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
