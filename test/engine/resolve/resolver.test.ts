/** Resolving images: from a real registry, from the store, from layouts. */
import { execFile, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { openRegistries, type Registries } from '../../../sdk/engine/registry/registries.ts'
import {
  createResolver,
  type ImageStore,
  type ResolvedImage,
  type ResolverOptions,
} from '../../../sdk/engine/resolve/index.ts'
import { parseLayoutReference } from '../../../sdk/engine/resolve/layout.ts'
import { openBlobs } from '../../../sdk/engine/store/blobs.ts'
import { openRecords } from '../../../sdk/engine/store/records.ts'
import { type Digest, digestOf, hexOf } from '../../../sdk/oci/digest.ts'
import { type Descriptor, mediaTypes, type Platform } from '../../../sdk/oci/types.ts'
import { failure } from '../../helpers/failure.ts'
import { startRegistry, type TestRegistry } from '../../helpers/registry.ts'
import { assert, suite } from '../../helpers/suite.ts'

const resolver = suite('engine/resolve/resolver')

const amd64: Platform = { os: 'linux', architecture: 'amd64' }
const arm64: Platform = { os: 'linux', architecture: 'arm64' }

/** The bytes of a small image: descriptor → content. */
interface Made {
  readonly manifest: Descriptor
  readonly blobs: ReadonlyMap<Digest, Buffer>
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const describe = (mediaType: string, bytes: Buffer): Descriptor => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.length,
})

function makeImage(text: string, platform: Platform, change: { config?: object; manifest?: object } = {}): Made {
  const tar = Buffer.from(text.padEnd(1024, '\0'))
  const layer = gzipSync(tar)
  const config = json({
    ...platform,
    config: { Env: [`NAME=${text}`] },
    rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    ...change.config,
  })
  const layers = [describe(mediaTypes.ociLayerGzip, layer)]
  const manifest = json({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: describe(mediaTypes.ociConfig, config),
    layers,
    ...change.manifest,
  })
  const all = [layer, config, manifest].map((bytes): [Digest, Buffer] => [digestOf(bytes), bytes])
  return { manifest: { ...describe(mediaTypes.ociManifest, manifest), platform }, blobs: new Map(all) }
}

function makeIndex(
  images: readonly Made[],
  manifests: readonly Descriptor[] = images.map(({ manifest }) => manifest),
): Made {
  const index = json({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests })
  const blobs = new Map([...images.flatMap((image) => [...image.blobs]), [digestOf(index), index] as const])
  return { manifest: describe(mediaTypes.ociIndex, index), blobs }
}

async function push(registries: Registries, host: string, name: string, image: Made): Promise<void> {
  const [repository = '', tag = ''] = name.split(':')
  const registry = registries.at(host)
  for (const [digest, bytes] of image.blobs) {
    const text = bytes.subarray(0, 30).toString()
    if (text.startsWith('{"schemaVersion"')) {
      const { mediaType } = JSON.parse(String(bytes)) as { mediaType: string }
      await registry.putManifest(repository, digest === image.manifest.digest ? tag : digest, { bytes, mediaType })
    } else await registry.uploadBlob(repository, { mediaType: 'x', digest, size: bytes.length }, async () => [bytes])
  }
}

interface World {
  readonly host: string
  readonly server: TestRegistry
  readonly registries: Registries
  readonly store: ImageStore
  readonly folder: string
  readonly names: Map<string, Descriptor>
  make(mode?: ResolverOptions['mode']): (ref: string, platform?: Platform) => Promise<ResolvedImage>
}

