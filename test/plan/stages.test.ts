/** Stages: names, targets, references between them, triggers, and named contexts in their place. */
import { parse } from '../../sdk/dockerfile/parse.ts'
import { parseTrigger } from '../../sdk/dockerfile/trigger.ts'
import { type NamedContext, unresolved } from '../../sdk/plan/index.ts'
import { assert, suite } from '../helpers/suite.ts'
import {
  amd64,
  config,
  defaultPath,
  exec,
  execs,
  history,
  kinds,
  labels,
  planned,
  refusal,
  sources,
  withBase,
} from './planning.ts'

const stages = suite('plan/stages')
const alpine = 'docker.io/library/alpine:latest'
const identifiers = (text: string, options = {}) => sources(text, options).map(({ identifier }) => identifier)
const contexts = (entries: Record<string, NamedContext>) => ({ contexts: new Map(Object.entries(entries)) })

stages('D4.1.6 FROM takes no stage index', () => {
  assert.equal(identifiers('FROM alpine\nFROM 0'), ['docker-image://docker.io/library/0:latest'])
})

stages('D9.1 the target: by name in any case, else the last stage; never by number', () => {
  const text = 'FROM scratch AS one\nLABEL l=1\nFROM scratch AS two\nLABEL l=2'
  assert.equal(labels(text), { l: '2' })
  assert.equal(labels(text, { target: 'ONE' }), { l: '1' })
  for (const target of ['0', 'three']) {
    const unknown = refusal(text, { target })
    assert.is(unknown.code, 'STAGE_UNKNOWN')
    assert.match(unknown.hint ?? '', 'one, two')
  }
})

stages('D9.2 D14.65 what the target does not need is not lowered, but is checked up to its references', () => {
  const builds = 'FROM scratch AS a\nSTOPSIGNAL NOPE\nFROM scratch'
  assert.equal(kinds(builds), [])
  assert.match(refusal(builds, { allStages: true }).message, 'NOPE')
  assert.is(refusal('FROM scratch AS a\nHEALTHCHECK FOO x\nFROM scratch').at?.line, 2)
  const needed = 'FROM a1 AS a\nFROM a2 AS b\nFROM a3 AS c\nFROM a4\nCOPY --from=a /x /\nRUN --mount=from=b,target=/m x'
  assert.equal(
    identifiers(needed).map((id) => id.replace('docker-image://docker.io/library/', '')),
    ['a4:latest', 'a1:latest', 'a2:latest'],
  )
})

stages('D9.3 stages are lowered in the order of the file', () => {
  const order: number[] = []
  const text = 'FROM scratch AS a\nLABEL a=1\nFROM scratch AS b\nLABEL b=1\nFROM a\nCOPY --from=b / /\nLABEL c=1'
  planned(text, { onInstruction: ({ stage }) => void order.push(stage) })
  assert.equal(order, [0, 1, 2, 2])
})

stages('D9.6 D14.62 D14.63 D9.7 a stage cannot use itself, a later one, or go round', () => {
  assert.is(refusal('FROM scratch AS a\nCOPY --from=a x /').code, 'STAGE_CYCLE')
  const later = 'FROM scratch AS a\nCOPY --from=b /x /\nFROM scratch AS b'
  assert.match(refusal(later, { target: 'a' }).message, 'needs to be defined before')
  const round = 'FROM scratch AS a\nCOPY --from=b / /\nFROM scratch AS b\nCOPY --from=a / /\nFROM scratch'
  assert.match(refusal(round).message, 'circular dependency detected on stage')
  const behind = `FROM scratch AS z\nCOPY --from=a / /\n${round}`
  assert.is(refusal(behind).code, 'STAGE_CYCLE')
  const twice =
    'FROM scratch AS a\nFROM scratch AS b\nCOPY --from=a / /\nFROM scratch\nCOPY --from=a / /\nCOPY --from=b / /'
  assert.ok(planned(twice))
})

stages('D9.7 what a stage starts from is no part of a circle', () => {
  const round = 'FROM scratch AS a\nCOPY --from=b / /\nFROM a AS b\nFROM scratch'
  assert.equal(kinds(round), [])
  assert.is(refusal(round, { target: 'b' }).code, 'STAGE_ORDER')
})

