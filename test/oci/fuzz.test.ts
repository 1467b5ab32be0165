/** Broken documents, references and platforms: an answer or an ImgError, whatever the bytes. IMGSDK_FUZZ sets how many. */
import { ImgError } from '../../sdk/error.ts'
import { parsePlatform } from '../../sdk/oci/platform.ts'
import { parseReference } from '../../sdk/oci/reference.ts'
import { mediaTypes } from '../../sdk/oci/types.ts'
import { checkImageManifest, parseConfig, parseImageDocument } from '../../sdk/oci/validate.ts'
import { assert, suite } from '../helpers/suite.ts'

const fuzz = suite('oci/fuzz')

const rounds = Number(process.env['IMGSDK_FUZZ'] ?? 10_000)
const digest = `sha256:${'a'.repeat(64)}`
const descriptor = { mediaType: mediaTypes.ociLayerGzip, digest, size: 3, annotations: { a: 'b' }, urls: ['x'] }
const seeds = [
  {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: { ...descriptor, mediaType: mediaTypes.ociConfig },
    layers: [descriptor],
  },
  {
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: [{ ...descriptor, platform: { os: 'linux', architecture: 'arm', variant: 'v7' } }],
  },
  {
    architecture: 'amd64',
    os: 'linux',
    config: {
      Env: ['A=b'],
      Labels: { a: 'b' },
      Healthcheck: { Test: ['CMD', 'x'], Interval: 1 },
      ExposedPorts: { '80/tcp': {} },
    },
    rootfs: { type: 'layers', diff_ids: [digest] },
    history: [{ created: '2024-01-02T03:04:05Z', empty_layer: true }],
  },
].map((seed) => JSON.stringify(seed))
const pieces = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  'null',
  '-1',
  '1e999',
  '"layers":',
  '"manifests":[]',
  '\\',
  '\\u0000',
  '\ufeff',
  '{}',
  '[[',
  '"__proto__":',
  'true',
  ' ',
]

/** A sequence that is the same each time. Source: mulberry32. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

function mutate(text: string, below: (n: number) => number): string {
  let changed = text
  for (let times = below(4); times >= 0; times--) {
    const [at, length] = [below(changed.length + 1), below(3) === 0 ? below(30) : below(2)]
    const piece = below(3) === 0 ? String.fromCharCode(below(256)) : pieces[below(pieces.length)]!
    changed = changed.slice(0, at) + (below(4) === 0 ? '' : piece) + changed.slice(at + length)
  }
  return changed
}

/** The codes that came up; anything but an ImgError is a failure. */
function attempt(work: () => unknown, input: string): string {
  try {
    work()
    return 'fine'
  } catch (error) {
    if (error instanceof ImgError) return error.code
    throw new Error(`${String(error)} for ${JSON.stringify(input)}`, { cause: error })
  }
}

fuzz('A34 any bytes as a manifest, index or config', () => {
  const below = random(1)
  const seen = new Map<string, number>()
  for (let i = 0; i < rounds; i++) {
    const text = mutate(seeds[i % seeds.length]!, below)
    const bytes = below(20) === 0 ? Buffer.from(text, 'latin1') : Buffer.from(text)
    const outcome = attempt(() => {
      if (i % seeds.length === 2) return parseConfig(bytes, 'x')
      const document = parseImageDocument(bytes, 'x', below(2) === 0 ? mediaTypes.ociManifest : undefined)
      if (document.kind === 'manifest') checkImageManifest(document.manifest, 'x')
      return document
    }, text)
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
  }
  assert.ok((seen.get('fine') ?? 0) > rounds / 50, JSON.stringify([...seen]))
  assert.ok((seen.get('IMAGE_INVALID') ?? 0) > rounds / 4, JSON.stringify([...seen]))
})

fuzz('A34 any text as a reference or a platform', () => {
  const below = random(2)
  const texts = [
    'docker.io/library/alpine:3.20',
    `ghcr.io/a/b@${digest}`,
    'linux/arm/v7',
    'windows(10.0.1+x)/amd64',
    '[::1]:5000/a',
  ]
  for (let i = 0; i < rounds; i++) {
    const text = mutate(texts[i % texts.length]!, below)
    attempt(() => parseReference(text), text)
    attempt(() => parsePlatform(text, { os: 'linux', architecture: 'amd64' }), text)
  }
})

fuzz.run()