async function withWorld(work: (world: World) => Promise<void>): Promise<void> {
  const server = await startRegistry({ fault: () => false })
  const registries = openRegistries({ credentials: async () => ({}), retry: { attempts: 1 } })
  const folder = mkdtempSync(join(tmpdir(), 'imgsdk-resolve-'))
  for (const name of ['blobs/sha256', 'records', 'tmp']) mkdirSync(join(folder, name), { recursive: true })
  let count = 0
  const temporary = () => join(folder, 'tmp', String(++count))
  const names = new Map<string, Descriptor>()
  const store: ImageStore = {
    blobs: openBlobs(join(folder, 'blobs'), temporary),
    records: openRecords(join(folder, 'records'), temporary),
    images: { get: async (name) => names.get(name) },
  }
  const make = (mode: ResolverOptions['mode'] = 'default') => {
    const made = createResolver({ store, mode, registry: (host) => registries.at(host) })
    return (ref: string, platform = amd64) => made.resolve(ref, platform)
  }
  try {
    await work({ host: server.host, server, registries, store, folder, names, make })
  } finally {
    await registries.close()
    await server.stop()
    rmSync(folder, { recursive: true })
  }
}

async function read(image: ResolvedImage, layer = 0): Promise<Buffer> {
  return Buffer.concat(await (await image.layers[layer]!.open()).toArray())
}

const real = ['docker-registry']

resolver.needs(real, 'resolves a tag to digest, manifest and config, and fetches no layer', () =>
  withWorld(async ({ host, server, registries, store, make }) => {
    const made = makeImage('one', amd64)
    await push(registries, host, 'app:v1', made)
    server.requests.length = 0
    const image = await make()(`docker-image://${host}/app:v1`)
    assert.is(image.ref, `${host}/app:v1`)
    assert.is(image.digest, made.manifest.digest)
    assert.is(image.manifestDigest, made.manifest.digest)
    assert.equal(image.config.config?.Env, ['NAME=one'])
    assert.is(image.layers.length, 1)
    assert.is(image.layers[0]?.from, `${host}/app`)
    const { descriptor } = image.layers[0]!
    assert.not.ok(server.requests.some((line) => line.includes(descriptor.digest)))
    assert.is(await store.blobs.has(descriptor.digest), false)
    assert.is(digestOf(await read(image)), descriptor.digest)
  }),
)

resolver.needs(real, 'asks for a tag each time and for a digest only once', () =>
  withWorld(async ({ host, server, registries, make }) => {
    await push(registries, host, 'app:v1', makeImage('one', amd64))
    const first = await make()(`${host}/app:v1`)
    server.requests.length = 0
    await make()(`${host}/app:v1`)
    assert.equal(server.requests, ['HEAD /v2/app/manifests/v1'])
    server.requests.length = 0
    const pinned = await make()(`${host}/app@${first.digest}`)
    const both = await make()(`${host}/app:gone@${first.digest}`)
    assert.equal(server.requests, [])
    assert.is(pinned.manifestDigest, first.manifestDigest)
    assert.is(both.ref, `${host}/app:gone@${first.digest}`)

    await push(registries, host, 'app:v1', makeImage('two', amd64))
    assert.equal((await make()(`${host}/app:v1`)).config.config?.Env, ['NAME=two'])
    const once = make()
    server.requests.length = 0
    await Promise.all([once(`${host}/app:v1`), once(`${host}/app:v1`), once(`${host}/app:v1`, arm64)])
    assert.equal(server.requests, ['HEAD /v2/app/manifests/v1'])
  }),
)

