import { Readable } from 'node:stream'
import { openRegistries } from '../../sdk/engine/registry/registries.ts'
import { rememberPlace } from '../../sdk/engine/resolve/index.ts'
import { openRecords } from '../../sdk/engine/store/records.ts'
import type { Image, ImageLayer } from '../../sdk/export/image.ts'
import { push } from '../../sdk/export/push.ts'
import { digestOf } from '../../sdk/oci/digest.ts'
import { imageOf, randomLayer, testIo } from '../helpers/image.ts'
import { must } from '../helpers/program.ts'
import { type Fault, startRegistry, type TestRegistry } from '../helpers/registry.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const test = suite('export/push')

/** A registry that keeps a list of what it was asked, and a client of it. */
const withRegistry = async (
  body: (host: string, requests: string[], registries: ReturnType<typeof openRegistries>) => Promise<void>,
  fault: Fault = () => false,
): Promise<void> => {
  const registry: TestRegistry = await startRegistry({ fault })
  const registries = openRegistries({ retry: { delay: 10 } })
  try {
    await body(registry.host, registry.requests, registries)
  } finally {
    await registries.close()
    await registry.stop()
  }
}

const small = async (...seeds: string[]): Promise<Image> =>
  imageOf({ layers: await Promise.all(seeds.map((seed) => randomLayer(seed))), config: { Cmd: seeds } })

/** A layer that fails the test when its bytes are asked for. */
const unopened = (layer: ImageLayer, from?: string): ImageLayer => {
  const open = async () => {
    throw new Error(`${layer.descriptor.digest} was opened`)
  }
  const { descriptor, diffId } = layer
  return { descriptor, diffId, open, ...(from === undefined ? {} : { base: { descriptor, diffId, open, from } }) }
}

const uploads = (requests: readonly string[]) => requests.filter((line) => line.startsWith('PUT') && /blobs/.test(line))
const failure = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error) => error)

test.needs(
  ['docker-registry', 'skopeo'],
  'what it pushes under two names skopeo pulls, every blob checked',
  async () => {
    await withRegistry(async (host, _, registries) => {
      const image = await small('a', 'b')
      const digests = await push(image, [`${host}/team/app:1`, `${host}/team/app`], { registries }, testIo())
      const { digest } = image.platforms[0]!.manifest.descriptor
      assert.equal([...digests.values()], [digest, digest])
      for (const tag of ['1', 'latest']) {
        const raw = await must('skopeo', ['inspect', '--tls-verify=false', '--raw', `docker://${host}/team/app:${tag}`])
        assert.is(digestOf(raw), digest)
      }
      const dest = `dir:${temporaryFolder()}`
      await must('skopeo', ['copy', '--src-tls-verify=false', `docker://${host}/team/app:1`, dest])
    })
  },
)

test.needs(['docker-registry'], 'every blob comes before the manifest', async () => {
  await withRegistry(async (host, requests, registries) => {
    const image = await small('a', 'b', 'c')
    await push(image, [`${host}/app:1`], { registries }, testIo())
    const puts = requests.filter((line) => line.startsWith('PUT'))
    assert.is(puts.length, 5)
    assert.ok(puts.slice(0, 4).every((line) => line.includes('/blobs/')))
    assert.match(puts[4]!, '/v2/app/manifests/1')
  })
})

test.needs(['docker-registry'], 'pushed again it sends nothing; after a change only the new layer', async () => {
  await withRegistry(async (host, requests, registries) => {
    await push(await small('base', 'one'), [`${host}/app:1`], { registries }, testIo())
    requests.length = 0
    const io = testIo()
    await push(await small('base', 'one'), [`${host}/app:1`], { registries }, io)
    assert.is(requests.length, 2)
    assert.ok(requests.every((line) => line.startsWith('HEAD /v2/app/manifests/')))
    assert.ok(io.events.some((event) => event.type === 'cached'))

    requests.length = 0
    await push(await small('base', 'two'), [`${host}/app:1`], { registries }, testIo())
    assert.is(uploads(requests).length, 2, 'the layer and the config')

    requests.length = 0
    await push(await small('base', 'two'), [`${host}/app:other`], { registries }, testIo())
    assert.equal(
      requests.filter((line) => line.startsWith('P')),
      ['PUT /v2/app/manifests/other'],
    )
  })
})

test.needs(
  ['docker-registry'],
  'A29 a base layer that the target has is never opened, one beside it is mounted',
  async () => {
    await withRegistry(async (host, requests, registries) => {
      const [here, beside, ours] = await Promise.all(['here', 'beside', 'ours'].map((seed) => randomLayer(seed)))
      await push(imageOf({ layers: [here!] }), [`${host}/app:old`], { registries }, testIo())
      await push(imageOf({ layers: [beside!] }), [`${host}/library/base:1`], { registries }, testIo())
      requests.length = 0
      const layers = [unopened(here!), unopened(beside!, `${host}/library/base`), ours!]
      await push(imageOf({ layers }), [`${host}/app:new`], { registries }, testIo())
      assert.is(uploads(requests).length, 2, 'our layer and the config')
      const mount = `mount=${encodeURIComponent(beside!.descriptor.digest)}&from=library%2Fbase`
      assert.ok(requests.some((line) => line.startsWith('POST') && line.includes(mount)))
    })
  },
)

test.needs(['docker-registry'], 'a base layer of another registry is sent', async () => {
  await withRegistry(async (host, requests, registries) => {
    const layer = await randomLayer('a')
    const base = { ...layer, base: { ...layer, from: 'elsewhere.example/library/base' } }
    await push(imageOf({ layers: [base] }), [`${host}/app:1`], { registries }, testIo())
    assert.not(requests.some((line) => line.includes('mount=')))
    assert.is(uploads(requests).length, 2)
  })
})

