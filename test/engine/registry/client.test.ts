/** The client against a real docker-registry, and skopeo on the other side. */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import type { RegistryClient } from '../../../sdk/engine/registry/client.ts'
import { limited } from '../../../sdk/engine/registry/limited.ts'
import { openRegistries, type RegistryOptions } from '../../../sdk/engine/registry/registries.ts'
import { digestOf } from '../../../sdk/oci/digest.ts'
import { type Descriptor, mediaTypes } from '../../../sdk/oci/types.ts'
import { failure } from '../../helpers/failure.ts'
import {
  account,
  type RegistryOptions as ServerOptions,
  startRegistry,
  type TestRegistry,
} from '../../helpers/registry.ts'
import { assert, suite } from '../../helpers/suite.ts'

const client = suite('engine/registry/client')

const bytes = randomBytes(3 * 1024 * 1024)
const blob: Descriptor = { mediaType: mediaTypes.ociLayer, digest: digestOf(bytes), size: bytes.length }
const known: RegistryOptions = { credentials: async () => ({ credentials: { kind: 'password', ...account } }) }

async function withRegistry(
  work: (client: RegistryClient, server: TestRegistry) => Promise<void>,
  options: RegistryOptions = { credentials: async () => ({}) },
  serverOptions: ServerOptions = {},
): Promise<void> {
  const server = await startRegistry(serverOptions)
  const registries = openRegistries({ retry: { attempts: 2, delay: 1 }, ...options })
  try {
    await work(registries.at(server.host), server)
  } finally {
    await registries.close()
    await server.stop()
  }
}

const readAll = async (stream: Readable) => Buffer.concat(await stream.toArray())

client.needs(['docker-registry'], 'pushes, finds, mounts and pulls blobs', () =>
  withRegistry(async (registry) => {
    assert.is(await registry.hasBlob('a/b', blob.digest), false)
    assert.is(await registry.uploadBlob('a/b', blob, async () => Readable.from([bytes])), 'uploaded')
    assert.is(await registry.hasBlob('a/b', blob.digest), true)
    assert.is(await registry.mountBlob('c', blob, 'a/b'), true)
    assert.is(await registry.mountBlob('d', blob, 'not/there'), false)
    assert.is(await registry.uploadBlob('e', blob, async () => [], { from: 'a/b' }), 'mounted')
    assert.is(await registry.uploadBlob('f', blob, async () => [bytes], { from: 'not/there' }), 'uploaded')
    for (const name of ['a/b', 'c', 'e', 'f'])
      assert.ok(bytes.equals(await readAll(await registry.getBlob(name, blob))))
  }),
)

client.needs(['docker-registry'], 'pushes, lists and pulls manifests', () =>
  withRegistry(async (registry) => {
    await registry.uploadBlob('app', blob, async () => [bytes])
    const manifest = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociManifest, config: blob, layers: [] }),
    )
    const pushed = await registry.putManifest('app', 'v1', { bytes: manifest, mediaType: mediaTypes.ociManifest })
    assert.is(pushed, digestOf(manifest))
    await registry.putManifest('app', 'v2', { bytes: manifest, mediaType: mediaTypes.ociManifest })
    assert.equal(await registry.tags('app'), ['v1', 'v2'])
    const head = await registry.headManifest('app', 'v1')
    assert.equal(head, { digest: pushed, mediaType: mediaTypes.ociManifest, size: manifest.length })
    for (const reference of ['v1', pushed]) {
      const pulled = await registry.getManifest('app', reference)
      assert.ok(manifest.equals(pulled.bytes))
      assert.is(pulled.mediaType, mediaTypes.ociManifest)
    }
  }),
)

client.needs(['docker-registry'], 'says what is not there, and which tag comes nearest', () =>
  withRegistry(async (registry, server) => {
    await registry.uploadBlob('app', blob, async () => [bytes])
    const manifest = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociManifest, config: blob, layers: [] }),
    )
    await registry.putManifest('app', 'bookworm', { bytes: manifest, mediaType: mediaTypes.ociManifest })
    for (const ask of [registry.getManifest, registry.headManifest]) {
      const tag = await failure(ask('app', 'bookwrom'))
      assert.is(tag.code, 'IMAGE_NOT_FOUND')
      assert.match(tag.message, `cannot pull ${server.host}/app:bookwrom`)
      assert.is(tag.hint, 'did you mean "app:bookworm"?')
    }
    const name = await failure(registry.getManifest('nope', 'latest'))
    assert.is(name.code, 'IMAGE_NOT_FOUND')
    assert.is((await failure(registry.getBlob('app', { ...blob, digest: digestOf('x') }))).code, 'IMAGE_NOT_FOUND')
    assert.is((await failure(registry.tags('nope'))).detail?.['code'], 'NAME_UNKNOWN')
  }),
)

client.needs(['docker-registry'], 'refuses to push content of another size or digest', () =>
  withRegistry(async (registry) => {
    for (const content of [[], [bytes.subarray(1)], [bytes, bytes]]) {
      const error = await failure(registry.uploadBlob('a', blob, async () => content))
      assert.is(error.code, 'DIGEST_MISMATCH', error.message)
    }
    const other = await failure(registry.uploadBlob('a', { ...blob, digest: digestOf('x') }, async () => [bytes]))
    assert.is(other.code, 'REGISTRY_REFUSED')
    assert.is(other.detail?.['code'], 'DIGEST_INVALID')
    assert.is(await registry.hasBlob('a', digestOf('x')), false)
  }),
)

