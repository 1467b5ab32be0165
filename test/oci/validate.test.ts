/** Documents from outside: what is read, what is refused, and what the refusal says. */
import { ImgError } from '../../sdk/error.ts'
import { digestOf } from '../../sdk/oci/digest.ts'
import { mediaTypes } from '../../sdk/oci/types.ts'
import {
  checkBytes,
  checkImageManifest,
  checkLayoutFile,
  parseConfig,
  parseImageDocument,
  parseIndex,
  parseManifest,
} from '../../sdk/oci/validate.ts'
import { validateImage } from '../../sdk/oci/validate-image.ts'
import { assert, suite } from '../helpers/suite.ts'

const validate = suite('oci/validate')

const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
const digest = `sha256:${'a'.repeat(64)}`
const config = { mediaType: mediaTypes.ociConfig, digest, size: 2 }
const layer = { mediaType: mediaTypes.ociLayerGzip, digest, size: 3 }
const manifest = { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers: [layer] }
const index = {
  schemaVersion: 2,
  mediaType: mediaTypes.ociIndex,
  manifests: [{ ...config, mediaType: mediaTypes.ociManifest }],
}
const read = (value: unknown, contentType?: string) =>
  parseImageDocument(bytes(value), 'the manifest of x', contentType)

function refused(work: () => unknown, code: string, reason: RegExp): void {
  assert.throws(work, (error: unknown) => {
    if (error instanceof ImgError && error.code === code && reason.test(error.message)) return true
    throw error
  })
}

validate('reads manifests and indexes of both families, with and without mediaType', () => {
  assert.equal(read(manifest), { kind: 'manifest', mediaType: mediaTypes.ociManifest, manifest })
  assert.equal(read(index), { kind: 'index', mediaType: mediaTypes.ociIndex, index })
  const { mediaType: _, ...bare } = manifest
  assert.is(read(bare).mediaType, mediaTypes.ociManifest)
  assert.is(read(bare, 'application/json; charset=utf-8').mediaType, mediaTypes.ociManifest)
  assert.is(read({ ...manifest, mediaType: mediaTypes.dockerManifest }, mediaTypes.dockerManifest).kind, 'manifest')
  assert.equal(parseManifest(bytes({ ...manifest, layers: null }), 'x').layers, [])
  refused(() => parseIndex(bytes(manifest), 'x'), 'IMAGE_INVALID', /expected an image index/)
  refused(() => parseManifest(bytes(index), 'x'), 'IMAGE_INVALID', /expected a manifest/)
})

validate('A27 refuses a document that could be two things', () => {
  refused(() => read({ ...manifest, manifests: [] }), 'IMAGE_INVALID', /both "manifests" and "layers"/)
  refused(() => read({ ...index, config }), 'IMAGE_INVALID', /both "manifests" and "config"/)
  refused(() => read({ ...index, Layers: [] }), 'IMAGE_INVALID', /key "Layers" is misspelt/)
  refused(() => read(manifest, mediaTypes.ociIndex), 'IMAGE_INVALID', /mediaType is .*manifest.*came as .*index/)
  refused(
    () => read({ ...manifest, mediaType: mediaTypes.ociIndex }),
    'IMAGE_INVALID',
    /members are those of an image manifest/,
  )
  refused(
    () => read({ ...index, mediaType: undefined }, mediaTypes.dockerManifest),
    'IMAGE_INVALID',
    /of an image index/,
  )
  refused(() => read({ ...manifest, mediaType: 'text/html' }), 'IMAGE_INVALID', /no kind of image/)
})

validate('A27 refuses duplicate keys at any depth, however they are written', () => {
  refused(() => read('{"schemaVersion":2,"layers":[],"layers":[]}'), 'IMAGE_INVALID', /key "layers" is there twice/)
  refused(() => read('{"a":[{"b":{"c":1 , "\\u0063"\n: 2}}]}'), 'IMAGE_INVALID', /key "c" is there twice/)
  refused(() => read('{"x":"\\\\","x":""}'), 'IMAGE_INVALID', /key "x" is there twice/)
  const once = '{"a":{"k":"k","l":["k","k"]},"b":{"k":"\\"k\\":"},"schemaVersion":2,"config":null}'
  refused(() => read(once), 'IMAGE_INVALID', /config is missing/)
})

