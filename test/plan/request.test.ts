/** The request: SOURCE_DATE_EPOCH, build arguments that speak to the builder, platforms. */

import { parse } from '../../sdk/dockerfile/parse.ts'
import type { Platform } from '../../sdk/oci/types.ts'
import { assert, suite } from '../helpers/suite.ts'
import { readInlineDirective } from './directive.ts'
import { amd64, exec, image, labels, mounts, planned, refusal, sources, withBase } from './planning.ts'

const request = suite('plan/request')
const alpine = 'docker.io/library/alpine:latest'
const arm64 = { os: 'linux', architecture: 'arm64' }

request('D11.8 D13.10 the epoch: build argument, option, or default before FROM', () => {
  const epoch = (text: string, options = {}) => planned(text, options).sourceDateEpoch
  assert.is(epoch('FROM scratch'), undefined)
  assert.is(epoch('ARG SOURCE_DATE_EPOCH=5\nFROM scratch'), 5)
  assert.is(epoch('ARG SOURCE_DATE_EPOCH=5\nFROM scratch', { buildArgs: { SOURCE_DATE_EPOCH: '6' } }), 6)
  assert.is(epoch('FROM scratch', { sourceDateEpoch: 7 }), 7)
  assert.is(epoch('FROM scratch', { sourceDateEpoch: 7, buildArgs: { SOURCE_DATE_EPOCH: '' } }), undefined)
  assert.is(epoch('FROM scratch\nARG SOURCE_DATE_EPOCH=5'), undefined)
})

request('D11.9 special values of SOURCE_DATE_EPOCH', () => {
  const given = (value: string) => ({ buildArgs: { SOURCE_DATE_EPOCH: value } })
  const text = 'FROM scratch AS time\nADD https://h.example/f /\nFROM scratch AS other\nRUN x\nFROM scratch'
  for (const value of ['', 'context']) assert.is(planned(text, given(value)).sourceDateEpoch, undefined)
  assert.match(refusal(text, given('nonsense')).message, 'invalid SOURCE_DATE_EPOCH')
  assert.match(refusal(text, given('other')).message, 'has RUN')
  for (const value of ['1.5', '5x', 'x5', ' 5', '99999999999999999999', '9223372036854775808'])
    assert.match(refusal(text, given(value)).message, 'invalid SOURCE_DATE_EPOCH', value)
  assert.is(refusal(text, given('Time')).code, 'UNSUPPORTED')
  // a stage that stands for a time is nothing but one remote file
  for (const [stage, why] of [
    ['FROM scratch AS s\nARG A\nADD https://h.example/f /', 'would have to be fetched'],
    ['FROM alpine AS s\nADD https://h.example/f /', 'must be FROM scratch'],
    ['FROM scratch AS q\nFROM q AS s\nADD https://h.example/f /', 'must be FROM scratch'],
    ['FROM scratch AS s', 'exactly one ADD'],
    ['FROM scratch AS s\nADD https://h.example/f /\nADD https://h.example/g /', 'exactly one ADD'],
    ['FROM scratch AS s\nADD https://h.example/f https://h.example/g /', 'exactly one remote source'],
    ['FROM scratch AS s\nADD <<E https://h.example/g /\nE', 'exactly one remote source'],
    ['FROM scratch AS s\nLABEL a=b\nADD https://h.example/f /', 'has LABEL'],
  ] as const)
    assert.match(refusal(`${stage}\nFROM alpine\nRUN x`, given('s')).message, why, stage)
  for (const identifier of ['https://h.example/c.tar', 'http://h.example/c.tar', 'git://h.example/r']) {
    const remote = new Map([['src', { kind: 'files', identifier } as const]])
    assert.is(refusal(text, { ...given('src'), contexts: remote }).code, 'UNSUPPORTED', identifier)
  }
  const contexts = new Map([['src', { kind: 'files', identifier: 'local://src' } as const]])
  assert.is(planned(text, { ...given('src'), contexts }).sourceDateEpoch, undefined)
})

request('D11.10 a stage sees the epoch by ARG alone, as a number', () => {
  const text = 'FROM scratch\nLABEL a=$SOURCE_DATE_EPOCH\nARG SOURCE_DATE_EPOCH\nLABEL b=${SOURCE_DATE_EPOCH-unset}'
  assert.equal(labels(text, { sourceDateEpoch: 7 }), { a: '', b: '7' })
  assert.equal(labels(text, { buildArgs: { SOURCE_DATE_EPOCH: '+07' } }), { a: '', b: '7' })
  assert.equal(labels(`ARG SOURCE_DATE_EPOCH=+07\n${text}`), { a: '', b: '7' })
  assert.equal(labels(text, { buildArgs: { SOURCE_DATE_EPOCH: 'context' } }), { a: '', b: 'unset' })
  const most = '9223372036854775807'
  assert.is(labels(text, { buildArgs: { SOURCE_DATE_EPOCH: most } })['b'], most)
  // given empty it is as if it were not there, and neither is the default before FROM
  const of = (value: string, buildArgs = {}) => labels(`ARG SOURCE_DATE_EPOCH=${value}\n${text}`, { buildArgs })['b']
  assert.is(of('5'), '5')
  assert.is(of('context'), 'unset')
  assert.is(of(''), '')
  assert.is(of('5', { SOURCE_DATE_EPOCH: '' }), 'unset')
  assert.is(of('5', { SOURCE_DATE_EPOCH: '+7' }), '7')
})