stages('D9.4 images that are named count as stages, each time, and so does the source of every mount', () => {
  for (const index of ['1', '-1', '+1', '01'])
    assert.is(refusal(`FROM scratch\nCOPY --from=${index} x /`).code, 'STAGE_UNKNOWN', index)
  for (const index of ['0', '+0', '-0', '00'])
    assert.ok(planned(`FROM scratch\nFROM scratch\nCOPY --from=${index} x /`), index)
  assert.ok(planned('FROM alpine\nRUN --mount=type=tmpfs,target=/t x\nCOPY --from=1 x /'))
  assert.ok(planned('FROM alpine\nCOPY --from=b1 x /\nCOPY --from=b1 x /\nCOPY --from=2 x /'))
  assert.is(refusal('FROM alpine\nCOPY --from=b1 x /\nCOPY --from=2 x /').code, 'STAGE_UNKNOWN')
})

stages('D9.9 D5.11 a mount that names nothing refers to the stage called scratch', () => {
  assert.is(refusal('FROM alpine AS scratch\nRUN --mount=type=tmpfs,target=/t x').code, 'STAGE_CYCLE')
  const cached = 'FROM a1 AS scratch\nFROM a2\nRUN --mount=type=cache,target=/t x'
  assert.ok(identifiers(cached).includes('docker-image://docker.io/library/a1:latest'))
})

stages('D5.5 a mount that will be refused refers to its stage all the same', () => {
  assert.is(refusal('FROM alpine AS a\nRUN --mount=from=a,x=y z\nFROM scratch').code, 'STAGE_CYCLE')
})

stages('D14.64 a stage index that is not there is refused even in a stage that nothing needs', () => {
  const wrong = refusal('FROM scratch AS a\nCOPY --from=9 x /\nFROM scratch')
  assert.match(wrong.message, 'invalid stage index 9')
  assert.is(wrong.at?.line, 2)
})

stages('D9.8 a stage may be called like an image', () => {
  const text = 'FROM alpine AS alpine\nLABEL a=1\nFROM alpine'
  assert.equal(labels(text), { a: '1' })
  assert.equal(identifiers(text), [`docker-image://${alpine}`])
})

stages('D9.9 names may be used twice; a stage called scratch stands in for scratch', () => {
  assert.equal(labels('FROM scratch AS a\nLABEL l=1\nFROM a AS a\nLABEL m=2\nFROM a'), { l: '1', m: '2' })
  assert.equal(labels('FROM scratch AS scratch\nLABEL l=1\nFROM scratch'), { l: '1' })
})

stages(
  'D9.10 D4.4.2 a child inherits files, config, history and arguments; not triggers, not that CMD was seen',
  () => {
    const text =
      'FROM alpine AS a\nARG V=1\nWORKDIR /w\nRUN x\nLABEL v=$V\nCMD ["c"]\nONBUILD LABEL t=$V\nFROM a\nENTRYPOINT ["e"]\nLABEL w=$V'
    const { WorkingDir, Labels, Cmd, OnBuild } = config(text)
    assert.equal(
      { WorkingDir, Labels, Cmd, OnBuild },
      {
        WorkingDir: '/w',
        Labels: { v: '1', t: '1', w: '1' },
        Cmd: undefined,
        OnBuild: undefined,
      },
    )
    assert.is(history(text).length, 8)
  },
)

stages('D14.61 a mount takes no stage index', () => {
  const text = 'FROM alpine AS x\nRUN a\nFROM alpine\nRUN --mount=from=0,target=/m true'
  assert.ok(identifiers(text).includes('docker-image://docker.io/library/0:latest'))
})

stages('D9.20 D14.67 a named context replaces a stage, whose instructions then count for nothing', () => {
  const text = 'FROM busybox AS base\nRUN exit 1\nFROM base\nLABEL a=b'
  const options = contexts({ base: { kind: 'image', ref: 'debian' } })
  assert.equal(identifiers(text, options), ['docker-image://docker.io/library/debian:latest'])
  assert.equal(kinds(text, options), ['source'])
  assert.equal(history(text, options), ['-LABEL a=b'])
  const copied = text.replace('FROM base', 'FROM scratch\nCOPY --from=BASE / /')
  assert.equal(identifiers(copied, options), ['docker-image://docker.io/library/debian:latest'])
})