validate('A27 refuses digests and sizes that are none', () => {
  const wrong = (change: object) => () => read({ ...manifest, layers: [layer, { ...layer, ...change }] })
  refused(wrong({ digest: 'sha256:../../x' }), 'IMAGE_INVALID', /layers\[1\]\.digest is "sha256:\.\.\/\.\.\/x"/)
  refused(wrong({ digest: digest.toUpperCase() }), 'IMAGE_INVALID', /layers\[1\]\.digest/)
  for (const size of [-1, 1.5, 2 ** 60, '3', null]) refused(wrong({ size }), 'IMAGE_INVALID', /layers\[1\]\.size/)
  refused(wrong({ mediaType: 7 }), 'IMAGE_INVALID', /mediaType is 7; expected a string/)
  refused(() => read({ ...manifest, layers: {} }), 'IMAGE_INVALID', /layers is .*expected a list/)
  refused(() => read({ ...manifest, layers: [null] }), 'IMAGE_INVALID', /layers\[0\]/)
})

validate('A27 compares bytes with their descriptor', () => {
  const content = bytes('hello')
  checkBytes(content, { digest: digestOf(content), size: 5 }, 'x')
  refused(
    () => checkBytes(content, { digest: digestOf(content), size: 4 }, 'x'),
    'DIGEST_MISMATCH',
    /5 bytes; expected 4/,
  )
  refused(() => checkBytes(content, { digest: digestOf('other') }, 'x'), 'DIGEST_MISMATCH', /expected sha256:/)
})