resolver.needs(real, 'D10.5 chooses from an index, and lists what it has when nothing fits', () =>
  withWorld(async ({ host, registries, make }) => {
    const variants: [string, Platform][] = [
      ['six', { os: 'linux', architecture: 'arm', variant: 'v6' }],
      ['seven', { os: 'linux', architecture: 'arm', variant: 'v7' }],
      ['amd', amd64],
      ['attestation', { os: 'unknown', architecture: 'unknown' }],
    ]
    const index = makeIndex(variants.map(([text, platform]) => makeImage(text, platform)))
    await push(registries, host, 'app:v1', index)
    const resolve = make()
    const name = async (platform: Platform) => {
      const image = await resolve(`${host}/app:v1`, platform)
      assert.is(image.digest, index.manifest.digest)
      assert.is.not(image.manifestDigest, index.manifest.digest)
      return image.config.config?.Env?.[0]
    }
    assert.is(await name(amd64), 'NAME=amd')
    assert.is(await name(arm64), 'NAME=seven')
    assert.is(await name({ os: 'linux', architecture: 'arm', variant: 'v6' }), 'NAME=six')
    const error = await failure(resolve(`${host}/app:v1`, { os: 'linux', architecture: 's390x' }))
    assert.is(error.code, 'IMAGE_NOT_FOUND')
    assert.match(error.message, 'has no image for linux/s390x')
    assert.is(error.hint, 'it has linux/arm/v6, linux/arm/v7, linux/amd64')
  }),
)

resolver.needs(real, 'D10.8 takes a manifest that a tag points to itself, whatever its platform', () =>
  withWorld(async ({ host, registries, make }) => {
    await push(registries, host, 'app:v1', makeImage('arm', arm64))
    assert.is((await make()(`${host}/app:v1`)).config.architecture, 'arm64')
  }),
)

resolver.needs(real, 'looks into entries without a platform, and through indexes in indexes', () =>
  withWorld(async ({ host, registries, make }) => {
    const [arm, amd] = [makeImage('arm', arm64), makeImage('amd', amd64)]
    const bare = [arm, amd].map(({ manifest: { platform: _, ...rest } }) => rest)
    const inner = makeIndex([arm, amd], bare)
    await push(registries, host, 'app:v1', makeIndex([inner]))
    assert.equal((await make()(`${host}/app:v1`)).config.config?.Env, ['NAME=amd'])
    let deep = inner
    for (let i = 0; i < 6; i++) deep = makeIndex([deep])
    await push(registries, host, 'app:deep', deep)
    assert.match((await failure(make()(`${host}/app:deep`))).message, 'nested above 4 levels')
  }),
)

resolver.needs(real, 'an image of the store is usable by its name at once, unless pulls are asked for', () =>
  withWorld(async ({ host, server, registries, store, names, make }) => {
    await push(registries, host, 'app:v1', makeImage('remote', amd64))
    const local = makeImage('local', amd64)
    for (const bytes of local.blobs.values()) await store.blobs.put(bytes)
    names.set(`${host}/app:v1`, local.manifest)
    names.set('docker.io/library/mine:latest', local.manifest)
    server.requests.length = 0
    const env = async (ref: string, mode?: ResolverOptions['mode']) => (await make(mode)(ref)).config.config?.Env?.[0]
    assert.is(await env(`${host}/app:v1`), 'NAME=local')
    assert.is(await env(`${host}/app:v1`, 'local'), 'NAME=local')
    assert.is(await env('mine'), 'NAME=local')
    assert.equal(server.requests, [])
    assert.is(await env(`${host}/app:v1`, 'pull'), 'NAME=remote')
    const error = await failure(make('local')(`${host}/app:v2`))
    assert.is(error.code, 'IMAGE_NOT_FOUND')
    assert.match(error.message, 'registries may not be asked')
  }),
)

resolver.needs(real, 'an image of the store may rest on layers that were never fetched', () =>
  withWorld(async ({ host, registries, store, names, make }) => {
    const base = makeImage('base', amd64)
    await push(registries, host, 'base:v1', base)
    const { layers, manifest } = await make()(`${host}/base:v1`)
    const config = json({ ...amd64, rootfs: { type: 'layers', diff_ids: [layers[0]!.diffId] } })
    const own = json({ ...manifest, config: describe(mediaTypes.ociConfig, config) })
    for (const bytes of [config, own]) await store.blobs.put(bytes)
    names.set('docker.io/library/mine:latest', describe(mediaTypes.ociManifest, own))
    const mine = await make()('mine')
    assert.is(mine.layers[0]?.from, `${host}/base`)
    assert.is(digestOf(await read(mine)), layers[0]?.descriptor.digest)
    assert.is((await failure((await make('local')('mine')).layers[0]!.open())).code, 'IMAGE_NOT_FOUND')
  }),
)

