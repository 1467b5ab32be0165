import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { loadIntoDocker } from '../../sdk/export/docker.ts'
import { findDocker } from '../../sdk/export/docker-host.ts'
import type { ImageLayer } from '../../sdk/export/image.ts'
import { type Docker, startDocker } from '../helpers/docker.ts'
import { imageOf, layerOf, randomLayer, testIo } from '../helpers/image.ts'
import { busyboxRootfs } from '../helpers/rootfs.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const test = suite('export/docker')

const needs = ['root', 'dockerd', 'busybox']
let daemon: Docker | undefined
const docker = async () => (daemon ??= await startDocker())
test.after(async () => daemon?.stop())

/** The same layer, with a note of when it was read. */
const watched = (layer: ImageLayer, opened: string[]): ImageLayer => ({
  ...layer,
  open: async (io) => {
    opened.push(layer.diffId)
    return layer.open(io)
  },
})

const busybox = async () => layerOf(readFileSync(await busyboxRootfs()), 'none')
const failure = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error) => error)

test.needs(needs, 'loads an image, which runs; the second time nothing is sent; then only what is new', async () => {
  const { socket, run } = await docker()
  const env = { DOCKER_HOST: `unix://${socket}` }
  const opened: string[] = []
  const [base, one, two] = [
    await busybox(),
    await randomLayer('one', 1000, 'none'),
    await randomLayer('two', 2000, 'none'),
  ]
  const image = (layer: ImageLayer) =>
    imageOf({
      layers: [watched(base, opened), watched(layer, opened)],
      config: { Cmd: ['/bin/ls'], Env: ['PATH=/bin'] },
    })

  assert.is(await loadIntoDocker(image(one), ['team/app:1'], { env }, testIo()), `unix://${socket}`)
  assert.is(opened.length, 2)
  const ran = await run(['run', '--rm', '--network=host', 'team/app:1'])
  assert.match(ran.stdout, /data-one/)

  opened.length = 0
  const io = testIo()
  await loadIntoDocker(image(one), ['team/app:1', 'other:x'], { env }, io)
  assert.equal(opened, [])
  assert.ok(io.events.some((event) => event.type === 'cached'))
  assert.match((await run(['run', '--rm', '--network=host', 'other:x'])).stdout, /data-one/)

  await loadIntoDocker(image(two), ['team/app:2'], { env }, testIo())
  assert.equal(opened, [two.diffId])
  assert.match((await run(['run', '--rm', '--network=host', 'team/app:2'])).stdout, /data-two/)
})

test.needs(needs, 'a layer that comes twice is sent when only its first place is known', async () => {
  const { socket, run } = await docker()
  const env = { DOCKER_HOST: `unix://${socket}` }
  const [twice, between] = [await randomLayer('twice', 100, 'none'), await randomLayer('between', 100, 'none')]
  await loadIntoDocker(imageOf({ layers: [twice] }), ['twice:1'], { env }, testIo())
  await loadIntoDocker(imageOf({ layers: [twice, between, twice] }), ['twice:2'], { env }, testIo())
  const layers = await run(['image', 'inspect', '-f', '{{len .RootFS.Layers}}', 'twice:2'])
  assert.is(layers.stdout, '3\n')
})

test.needs([...needs, 'docker'], 'through the docker client, where a context is named', async () => {
  const { socket, run } = await docker()
  const folder = temporaryFolder()
  // A context that says nothing of its host is the client's to make out, by DOCKER_HOST below.
  const env = { DOCKER_HOST: `tcp://127.0.0.1:1`, DOCKER_CONFIG: folder }
  const refused = await failure(loadIntoDocker(imageOf({ layers: [] }), [], { env }, testIo()))
  assert.is(refused.code, 'EXPORT_FAILED')
  assert.match(refused.message, 'docker load ended with status 1')

  const id = createHash('sha256').update('mine').digest('hex')
  mkdirSync(join(folder, 'contexts/meta', id), { recursive: true })
  const meta = (Host: string) => JSON.stringify({ Name: 'mine', Metadata: {}, Endpoints: { docker: { Host } } })
  writeFileSync(join(folder, 'contexts/meta', id, 'meta.json'), meta(`unix://${socket}`))
  const image = imageOf({ layers: [await randomLayer('context', 10, 'none')] })
  const where = await loadIntoDocker(
    image,
    ['by-context'],
    { context: 'mine', env: { DOCKER_CONFIG: folder } },
    testIo(),
  )
  assert.is(where, `unix://${socket}`)
  assert.is((await run(['image', 'inspect', 'by-context'])).code, 0)
})