validate('A34 bounds length and depth', () => {
  refused(() => read(`"${'a'.repeat(5e6)}"`), 'IMAGE_INVALID', /5000002 bytes; at most 4194304/)
  refused(() => read(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`), 'IMAGE_INVALID', /nested above 64/)
  refused(() => read(`{"a":"${'\\\\'.repeat(2e6)}"}`), 'IMAGE_INVALID', /schemaVersion is missing/)
  refused(() => read(new TextDecoder('latin1').decode(Uint8Array.of(0x7b))), 'IMAGE_INVALID', /not JSON/)
  refused(() => parseImageDocument(Uint8Array.of(0x22, 0xff, 0x22), 'x'), 'IMAGE_INVALID', /not UTF-8/)
  for (const text of ['null', '[]', '1', '"x"', '']) refused(() => read(text), 'IMAGE_INVALID', /./)
})

validate('says that schema 1 was given up', () => {
  refused(() => read({ schemaVersion: 1, fsLayers: [] }), 'UNSUPPORTED', /schema 1/)
  refused(() => read({}, 'application/vnd.docker.distribution.manifest.v1+prettyjws'), 'UNSUPPORTED', /schema 1/)
})

validate('tells images from other artifacts', () => {
  const other = (change: object) => () => checkImageManifest(parseManifest(bytes({ ...manifest, ...change }), 'x'), 'x')
  other({})()
  refused(
    other({ config: { ...config, mediaType: 'application/vnd.oci.empty.v1+json' } }),
    'IMAGE_INVALID',
    /not a container image/,
  )
  refused(other({ layers: [{ ...layer, mediaType: 'application/pdf' }] }), 'IMAGE_INVALID', /which is no layer/)
  refused(other({ layers: [{ ...layer, mediaType: `${layer.mediaType}+encrypted` }] }), 'UNSUPPORTED', /encrypted/)
})

validate("reads configs, Go's null for empty, and leaves strangers out", () => {
  const image = {
    architecture: 'amd64',
    os: 'linux',
    docker_version: '1',
    config: {
      Env: ['A=b'],
      Cmd: null,
      Labels: { a: 'b' },
      ExposedPorts: { '80/tcp': {} },
      Hostname: 'x',
      Healthcheck: { Retries: 3 },
    },
    rootfs: { type: 'layers', diff_ids: null },
    history: [{ created_by: 'x', empty_layer: true, v1: 1 }],
  }
  assert.equal(parseConfig(bytes(image), 'x'), {
    architecture: 'amd64',
    os: 'linux',
    config: { Env: ['A=b'], Labels: { a: 'b' }, ExposedPorts: { '80/tcp': {} }, Healthcheck: { Retries: 3 } },
    rootfs: { type: 'layers', diff_ids: [] },
    history: [{ created_by: 'x', empty_layer: true }],
  })
  const wrong = (change: object) => () => parseConfig(bytes({ ...image, ...change }), 'the config of x')
  refused(wrong({ os: 1 }), 'IMAGE_INVALID', /the config of x is invalid: os is 1/)
  refused(wrong({ rootfs: { type: 'layers', diff_ids: ['x'] } }), 'IMAGE_INVALID', /rootfs\.diff_ids\[0\]/)
  refused(wrong({ config: { Env: ['a', 2] } }), 'IMAGE_INVALID', /config\.Env\[1\] is 2/)
  refused(wrong({ config: { Labels: { 'a.b': 2 } } }), 'IMAGE_INVALID', /config\.Labels\["a\.b"\] is 2/)
})

validate('nanoseconds above 2^53 are whole seconds, or refused: no number is rewritten as its neighbour', () => {
  const interval = (digits: string) =>
    parseConfig(
      bytes(`{"architecture":"a","os":"b","rootfs":{"type":"layers"},"config":{"Healthcheck":{"Interval":${digits}}}}`),
      'x',
    ).config?.Healthcheck?.Interval
  for (const digits of ['9007199254740991', '10368000000000000', '9223372036000000000', '-1'])
    assert.is(JSON.stringify(interval(digits)), digits)
  for (const digits of ['9007199254740993', '10368000000000007', '9223372036854775807', '9223372037000000000', '1.5'])
    refused(() => interval(digits), 'IMAGE_INVALID', /Healthcheck\.Interval is .*; expected a whole number/)
})

validate('keeps an image to one prototype', () => {
  const hostile = '{"architecture":"a","os":"b","rootfs":{"type":"layers"},"config":{"Labels":{"__proto__":"x"}}}'
  const labels = parseConfig(bytes(hostile), 'x').config?.Labels ?? {}
  assert.equal(Object.entries(labels), [['__proto__', 'x']])
  assert.is(Object.getPrototypeOf(labels), Object.prototype)
})

validate('checks the version of a layout', () => {
  checkLayoutFile(bytes({ imageLayoutVersion: '1.0.0' }), 'x')
  refused(() => checkLayoutFile(bytes({ imageLayoutVersion: '2.0.0' }), 'x'), 'IMAGE_INVALID', /"2\.0\.0"/)
})

validate('D11.4 finds every fault of an image whose parts disagree', () => {
  const made = (image: object, change: object = {}) => {
    const encoded = bytes({
      architecture: 'amd64',
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: [digest] },
      ...image,
    })
    const descriptor = { ...config, digest: digestOf(encoded), size: encoded.byteLength }
    return { manifest: bytes({ ...manifest, config: descriptor, ...change }), config: encoded }
  }
  validateImage(made({ history: [{ created: '2024-01-02T03:04:05.123456789Z' }, { empty_layer: true }] }))
  refused(
    () => validateImage(made({ rootfs: { type: 'layers', diff_ids: [] } })),
    'IMAGE_INVALID',
    /1 layers.* 0 diff IDs/,
  )
  refused(() => validateImage({ ...made({}), config: bytes({}) }), 'IMAGE_INVALID', /./)
  refused(
    () => validateImage({ ...made({}), config: made({ author: 'x' }).config }),
    'DIGEST_MISMATCH',
    /config of the image/,
  )
  const table: [object, object, RegExp][] = [
    [{ history: [] }, {}, /0 history entries have layers, but there are 1/],
    [{ history: [{ created: 'now' }] }, {}, /history\[0\]\.created is "now"/],
    [{ created: '2024-01-02' }, {}, /no RFC 3339/],
    [{ architecture: 'x86_64' }, {}, /not normalised/],
    [{ config: { Env: ['A=1', 'B', 'A=2'] } }, {}, /Env has "B".*; Env has "A" twice/],
    [{ config: { ExposedPorts: { http: {} }, WorkingDir: 'srv' } }, {}, /ExposedPorts has "http".*WorkingDir is "srv"/],
    [
      {},
      { layers: [{ ...layer, mediaType: mediaTypes.dockerLayerGzip }] },
      /the manifest is oci, a layer "application\/vnd\.docker/,
    ],
  ]
  for (const [image, change, reason] of table)
    refused(() => validateImage(made(image, change)), 'IMAGE_INVALID', reason)
})

validate.run()