resolver.needs(real, 'a damaged document in the store is fetched again', () =>
  withWorld(async ({ host, registries, folder, make }) => {
    const made = makeImage('one', amd64)
    await push(registries, host, 'app:v1', made)
    await make()(`${host}/app:v1`)
    const path = join(folder, 'blobs/sha256', hexOf(made.manifest.digest))
    const bytes = readFileSync(path)
    bytes[5]! ^= 1
    writeFileSync(path, bytes)
    assert.is((await make()(`${host}/app:v1`)).digest, made.manifest.digest)
  }),
)

resolver.needs(real, 'A27 refuses images whose parts disagree', () =>
  withWorld(async ({ host, registries, make }) => {
    const cases: [string, Made, string, RegExp][] = [
      [
        'diff',
        makeImage('x', amd64, { config: { rootfs: { type: 'layers', diff_ids: [] } } }),
        'IMAGE_INVALID',
        /1 layers, its config 0 diff IDs/,
      ],
      [
        'artifact',
        makeImage('x', amd64, { manifest: { config: describe('application/vnd.x+json', json({})) } }),
        'IMAGE_INVALID',
        /not a container image/,
      ],
      ['config', makeImage('x', amd64, { config: { os: 5 } }), 'IMAGE_INVALID', /config of .* is invalid: os is 5/],
    ]
    for (const [tag, made, code, reason] of cases) {
      if (tag === 'artifact')
        await registries.at(host).uploadBlob('bad', describe('x', json({})), async () => [json({})])
      await push(registries, host, `bad:${tag}`, made)
      const error = await failure(make()(`${host}/bad:${tag}`))
      assert.is(error.code, code, tag)
      assert.ok(reason.test(error.message), error.message)
    }
  }),
)

resolver('says how to build without a network', async () => {
  const registries = openRegistries({ credentials: async () => ({}), retry: { attempts: 1 } })
  const none = {
    blobs: {
      has: async () => false,
      get: async () => Promise.reject(new Error()),
      put: async () => Promise.reject(new Error()),
    },
    records: { get: async () => undefined, put: async () => {}, delete: async () => {} },
    images: { get: async () => undefined },
  } satisfies ImageStore
  const { resolve } = createResolver({ store: none, mode: 'default', registry: (host) => registries.at(host) })
  const error = await failure(resolve('127.0.0.1:1/app', amd64))
  assert.is(error.code, 'REGISTRY_UNREACHABLE')
  assert.match(error.hint ?? '', 'by digest')
  assert.is((await failure(resolve('UPPER', amd64))).code, 'REFERENCE_INVALID')
  await registries.close()
})

function writeLayout(folder: string, images: readonly [name: string, image: Made][]): void {
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true })
  for (const [, { blobs }] of images)
    for (const [digest, bytes] of blobs) writeFileSync(join(folder, 'blobs/sha256', hexOf(digest)), bytes)
  const named = images.map(([name, { manifest }]) => ({
    ...manifest,
    annotations: { 'org.opencontainers.image.ref.name': name },
  }))
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  writeFileSync(join(folder, 'index.json'), json({ schemaVersion: 2, manifests: named }))
}

