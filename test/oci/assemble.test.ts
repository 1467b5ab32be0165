import { type AssembleInput, assemble, assembleIndex } from '../../sdk/oci/assemble.ts'
import { type Digest, digestOf } from '../../sdk/oci/digest.ts'
import { encodeConfig } from '../../sdk/oci/encode.ts'
import { clampTime, epochTime } from '../../sdk/oci/history.ts'
import type { History, ImageConfig } from '../../sdk/oci/types.ts'
import { validateImage } from '../../sdk/oci/validate-image.ts'
import { assert, suite } from '../helpers/suite.ts'

const test = suite('oci/assemble')

const bare = { os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [] } } as const

const layer = (name: string, created?: string) => ({
  descriptor: {
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    digest: digestOf(`blob ${name}`),
    size: name.length,
  },
  diffId: digestOf(name),
  ...(created === undefined ? {} : { created }),
})

const assembled = (history: readonly History[], more: Partial<AssembleInput> = {}): ImageConfig => {
  const { config } = assemble({ config: { ...bare, history }, layers: [], ...more })
  return JSON.parse(Buffer.from(config.bytes).toString())
}

test('D11.11 a config is byte for byte what Go writes', () => {
  // The expected text was printed by encoding/json from the structs of the image specs.
  const config = {
    os: 'linux',
    architecture: 'arm64',
    variant: 'v8',
    'os.version': '1.2',
    'os.features': ['a'],
    author: 'A & B <a@b>',
    container_config: { Hostname: 'x' },
    created: '2024-02-03T04:05:06.120+00:00',
    config: {
      Shell: ['/bin/sh', '-c'],
      OnBuild: ['RUN a && b'],
      Healthcheck: { Retries: 3, Test: ['CMD', 'x'], Interval: 30_000_000_000 },
      ArgsEscaped: true,
      StopSignal: 'SIGTERM',
      Labels: {
        '10': 'ten',
        '9': 'nine',
        b: 'tab\tquote"nl\nback\\',
        a: '\u2028é😀\u0001\u007f\b\f',
        é: '1',
        zz: '<>',
      },
      WorkingDir: '/w',
      Volumes: { '/b': {}, '/a': {} },
      Cmd: ['a', '&'],
      Entrypoint: [],
      Env: ['A=<b>'],
      ExposedPorts: { '90/tcp': {}, '8080/tcp': {} },
      User: 'u',
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${'a'.repeat(64)}` as Digest] },
    history: [
      {
        empty_layer: false,
        created: '2020-01-01T00:00:00.000000000Z',
        comment: 'c',
        author: 'au',
        created_by: 'x > y',
      },
      { empty_layer: true, created_by: 'CMD' },
      { created: '2020-01-01T00:00:00.1234567891+02:00' },
    ],
  } as const
  const expected =
    '{"architecture":"arm64","author":"A \\u0026 B \\u003ca@b\\u003e","config":{"User":"u","ExposedPorts":{"8080/tcp":{},"90/tcp":{}},' +
    '"Env":["A=\\u003cb\\u003e"],"Cmd":["a","\\u0026"],"Volumes":{"/a":{},"/b":{}},"WorkingDir":"/w","Labels":{"10":"ten","9":"nine",' +
    '"a":"\\u2028é😀\\u0001\u007f\\b\\f","b":"tab\\tquote\\"nl\\nback\\\\","zz":"\\u003c\\u003e","é":"1"},"StopSignal":"SIGTERM",' +
    '"ArgsEscaped":true,"Healthcheck":{"Test":["CMD","x"],"Interval":30000000000,"Retries":3},"OnBuild":["RUN a \\u0026\\u0026 b"],' +
    '"Shell":["/bin/sh","-c"]},"created":"2024-02-03T04:05:06.12Z","history":[{"created":"2020-01-01T00:00:00Z","created_by":"x \\u003e y",' +
    '"author":"au","comment":"c"},{"created_by":"CMD","empty_layer":true},{"created":"2020-01-01T00:00:00.123456789+02:00"}],"os":"linux",' +
    '"os.features":["a"],"os.version":"1.2","rootfs":{"type":"layers","diff_ids":["sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]},' +
    '"variant":"v8"}'
  assert.is(Buffer.from(encodeConfig(config)).toString(), expected)
})

test('D11.14 a manifest is indented with two spaces and names its config and layers', () => {
  const { config, manifest } = assemble({ config: bare, layers: [layer('a')] })
  validateImage({ manifest: manifest.bytes, config: config.bytes })
  assert.is(config.descriptor.digest, digestOf(config.bytes))
  assert.is(manifest.descriptor.digest, digestOf(manifest.bytes))
  assert.is(manifest.descriptor.size, manifest.bytes.length)
  assert.is(
    Buffer.from(manifest.bytes).toString(),
    `{
  "schemaVersion": 2,
  "mediaType": "application/vnd.oci.image.manifest.v1+json",
  "config": {
    "mediaType": "application/vnd.oci.image.config.v1+json",
    "digest": "${config.descriptor.digest}",
    "size": ${config.bytes.length}
  },
  "layers": [
    {
      "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
      "digest": "${digestOf('blob a')}",
      "size": 1
    }
  ]
}`,
  )
})

test('D11.14 docker media types when asked for, without annotations', () => {
  const annotated = { ...layer('a'), descriptor: { ...layer('a').descriptor, annotations: { kept: '1' } } }
  const { config, manifest } = assemble({ config: bare, layers: [annotated], mediaTypes: 'docker' })
  const { mediaType, layers } = JSON.parse(Buffer.from(manifest.bytes).toString())
  const types = (mediaTypes: 'oci' | 'docker', mediaType: string) => {
    const typed = { ...layer('a'), descriptor: { ...layer('a').descriptor, mediaType } }
    const { bytes } = assemble({ config: bare, layers: [typed], mediaTypes }).manifest
    return JSON.parse(Buffer.from(bytes).toString()).layers[0].mediaType
  }
  for (const [oci, docker] of [
    ['layer.v1.tar', 'rootfs.diff.tar'],
    ['layer.v1.tar+gzip', 'rootfs.diff.tar.gzip'],
    ['layer.v1.tar+zstd', 'rootfs.diff.tar.zstd'],
    ['layer.nondistributable.v1.tar', 'rootfs.foreign.diff.tar'],
    ['layer.nondistributable.v1.tar+gzip', 'rootfs.foreign.diff.tar.gzip'],
  ].map(([oci, docker]) => [`application/vnd.oci.image.${oci}`, `application/vnd.docker.image.${docker}`] as const)) {
    assert.equal([types('docker', oci), types('docker', docker)], [docker, docker])
    assert.equal([types('oci', oci), types('oci', docker)], [oci, oci])
  }
  assert.is(types('oci', 'application/x-other'), 'application/x-other')
  assert.is(mediaType, 'application/vnd.docker.distribution.manifest.v2+json')
  assert.is(config.descriptor.mediaType, 'application/vnd.docker.container.image.v1+json')
  assert.is(layers[0].mediaType, 'application/vnd.docker.image.rootfs.diff.tar.gzip')
  assert.is(layers[0].annotations, undefined)
})

test('D11.14 annotations go where they are asked for', () => {
  const annotations = { manifest: { b: '1', a: '2' }, descriptor: { c: '3' } }
  const { manifest } = assemble({ config: bare, layers: [], annotations })
  assert.equal(JSON.parse(Buffer.from(manifest.bytes).toString()).annotations, annotations.manifest)
  assert.equal(manifest.descriptor.annotations, annotations.descriptor)
  const index = assembleIndex([], { annotations: { d: '4' } })
  assert.equal(JSON.parse(Buffer.from(index.bytes).toString()).annotations, { d: '4' })
  assert.is(index.descriptor.annotations, undefined)
})

test("keeps a base layer's annotations but those that only builders read", () => {
  const annotations = {
    'org.example': 'x',
    'org.example.buildkit/createdat': 'w',
    'containerd.io/uncompressed': 'y',
    'containerd.io/distribution.source.h.example': 'r',
    'buildkit/createdat': 'z',
  }
  const docker = { ...layer('a').descriptor, mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip' }
  const { manifest } = assemble({ config: bare, layers: [{ ...layer('a'), descriptor: { ...docker, annotations } }] })
  const [written] = JSON.parse(Buffer.from(manifest.bytes).toString()).layers
  assert.equal(written.annotations, { 'org.example': 'x', 'org.example.buildkit/createdat': 'w' })
  assert.is(written.mediaType, 'application/vnd.oci.image.layer.v1.tar+gzip')
})

test('D11.15 an index lists manifests by platform, in the order given', () => {
  const { manifest } = assemble({ config: bare, layers: [] })
  const index = assembleIndex([
    { descriptor: manifest.descriptor, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
    { descriptor: manifest.descriptor, platform: { os: 'linux', architecture: 'amd64' } },
  ])
  const text = Buffer.from(index.bytes).toString()
  assert.is(index.descriptor.mediaType, 'application/vnd.oci.image.index.v1+json')
  assert.equal(
    JSON.parse(text).manifests.map((entry: { platform: object }) => Object.entries(entry.platform).flat()),
    [
      ['architecture', 'arm64', 'os', 'linux', 'variant', 'v8'],
      ['architecture', 'amd64', 'os', 'linux'],
    ],
  )
  assert.ok(text.startsWith('{\n  "schemaVersion": 2,\n'))
})

test('D11.4 layers without an entry get one', () => {
  const { history, rootfs } = assembled([{ created: '2020-01-01T00:00:00Z', created_by: 'base' }], {
    layers: [layer('base'), layer('ours', '2021-01-01T00:00:00Z')],
  })
  assert.equal(history, [
    { created: '2020-01-01T00:00:00Z', created_by: 'base' },
    { created: '2021-01-01T00:00:00Z', created_by: 'created by buildkit', comment: 'buildkit.exporter.image.v0' },
  ])
  assert.equal(rootfs.diff_ids, [digestOf('base'), digestOf('ours')])
})

test('D11.4 entries without a layer become empty, the first ones keep theirs', () => {
  const entries = [{ created_by: 'a' }, { created_by: 'b', empty_layer: true }, { created_by: 'c' }]
  const { history } = assembled(entries, { layers: [layer('a', '2021-01-01T00:00:00Z')] })
  assert.equal(
    history?.map((entry) => entry.empty_layer ?? false),
    [false, true, true],
  )
})

test('D11.6 D11.7 undated entries take the first new layer’s time, later ones that of the entry before', () => {
  const { history, created } = assembled(
    [
      { created: '2020-01-01T00:00:00Z', created_by: 'base' },
      { created_by: 'ENV', empty_layer: true },
      { created_by: 'RUN 1' },
      { created_by: 'RUN 2' },
      { created_by: 'CMD', empty_layer: true },
    ],
    {
      layers: [
        layer('base', '2015-01-01T00:00:00Z'),
        layer('1', '2022-01-01T00:00:00Z'),
        layer('2', '2021-01-01T00:00:00Z'),
      ],
    },
  )
  assert.equal(
    history?.map((entry) => entry.created?.slice(0, 4)),
    ['2020', '2022', '2022', '2021', '2021'],
  )
  assert.is(created, '2021-01-01T00:00:00Z')
})

test("D11.6 metadata alone takes the base's last time, and on scratch none", () => {
  const cmd = { created_by: 'CMD', empty_layer: true }
  const onBase = assembled([{ created: '2020-01-01T00:00:00Z', created_by: 'base' }, cmd], { layers: [layer('base')] })
  assert.is(onBase.history?.[1]?.created, '2020-01-01T00:00:00Z')
  assert.is(onBase.created, '2020-01-01T00:00:00Z')
  const onScratch = assembled([cmd])
  assert.equal(onScratch.history, [cmd])
  assert.is(onScratch.created as unknown, null)
})

test('D11.8 SOURCE_DATE_EPOCH dates our entries and leaves the base’s', () => {
  const epoch = Date.UTC(2010, 0, 1) / 1000
  const { history, created } = assembled(
    [
      { created: '2020-01-01T00:00:00.5Z', created_by: 'base' },
      { created_by: 'ENV', empty_layer: true },
      { created_by: 'RUN' },
      { created_by: 'RUN old' },
    ],
    {
      layers: [layer('b'), layer('1', '2022-01-01T00:00:00Z'), layer('2', '2009-01-01T00:00:00Z')],
      sourceDateEpoch: epoch,
    },
  )
  assert.equal(
    history?.map((entry) => entry.created),
    ['2020-01-01T00:00:00.5Z', '2010-01-01T00:00:00Z', '2010-01-01T00:00:00Z', '2009-01-01T00:00:00Z'],
  )
  assert.equal(
    history?.map((entry) => entry.created_by),
    ['base', 'ENV', 'RUN', 'RUN old'],
  )
  assert.is(created, '2009-01-01T00:00:00Z')
})

test('D11.8 the earlier of a time and the epoch, to the last second of the year 9999', () => {
  const epoch = Date.UTC(2010, 0, 1) / 1000
  for (const [time, later] of [
    ['2009-12-31T23:59:59.9Z', false],
    ['2010-01-01T00:00:00Z', false],
    ['2010-01-01T00:00:00.000Z', false],
    ['2010-01-01T00:00:00.5Z', true],
    ['2010-01-01T00:00:00.05Z', true],
    ['2010-01-01T00:00:01Z', true],
    ['2010-01-01T01:00:00+02:00', false],
    ['no time', true],
  ] as const)
    assert.is(clampTime(time, epoch), later ? '2010-01-01T00:00:00Z' : time, time)
  assert.is(epochTime(253_402_300_799), '9999-12-31T23:59:59Z')
  for (const wrong of [253_402_300_800, -62_135_596_801, 1.5]) assert.throws(() => epochTime(wrong), /whole seconds/)
  // the time of a config that came dated is clamped too
  const dated = { config: { ...bare, created: '2020-01-01T00:00:00Z', history: [] }, sourceDateEpoch: epoch }
  assert.is(assembled([], dated).created, '2010-01-01T00:00:00Z')
})

test('D11.8 entries that nothing dates get the epoch; a fraction of a second is later', () => {
  const scratch = assembled([{ created_by: 'CMD', empty_layer: true }], { sourceDateEpoch: 0 })
  assert.is(scratch.history?.[0]?.created, '1970-01-01T00:00:00Z')
  const later = assembled([{ created_by: 'RUN' }], {
    layers: [layer('a', '1970-01-01T00:00:00.000000001Z')],
    sourceDateEpoch: 0,
  })
  assert.is(later.created, '1970-01-01T00:00:00Z')
})

test('refuses an epoch that is no time, and a config without os', () => {
  const code = (body: () => unknown) => {
    try {
      body()
    } catch (error) {
      return (error as { code: string }).code
    }
    return undefined
  }
  assert.is(
    code(() => assembled([{ created_by: 'CMD', empty_layer: true }], { sourceDateEpoch: 1.5 })),
    'ARGUMENT_VALUE',
  )
  assert.is(
    code(() => assemble({ config: { ...bare, os: '' }, layers: [] })),
    'IMAGE_INVALID',
  )
})

test('does not touch what it is given', () => {
  const config = Object.freeze({ ...bare, history: Object.freeze([Object.freeze({ created_by: 'RUN' })]) })
  const once = assemble({ config, layers: [layer('a', '2022-01-01T00:00:00Z')] })
  const twice = assemble({ config, layers: [layer('a', '2022-01-01T00:00:00Z')] })
  assert.is(once.manifest.descriptor.digest, twice.manifest.descriptor.digest)
  assert.equal(config.history, [{ created_by: 'RUN' }])
})

test.run()