test.needs(['docker-registry'], 'a second repository of the same registry mounts from the first', async () => {
  await withRegistry(async (host, requests, registries) => {
    await push(await small('a', 'b'), [`${host}/one:1`, `${host}/two:1`], { registries }, testIo())
    assert.is(uploads(requests).filter((line) => line.includes('/two/')).length, 0)
    assert.is(requests.filter((line) => line.includes('from=one')).length, 3)
  })
})

/** Records that are as real as those of a store. */
const someRecords = () => {
  const folder = temporaryFolder()
  let count = 0
  return openRecords(folder, () => `${folder}/t${count++}`)
}

test.needs(['docker-registry'], 'what was pushed once is mounted from there into another repository', async () => {
  await withRegistry(async (host, requests, registries) => {
    const records = someRecords()
    const image = await small('a', 'b')
    await push(image, [`${host}/one:1`], { registries, records }, testIo())
    requests.length = 0
    const layers = image.platforms[0]!.layers.map((layer) => unopened(layer))
    await push(imageOf({ layers, config: { Cmd: ['a', 'b'] } }), [`${host}/two:1`], { registries, records }, testIo())
    assert.is(uploads(requests).length, 0)
    assert.is(requests.filter((line) => line.includes('from=one')).length, 3)
  })
})

test.needs(
  ['docker-registry'],
  'a place that is no longer right does no harm, and no other registry hears of it',
  async () => {
    await withRegistry(async (host, requests, registries) => {
      const records = someRecords()
      const image = await small('a')
      for (const { digest } of [image.platforms[0]!.layers[0]!.descriptor, image.platforms[0]!.config.descriptor]) {
        await rememberPlace(records, digest, { registry: host, repository: 'gone/away' })
        await rememberPlace(records, digest, { registry: 'elsewhere.example', repository: 'secret/name' })
      }
      await push(image, [`${host}/app:1`], { registries, records }, testIo())
      assert.is(requests.filter((line) => line.includes('from=gone%2Faway')).length, 2)
      assert.is(uploads(requests).length, 2)
      assert.not(requests.some((line) => line.includes('secret')))
    })
  },
)

test.needs(['docker-registry', 'skopeo'], 'an index goes up after the manifests that it lists', async () => {
  await withRegistry(async (host, requests, registries) => {
    const shared = await randomLayer('shared')
    const image = imageOf(
      { layers: [shared], platform: { os: 'linux', architecture: 'amd64' } },
      { layers: [shared, await randomLayer('arm')], platform: { os: 'linux', architecture: 'arm64' } },
    )
    await push(image, [`${host}/app:1`], { registries }, testIo())
    const puts = requests.filter((line) => /^PUT .*manifests/.test(line))
    assert.is(puts.length, 3)
    assert.match(puts[2]!, '/manifests/1')
    const args = ['copy', '--all', '--src-tls-verify=false', `docker://${host}/app:1`, `dir:${temporaryFolder()}`]
    await must('skopeo', args)
  })
})

test.needs(['docker-registry'], 'by digest it moves no tag', async () => {
  await withRegistry(async (host, requests, registries) => {
    const image = await small('a')
    const { digest } = image.platforms[0]!.manifest.descriptor
    await push(image, [`${host}/app`], { registries, byDigest: true }, testIo())
    assert.ok(requests.includes(`PUT /v2/app/manifests/${digest}`))
    assert.not(requests.some((line) => line.includes('latest')))
  })
})

test.needs(
  ['docker-registry'],
  'A29 an upload that breaks off goes on, and one that is refused once is tried again',
  async () => {
    let broken = 0
    const fault: Fault = (request, response) => {
      if (request.method === 'PUT' && /blobs\/uploads/.test(request.url ?? '') && broken++ === 0) {
        request.socket.destroy()
        return true
      }
      if (request.method === 'PUT' && /manifests/.test(request.url ?? '') && broken++ === 2) {
        response.writeHead(503, { 'retry-after': '0' }).end()
        return true
      }
      return false
    }
    await withRegistry(async (host, _, registries) => {
      const image = imageOf({ layers: [await randomLayer('big', 1_000_000)] })
      await push(image, [`${host}/app:1`], { registries }, testIo())
      assert.ok(broken > 1)
      const head = await registries.at(host).headManifest('app', '1')
      assert.is(head?.digest, image.platforms[0]!.manifest.descriptor.digest)
    }, fault)
  },
)

test.needs(['docker-registry'], 'cancelled, it ends at once and moves no tag', async () => {
  const io = testIo()
  await withRegistry(async (host, requests, registries) => {
    const layer = await randomLayer('slow')
    const open = async () =>
      Readable.from(
        (async function* () {
          yield Buffer.alloc(1000)
          io.cancel()
          await new Promise((done) => setTimeout(done, 5000).unref())
        })(),
      )
    const image = imageOf({ layers: [{ ...layer, open }, await randomLayer('b')] })
    const started = performance.now()
    const error = await failure(push(image, [`${host}/app:1`], { registries }, io))
    assert.is(error.code, 'BUILD_CANCELLED')
    assert.ok(performance.now() - started < 1500)
    assert.not(requests.some((line) => /^PUT .*manifests/.test(line)))
  })
})

test('an image without a name, or with another digest, is a usage error', async () => {
  const registries = openRegistries()
  const image = await small('a')
  assert.is((await failure(push(image, [], { registries }, testIo()))).code, 'USAGE')
  const other = `localhost:1/app@${digestOf('x')}`
  assert.is((await failure(push(image, [other], { registries }, testIo()))).code, 'USAGE')
  await registries.close()
})

test.run()