stages('D9.20 of what a replaced stage says, only triggers count', () => {
  const text = 'FROM busybox AS base\nCOPY --from=other /x /\nONBUILD LABEL t=1\nFROM base\nLABEL a=b'
  const base = { contexts: new Map([['base', { kind: 'image', ref: 'debian' } as const]]) }
  const options = { ...base, buildPlatform: amd64, images: new Map(), parseTrigger }
  assert.equal(
    unresolved(parse(text), options).map(({ ref }) => ref),
    ['docker.io/library/debian:latest'],
  )
  assert.equal(labels(text, base), { t: '1', a: 'b' })
})

stages('D9.20 a named context replaces images of that name, spelled short or in full', () => {
  const options = contexts({ alpine: { kind: 'image', ref: 'debian:12' } })
  const debian = 'docker-image://docker.io/library/debian:12'
  for (const name of ['alpine', 'docker.io/library/alpine:latest', 'alpine:latest'])
    assert.equal(identifiers(`FROM ${name}\nRUN x`, options), [debian], name)
  assert.equal(identifiers('FROM scratch\nCOPY --from=alpine / /', options), [debian])
  assert.equal(identifiers('FROM alpine:3', options), ['docker-image://docker.io/library/alpine:3'])
})

stages('D9.21 a context for the platform comes before one for all', () => {
  const options = contexts({
    base: { kind: 'image', ref: 'any' },
    'base::linux/arm64': { kind: 'image', ref: 'arm' },
  })
  assert.equal(identifiers('FROM base', options), ['docker-image://docker.io/library/any:latest'])
  const platform = { os: 'linux', architecture: 'arm64' }
  assert.equal(identifiers('FROM base', { ...options, platform }), ['docker-image://docker.io/library/arm:latest'])
})

stages('D9.22 scratch and context cannot be replaced', () => {
  const options = contexts({ scratch: { kind: 'image', ref: 'x' }, context: { kind: 'image', ref: 'x' } })
  assert.equal(identifiers('FROM scratch\nRUN x', options), [])
  assert.equal(identifiers('FROM context', options), ['docker-image://docker.io/library/context:latest'])
})

stages('D9.23 D9.24 D9.25 contexts of files: a source op and the config of scratch', () => {
  const options = contexts({ src: { kind: 'files', identifier: 'local://src' } })
  const text = 'FROM src\nRUN x'
  assert.equal(identifiers(text, options), ['local://src'])
  assert.is(config(text, options).WorkingDir, '/')
  assert.equal(identifiers('FROM scratch\nCOPY --from=src /a /', options), ['local://src'])
  assert.equal(kinds('FROM base\nLABEL a=b', contexts({ base: { kind: 'scratch' } })), [])
})

stages('D9.20 a context replaces a stage that is FROM scratch, and FROM must name an image all the same', () => {
  const image = contexts({ b: { kind: 'image', ref: 'debian:12' } })
  assert.equal(identifiers('FROM scratch AS b', image), ['docker-image://docker.io/library/debian:12'])
  assert.match(refusal('FROM x@y AS b', image).message, 'is not an image reference')
})

stages('D9.20 a stage is called what an image could be called, since a context may replace it', () => {
  for (const name of ['a.', 'a_', 'a-', 'a..b', 'a_-b', 'a'.repeat(64)])
    assert.match(refusal(`FROM scratch AS ${name}\nFROM scratch`).message, 'cannot be the name of a stage', name)
  for (const name of ['a.b', 'a__b', 'a--b', 'x1']) assert.equal(kinds(`FROM scratch AS ${name}`), [], name)
})

stages('D9.20 files in the place of a stage are for the target, whatever platform the stage asks for', () => {
  const text = 'FROM --platform=linux/arm64 scratch AS a\nFROM a\nRUN x'
  for (const context of [{ kind: 'files', identifier: 'local://a' }, { kind: 'scratch' }] as const) {
    const plan = planned(text, contexts({ a: context }))
    assert.is(plan.vertices.at(-1)!.platform!.Architecture, 'amd64')
    assert.is(plan.image.architecture, 'amd64')
  }
})