resolver.needs(real, 'reads images from layouts by tag, by digest, or the only one', () =>
  withWorld(async ({ folder, make }) => {
    const [one, two] = [makeImage('one', amd64), makeImage('two', amd64)]
    const layout = join(folder, 'layout')
    writeLayout(layout, [
      ['v1', one],
      ['docker.io/library/app:v2', two],
    ])
    const env = async (suffix: string) => (await make()(`oci-layout://${layout}${suffix}`)).config.config?.Env?.[0]
    assert.is(await env(':v1'), 'NAME=one')
    assert.is(await env(':v2'), 'NAME=two')
    assert.is(await env(`@${two.manifest.digest}`), 'NAME=two')
    const error = await failure(env(''))
    assert.is(error.code, 'IMAGE_NOT_FOUND')
    assert.is(error.hint, 'it has v1, docker.io/library/app:v2')
    writeLayout(layout, [['v1', one]])
    assert.is(await env(''), 'NAME=one')
    const image = await make()(`oci-layout://${layout}`)
    assert.is(digestOf(await read(image)), image.layers[0]?.descriptor.digest)
    assert.is((await failure(make()(`oci-layout://${folder}/nowhere`))).code, 'IMAGE_NOT_FOUND')
  }),
)

resolver.needs([...real, 'skopeo'], 'reads a layout that skopeo wrote', () =>
  withWorld(async ({ host, registries, folder, make }) => {
    await push(registries, host, 'app:v1', makeImage('one', amd64))
    const target = `oci:${folder}/layout:v1`
    // not spawnSync: the proxy before the registry is in this process
    await promisify(execFile)('skopeo', [
      'copy',
      '--insecure-policy',
      '--src-tls-verify=false',
      `docker://${host}/app:v1`,
      target,
    ])
    const [fromLayout, fromRegistry] = [
      await make()(`oci-layout://${folder}/layout:v1`),
      await make()(`${host}/app:v1`),
    ]
    assert.is(fromLayout.digest, fromRegistry.digest)
  }),
)

resolver.needs(real, 'A27 a layout of somebody else leads nowhere', () =>
  withWorld(async ({ folder, make }) => {
    const made = makeImage('one', amd64)
    const layout = join(folder, 'layout')
    const blob = (digest: Digest) => join(layout, 'blobs/sha256', hexOf(digest))
    const attempt = async () => (await failure(make()(`oci-layout://${layout}:v1`))).code
    writeLayout(layout, [['v1', made]])
    cpSync(blob(made.manifest.digest), join(folder, 'aside'))
    rmSync(blob(made.manifest.digest))
    symlinkSync(join(folder, 'aside'), blob(made.manifest.digest))
    assert.is(await attempt(), 'IMAGE_INVALID')
    rmSync(blob(made.manifest.digest))
    spawnSync('mkfifo', [blob(made.manifest.digest)])
    assert.is(await attempt(), 'IMAGE_INVALID')
    rmSync(blob(made.manifest.digest))
    writeFileSync(blob(made.manifest.digest), '{}')
    assert.is(await attempt(), 'DIGEST_MISMATCH')
    rmSync(blob(made.manifest.digest))
    assert.is(await attempt(), 'IMAGE_NOT_FOUND')
    writeFileSync(
      join(layout, 'index.json'),
      json({ schemaVersion: 2, manifests: [{ ...made.manifest, digest: 'sha256:../../x' }] }),
    )
    assert.is(await attempt(), 'IMAGE_INVALID')
    writeFileSync(join(layout, 'oci-layout'), '{}')
    assert.is(await attempt(), 'IMAGE_INVALID')
  }),
)

resolver('splits layout references at the colon after the last slash', () => {
  const digest = `sha256:${'a'.repeat(64)}` as const
  assert.equal(parseLayoutReference('/a/b:v1'), { folder: '/a/b', tag: 'v1' })
  assert.equal(parseLayoutReference('/a:1/b'), { folder: '/a:1/b' })
  assert.equal(parseLayoutReference(`/a/b@${digest}`), { folder: '/a/b', digest })
  assert.equal(parseLayoutReference(`/a@x/b:v1@${digest}`), { folder: '/a@x/b', tag: 'v1', digest })
  assert.equal(parseLayoutReference('/a@x/b'), { folder: '/a@x/b' })
})

resolver.run()