request('D13.1 D1.29 BUILDKIT_SYNTAX and the directive start nothing', () => {
  const text = '# syntax=example.com/other:1\nFROM scratch\nLABEL a=b'
  assert.equal(labels(text, { buildArgs: { BUILDKIT_SYNTAX: 'example.com/x' } }), { a: 'b' })
  assert.equal(sources(text, { buildArgs: { BUILDKIT_SYNTAX: 'dockerfile.v0' } }), [])
})

request('D1.27 D1.28 D1.30 a syntax directive is kept whole and makes no instruction', () => {
  assert.equal(readInlineDirective('# syntax=docker/dockerfile:1 extra\nFROM scratch'), 'docker/dockerfile:1 extra')
  assert.is(readInlineDirective('FROM scratch\n# syntax=x'), undefined)
  const [{ from } = { from: undefined }] = parse('# syntax=a\n# check=skip=all\n# kept\nFROM scratch').stages
  assert.equal(from?.comments, ['kept'])
  // these choose another frontend, which is not started; here they are no Dockerfile
  for (const text of ['// syntax=x\nFROM scratch', '{"syntax":"x"}\nFROM scratch'])
    assert.is(refusal(text).code, 'UNKNOWN_INSTRUCTION', text)
})

request('D13.3 BUILDKIT_CACHE_MOUNT_NS stands before the ids of caches', () => {
  const text = 'FROM alpine\nRUN --mount=type=cache,target=/c,id=i x'
  assert.is(mounts(text)[0]?.cacheOpt?.ID, '/i')
  assert.is(mounts(text, { buildArgs: { BUILDKIT_CACHE_MOUNT_NS: 'ns' } })[0]?.cacheOpt?.ID, 'ns/i')
})

request('D13.4 BUILDKIT_MULTI_PLATFORM takes a boolean, and true asks for an index', () => {
  const several = (value: string) => planned('FROM scratch', { buildArgs: { BUILDKIT_MULTI_PLATFORM: value } }).several
  assert.equal(['1', 'T', 'true', '0', 'f', ''].map(several), [true, true, true, undefined, undefined, undefined])
  for (const value of [...['1', 't', 'T', 'true', 'TRUE', 'True'], ...['', '0', 'f', 'F', 'false', 'FALSE', 'False']])
    assert.ok(planned('FROM scratch', { buildArgs: { BUILDKIT_MULTI_PLATFORM: value } }))
  assert.match(
    refusal('FROM scratch', { buildArgs: { BUILDKIT_MULTI_PLATFORM: 'yes' } }).message,
    'invalid boolean value for multi-platform',
  )
})

request('D13.5 BUILDKIT_SANDBOX_HOSTNAME is the hostname of every RUN', () => {
  assert.is(exec('FROM alpine\nRUN x').meta.hostname, undefined)
  assert.is(exec('FROM alpine\nRUN x', { buildArgs: { BUILDKIT_SANDBOX_HOSTNAME: 'box' } }).meta.hostname, 'box')
})

request(
  'D13.6 D13.7 D13.8 D13.9 arguments for git contexts, cache export and attestations change no plan of ours',
  () => {
    const text = 'FROM alpine\nRUN x'
    const buildArgs = {
      BUILDKIT_CONTEXT_KEEP_GIT_DIR: '1',
      BUILDKIT_INLINE_CACHE: '1',
      BUILDKIT_SBOM_SCAN_CONTEXT: 'true',
      BUILDKIT_SBOM_SCAN_STAGE: 'a',
      BUILDKIT_ATTEST_PROVENANCE: 'mode=min',
      BUILDKIT_ATTEST_sbom: 'generator=x',
    }
    const unknown = refusal(text, { buildArgs: { BUILDKIT_ATTEST_FOO: 'true' } })
    assert.match(unknown.message, 'unknown attestation type "foo"')
    assert.is(unknown.hint, 'the types are: sbom, provenance')
    assert.equal(
      planned(text, { buildArgs }).vertices.map(({ op }) => op),
      planned(text).vertices.map(({ op }) => op),
    )
  },
)