stages('D9.20 what a context refers to is read only where it is needed', () => {
  const wrong = contexts({ b: { kind: 'image', ref: 'A B' } })
  assert.equal(kinds('FROM alpine AS b\nFROM scratch', wrong), [])
  assert.match(refusal('FROM alpine AS b', wrong).message, '"A B" is not an image reference')
})

stages('D9.20 what stands on a stage that an image replaces is for what that image says it is', () => {
  const options = withBase('docker.io/library/x:latest', amd64, {
    ...contexts({ a: { kind: 'image', ref: 'x' } }),
    platform: { os: 'linux', architecture: 'arm64' },
  })
  const [source, run] = planned('FROM alpine AS a\nFROM a\nRUN x', options).vertices
  assert.is(source!.platform!.Architecture, 'arm64')
  assert.is(run!.platform!.Architecture, 'amd64')
})

stages('D9.21 the platform of a context is in its normal form', () => {
  const options = contexts({ 'a::linux/arm64': { kind: 'image', ref: 'arm' } })
  assert.equal(identifiers('FROM --platform=linux/arm64/v8 scratch AS a', options), [
    'docker-image://docker.io/library/arm:latest',
  ])
})

stages('D9.24 files in the place of a stage have no config, those in the place of an image that of scratch', () => {
  const files = { kind: 'files', identifier: 'local://src' } as const
  assert.equal(config('FROM alpine AS b', contexts({ b: files })), {})
  assert.equal(config('FROM alpine AS b\nFROM b\nLABEL a=b', contexts({ b: files })), {
    Env: [defaultPath],
    Labels: { a: 'b' },
  })
  assert.is(config('FROM alpine', contexts({ alpine: files })).WorkingDir, '/')
})

stages('D9.25 of the folder of a context only what is used is asked for', () => {
  const options = contexts({ src: { kind: 'files', identifier: 'local://src' } })
  const paths = (text: string) => {
    const source = sources(text, options).find(({ identifier }) => identifier === 'local://src')
    return source?.attrs?.['local.followpaths']
  }
  assert.is(paths('FROM scratch\nCOPY --from=src /a ../b/c /x/'), '["a","b/c"]')
  assert.is(paths('FROM src AS s\nFROM scratch\nCOPY --from=s a /'), '["a"]')
  assert.is(paths('FROM alpine\nRUN --mount=from=src,source=m,target=/t x'), '["m"]')
  for (const all of [
    'FROM src',
    'FROM src AS s\nRUN x\nFROM scratch\nCOPY --from=s a /',
    'FROM scratch\nCOPY --from=src . /',
  ])
    assert.is(paths(all), undefined, all)
})

stages('D9.26 D7.2 D7.3 the main context is one source, of which only what is used is asked for', () => {
  const [context] = sources('FROM scratch\nCOPY a b/c /\nADD d /')
  assert.equal(context, {
    identifier: 'local://context',
    attrs: { 'local.followpaths': '["a","b/c","d"]', 'local.sharedkeyhint': 'context' },
  })
  assert.is(sources('FROM scratch\nCOPY . /')[0]?.attrs?.['local.followpaths'], undefined)
})

stages('D8.1 D14.72 ONBUILD keeps text, and B is that of the child before its own arguments', () => {
  const text = 'FROM scratch AS p\nARG B=parent\nONBUILD ENV A=$B\n'
  assert.equal(config(text).OnBuild, ['ENV A=$B'])
  assert.equal(history(text), ['-ARG B=parent'])
  assert.ok(config(`${text}FROM p\nARG B=child`).Env?.includes('A=parent'))
})

stages('D8.3 triggers run first, in order, whether of an image or of a stage', () => {
  const image = withBase(alpine, { config: { OnBuild: ['LABEL a=1', 'RUN t'] } })
  assert.equal(history('FROM alpine\nLABEL b=2', image), ['-LABEL a=1', 'RUN /bin/sh -c t # buildkit', '-LABEL b=2'])
  const stage = 'FROM alpine AS p\nONBUILD LABEL a=1\nONBUILD RUN t\nFROM p\nLABEL b=2'
  assert.equal(history(stage), ['-LABEL a=1', 'RUN /bin/sh -c t # buildkit', '-LABEL b=2'])
  assert.equal(
    planned(`${stage}\nRUN own`).vertices.map(({ name }) => name),
    [`[p 1/1] FROM ${alpine}`, '[stage-1 1/2] ONBUILD RUN t', '[stage-1 2/2] RUN own'],
  )
})