test('finds the daemon as docker does', async () => {
  const folder = temporaryFolder()
  const find = (context: string | undefined, env: object) => findDocker(context, { DOCKER_CONFIG: folder, ...env })
  assert.equal(await find(undefined, {}), { socket: '/var/run/docker.sock' })
  assert.equal(await find(undefined, { DOCKER_HOST: 'unix:///x/y' }), { socket: '/x/y' })
  assert.equal(await find(undefined, { DOCKER_HOST: 'ssh://a@b' }), { client: 'docker' })
  assert.equal(await find(undefined, { DOCKER_CONTEXT: 'far' }), { client: 'docker', context: 'far' })
  writeFileSync(join(folder, 'config.json'), '{"currentContext":"far"}')
  assert.equal(await find(undefined, {}), { client: 'docker', context: 'far' })
  assert.equal(await find('default', {}), { socket: '/var/run/docker.sock' })
  writeFileSync(join(folder, 'config.json'), 'not json')
  assert.equal(await find(undefined, {}), { socket: '/var/run/docker.sock' })
})

test('says what to do where no daemon answers', async () => {
  const env = { DOCKER_HOST: `unix://${join(temporaryFolder(), 'none.sock')}` }
  const error = await failure(loadIntoDocker(imageOf({ layers: [] }), [], { env }, testIo()))
  assert.is(error.code, 'EXPORT_FAILED')
  assert.match(error.message, 'no docker daemon answers at unix://')
  assert.match(error.hint, 'DOCKER_HOST')
})

/** A daemon that answers what it is told to. */
const fakeDaemon = async (load: (body: Promise<number>) => Promise<string>, info: object) => {
  const socket = join(temporaryFolder(), 'fake.sock')
  const loads: number[] = []
  const server = createServer(async (request, response) => {
    if (request.url === '/info') return response.end(JSON.stringify(info))
    if (request.url === '/images/json') return response.end('[]')
    if (request.url?.startsWith('/images/load')) {
      const size = (async () => {
        let bytes = 0
        for await (const piece of request) bytes += (piece as Buffer).length
        loads.push(bytes)
        return bytes
      })()
      // A client that goes away is what some tests are about.
      size.catch(() => {})
      return response.end(await load(size).catch(() => ''))
    }
    response.writeHead(404).end('{"message":"no such image"}')
  })
  await new Promise<void>((done) => server.listen(socket, done))
  return { env: { DOCKER_HOST: `unix://${socket}` }, loads, stop: () => server.close() }
}

test('an error in the answer of the daemon is an error, though the status is 200', async () => {
  const fake = await fakeDaemon(
    async (size) => `{"stream":"${await size}"}\r\n{"errorDetail":{"message":"no room"},"error":"x"}`,
    {},
  )
  const image = imageOf({ layers: [await randomLayer('a')] })
  const error = await failure(loadIntoDocker(image, ['a'], { env: fake.env }, testIo()))
  fake.stop()
  assert.is(error.code, 'EXPORT_FAILED')
  assert.match(error.message, 'no room')
})

test('a layer that cannot be read is what the error says, not the broken request', async () => {
  const fake = await fakeDaemon(async (size) => String(await size), {})
  const layer = await randomLayer('a')
  const wrong = { ...layer, open: async () => Readable.from([Buffer.alloc(layer.descriptor.size)]) }
  const error = await failure(loadIntoDocker(imageOf({ layers: [wrong] }), ['a'], { env: fake.env }, testIo()))
  fake.stop()
  assert.is(error.code, 'DIGEST_MISMATCH')
})

test('cancelled, it ends at once', async () => {
  const io = testIo()
  const fake = await fakeDaemon(async (size) => {
    io.cancel()
    return String(await size)
  }, {})
  const layer = await randomLayer('a')
  const slow = {
    ...layer,
    open: async () =>
      Readable.from(
        (async function* () {
          yield Buffer.alloc(10)
          await new Promise((done) => setTimeout(done, 20_000).unref())
        })(),
      ),
  }
  const error = await failure(loadIntoDocker(imageOf({ layers: [slow] }), ['a'], { env: fake.env }, io))
  fake.stop()
  assert.is(error.code, 'BUILD_CANCELLED')
})

test.run()