request('D13.12 BUILDKIT_DISABLE_FILEOP is refused', () => {
  assert.match(refusal('FROM scratch', { buildArgs: { BUILDKIT_DISABLE_FILEOP: 'true' } }).message, 'was removed')
  assert.ok(planned('FROM scratch', { buildArgs: { BUILDKIT_DISABLE_FILEOP: 'no', BUILDKIT_BUILD_NAME: 'x' } }))
})

request('D10.2 D10.3 platforms of ops: as FROM spells them on the source, normal on what runs', () => {
  const of = (text: string, options = {}) => planned(text, options).vertices.map(({ platform }) => platform)
  assert.equal(of('FROM --platform=linux/arm64/v8 alpine\nRUN x'), [
    { OS: 'linux', Architecture: 'arm64', Variant: 'v8' },
    { OS: 'linux', Architecture: 'arm64' },
  ])
  assert.equal(of('FROM --platform=linux/arm alpine\nRUN x'), [
    { OS: 'linux', Architecture: 'arm' },
    { OS: 'linux', Architecture: 'arm', Variant: 'v7' },
  ])
  assert.equal(of('FROM alpine', { platform: { ...arm64, variant: 'v8' } }), [{ OS: 'linux', Architecture: 'arm64' }])
  const told = (platform: Platform) =>
    labels('FROM scratch\nARG TARGETPLATFORM TARGETVARIANT\nLABEL l=$TARGETPLATFORM,$TARGETVARIANT', { platform })['l']
  assert.is(told({ ...arm64, variant: 'v8' }), 'linux/arm64,')
  assert.is(told({ os: 'linux', architecture: 'arm' }), 'linux/arm/v7,v7')
  assert.is(told({ ...amd64, variant: 'v2' }), 'linux/amd64/v2,v2')
})

request('D10.6 the platform that is asked for is that of the result', () => {
  const base = withBase(alpine, { os: 'linux', architecture: 'arm', variant: 'v5', 'os.version': '9' })
  const { architecture, variant, 'os.version': version } = image('FROM alpine\nLABEL a=b', base)
  assert.equal([architecture, variant, version], ['arm', 'v5', '9'])
  const asked = image(
    'FROM alpine\nLABEL a=b',
    withBase(alpine, { os: 'linux', architecture: 'arm' }, { platform: arm64 }),
  )
  assert.equal([asked.architecture, asked.variant], ['arm64', undefined])
  // what the base has besides stays where its os and architecture do, and only there
  for (const [config, platform, expected] of [
    [{ variant: 'v3', 'os.version': '10' }, amd64, ['v3', '10']],
    [{ os: 'windows', variant: 'v3', 'os.version': '10' }, amd64, [undefined, undefined]],
    [{ variant: 'v3', 'os.version': '10' }, arm64, [undefined, undefined]],
  ] as const) {
    const { variant, 'os.version': version } = image('FROM alpine\nLABEL a=b', withBase(alpine, config, { platform }))
    assert.equal([variant, version], expected)
  }
  const made = image('FROM scratch\nLABEL a=b', { platform: { os: 'linux', architecture: 'arm', variant: 'v6' } })
  assert.is(made.variant, 'v6')
})

request('D10.7 a stage of another platform runs as that; the result is of the one asked for', () => {
  const text = 'FROM --platform=linux/s390x alpine\nRUN x'
  assert.equal(planned(text, { platform: arm64 }).vertices.at(-1)?.platform, { OS: 'linux', Architecture: 's390x' })
  assert.is(image(text, { platform: arm64 }).architecture, 'arm64')
})

request('D10.9 each platform has a plan of its own', () => {
  const text = 'FROM alpine\nARG TARGETARCH\nLABEL a=$TARGETARCH'
  assert.equal(labels(text, { platform: amd64 }), { a: 'amd64' })
  assert.equal(labels(text, { platform: arm64 }), { a: 'arm64' })
})

request(
  'D4.1.7 D14.66 --platform: blank and nonsense are refused; of a stage built on a stage it changes nothing',
  () => {
    assert.match(refusal('FROM --platform=$NOPE alpine').message, 'empty')
    assert.match(refusal('FROM --platform=a/b/c/d alpine').message, 'platform')
    assert.match(refusal('FROM alpine AS a\nFROM --platform=nonsense a').message, 'nonsense')
    const child = 'FROM --platform=linux/arm64 alpine AS a\nFROM a\nRUN x'
    assert.equal(planned(child).vertices.at(-1)?.platform, { OS: 'linux', Architecture: 'arm64' })
    const text = 'FROM alpine AS a\nFROM --platform=linux/arm64 a\nRUN x'
    assert.equal(planned(text).vertices.at(-1)?.platform, { OS: 'linux', Architecture: 'amd64' })
  },
)

request.run()