stages('D8.4 D14.71 triggers run once, and the child keeps only its own', () => {
  const image = withBase(alpine, { config: { OnBuild: ['RUN t'] } })
  assert.is(execs('FROM alpine AS m\nFROM m', image).length, 1)
  assert.is(config('FROM alpine AS m\nFROM m', image).OnBuild, undefined)
  assert.equal(config('FROM alpine\nONBUILD RUN own', image).OnBuild, ['RUN own'])
})

stages('D8.5 a trigger finds stages of the file that it fires in', () => {
  const hub = 'docker-image://docker.io/library'
  const text = 'FROM debian AS files\nFROM alpine'
  const context = contexts({ files: { kind: 'image', ref: 'busybox' } })
  for (const [trigger, found] of [
    ['COPY --from=files /a /b', 'debian'],
    ['COPY --from=FILES /a /b', 'debian'],
    ['COPY --from=0 /a /b', 'debian'],
    ['COPY --from=other /a /b', 'other'],
    ['RUN --mount=from=files,target=/m t', 'debian'],
    ['RUN --mount=from=Files,target=/m t', 'debian'],
    ['RUN --mount=from=0,target=/m t', '0'],
  ]) {
    const image = withBase(alpine, { config: { OnBuild: [trigger!] } })
    assert.equal(identifiers(text, image).sort(), [`${hub}/alpine:latest`, `${hub}/${found}:latest`].sort(), trigger)
    const stage = `FROM debian AS files\nFROM alpine AS p\nONBUILD ${trigger}\nFROM p`
    assert.equal(identifiers(stage).sort(), [`${hub}/alpine:latest`, `${hub}/${found}:latest`].sort(), trigger)
    if (trigger!.includes('=files'))
      assert.ok(identifiers('FROM alpine', { ...image, ...context }).includes(`${hub}/busybox:latest`), trigger)
  }
  assert.is(refusal('FROM alpine', withBase(alpine, { config: { OnBuild: ['COPY --from=1 a b'] } })).at?.line, 1)
})

stages('D8.6 a trigger is expanded with the escape character of the file that it fires in', () => {
  const user = (head: string, escaped: string) =>
    config(`${head}FROM scratch AS p\nONBUILD USER ${escaped}\nFROM p`).User
  assert.is(user('', '\\$A`'), '$A`')
  assert.is(user('# escape=`\n', '`$A\\x'), '$A\\x')
})

stages('D8.7 D14.70 a trigger that cannot be read is refused at the FROM of the child', () => {
  assert.equal(config('FROM scratch\nONBUILD FOO x').OnBuild, ['FOO x'])
  const wrong = refusal('FROM alpine', withBase(alpine, { config: { OnBuild: ['FOO x'] } }))
  assert.match(wrong.message, 'FOO')
  assert.is(wrong.at?.line, 1)
  assert.is(refusal('FROM scratch AS p\nONBUILD FOO x\nFROM p').at?.line, 3)
  assert.is(refusal('FROM scratch AS p\nONBUILD WORKDIR ${X?}\n\nFROM p').at?.line, 4, 'when it is carried out')
})

stages('D8.8 a stage that only gives files triggers nothing', () => {
  const text = 'FROM alpine AS p\nONBUILD RUN t\nFROM alpine\nCOPY --from=p / /\nRUN --mount=from=p,target=/m own'
  assert.equal(
    execs(text).map(({ meta }) => meta.args[2]),
    ['own'],
  )
  const image = withBase(alpine, { config: { OnBuild: ['RUN t', 'FOO'] } })
  assert.equal(execs('FROM scratch\nCOPY --from=alpine / /', image), [])
})

stages('D5.11 D5.4 a mount from a later stage is refused', () => {
  const text = 'FROM alpine AS a\nRUN --mount=from=b,target=/m x\nFROM alpine AS b'
  assert.match(refusal(text, { target: 'a' }).message, 'cannot mount from stage')
  assert.equal(exec('FROM scratch AS B\nRUN x\nFROM alpine\nRUN --mount=from=b,target=/m x').mounts.length, 2)
})

stages.run()