client.needs(['docker-registry'], 'logs in by Basic authentication, only when asked to', () =>
  withRegistry(
    async (registry) => {
      await registry.uploadBlob('a', blob, async () => [bytes])
      assert.ok(bytes.equals(await readAll(await registry.getBlob('a', blob))))
    },
    known,
    { auth: true },
  ),
)

client.needs(['docker-registry'], 'A30 says how to log in, and never the password', async () => {
  await withRegistry(
    async (registry, { host }) => {
      const error = await failure(registry.getManifest('a', 'latest'))
      assert.is(error.code, 'REGISTRY_REFUSED')
      assert.is(error.detail?.['status'], 401)
      assert.match(error.hint ?? '', `docker login ${host}`)
    },
    { credentials: async () => ({}) },
    { auth: true },
  )
  const wrong = { username: 'alice', password: 'wrong-canary' }
  await withRegistry(
    async (registry) => {
      const error = await failure(registry.uploadBlob('a', blob, async () => [bytes]))
      assert.is(error.detail?.['status'], 401)
      assert.not.match(JSON.stringify([error, error.message, error.hint, error.detail, String(error.cause)]), 'canary')
      assert.not.match(JSON.stringify(error), Buffer.from('alice:wrong-canary').toString('base64'))
    },
    { credentials: async () => ({ credentials: { kind: 'password', ...wrong } }) },
    { auth: true },
  )
})

client.needs(['docker-registry'], 'reports a registry that takes no pushes', () =>
  withRegistry(
    async (registry) => {
      const error = await failure(registry.uploadBlob('a', blob, async () => [bytes]))
      assert.is(error.code, 'REGISTRY_REFUSED')
      assert.is(error.detail?.['status'], 405)
    },
    {},
    { readOnly: true },
  ),
)

client.needs(
  ['docker-registry'],
  'downloads no more at once than it is told, and whatever fails or is given up makes room',
  async () => {
    let [now, most] = [0, 0]
    const fault = async () => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 10))
      now--
      return false
    }
    await withRegistry(
      async (registry) => {
        const three = limited(registry, 3)
        const blobs = Array.from({ length: 12 }, (_, i) => Buffer.from(`blob ${i}`))
        const descriptors = blobs.map((content) => ({ ...blob, digest: digestOf(content), size: content.length }))
        await Promise.all(blobs.map((content, i) => three.uploadBlob('a', descriptors[i]!, async () => [content])))
        most = 0
        const read = await Promise.all(descriptors.map(async (each) => readAll(await three.getBlob('a', each))))
        assert.equal(read.map(String), blobs.map(String))
        const missing = { ...blob, digest: digestOf('missing') }
        for (let times = 0; times < 4; times++) await failure(three.getBlob('a', missing))
        for (let times = 0; times < 4; times++) (await three.getBlob('a', descriptors[0]!)).destroy()
        await readAll(await three.getBlob('a', descriptors[1]!))
        assert.is(most, 3)
      },
      { credentials: async () => ({}) },
      { fault },
    )
  },
)

client.needs(['docker-registry', 'skopeo'], 'pulls what skopeo pushed', () =>
  withRegistry(async (registry, { host, folder }) => {
    await registry.uploadBlob('a', blob, async () => [bytes])
    const config = Buffer.from(
      JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [blob.digest] } }),
    )
    const described = { mediaType: mediaTypes.ociConfig, digest: digestOf(config), size: config.length }
    await registry.uploadBlob('a', described, async () => [config])
    const manifest = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociManifest, config: described, layers: [blob] }),
    )
    await registry.putManifest('a', 'v1', { bytes: manifest, mediaType: mediaTypes.ociManifest })
    const skopeo = (...args: string[]) => {
      const done = spawnSync('skopeo', [
        'copy',
        '--insecure-policy',
        '--src-tls-verify=false',
        '--dest-tls-verify=false',
        ...args,
      ])
      assert.is(done.status, 0, String(done.stderr))
    }
    skopeo(`docker://${host}/a:v1`, `oci:${folder}/layout:v1`)
    skopeo(`oci:${folder}/layout:v1`, `docker://${host}/b:v2`)
    const pulled = await registry.getManifest('b', 'v2')
    assert.is(pulled.digest, digestOf(manifest))
  }),
)

client('names a registry that is not there', async () => {
  const registries = openRegistries({ credentials: async () => ({}), retry: { attempts: 2, delay: 1 } })
  const refused = await failure(registries.at('127.0.0.1:1').getManifest('a', 'b'))
  assert.is(refused.code, 'REGISTRY_UNREACHABLE')
  assert.match(refused.message, 'registry "127.0.0.1:1": the connection was refused')
  assert.is((await failure(registries.at('bad host').getManifest('a', 'b'))).code, 'REFERENCE_INVALID')
  await registries.close()
})

client.run()
