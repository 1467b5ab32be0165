/** Servers that are odd but right, and ones that are wrong: each row is one way to answer, and what must come of it. */
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { steady } from '../../../sdk/engine/registry/body.ts'
import { parseChallenges } from '../../../sdk/engine/registry/challenge.ts'
import type { RegistryClient } from '../../../sdk/engine/registry/client.ts'
import { openRegistries } from '../../../sdk/engine/registry/registries.ts'
import { createTransport } from '../../../sdk/engine/registry/transport.ts'
import { createResolver } from '../../../sdk/engine/resolve/index.ts'
import { openBlobs } from '../../../sdk/engine/store/blobs.ts'
import { openRecords } from '../../../sdk/engine/store/records.ts'
import { digestOf } from '../../../sdk/oci/digest.ts'
import { type Descriptor, mediaTypes } from '../../../sdk/oci/types.ts'
import { failure } from '../../helpers/failure.ts'
import { startServer } from '../../helpers/registry.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'

const odd = suite('engine/registry/odd-servers')

const bytes = randomBytes(200_000)
const blob: Descriptor = { mediaType: mediaTypes.ociLayer, digest: digestOf(bytes), size: bytes.length }
const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const described = (mediaType: string, content: Buffer): Descriptor => ({
  mediaType,
  digest: digestOf(content),
  size: content.length,
})
const config = json({ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [blob.digest] } })
const manifestWith = (change: object) =>
  json({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: described(mediaTypes.ociConfig, config),
    layers: [blob],
    ...change,
  })
const manifest = manifestWith({})

/** One request, and what a right registry would do with it. */
interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** `HEAD /v2/a/manifests/v1` */
  readonly line: string
  /** Answers as a right registry does. */
  right(): void
}

type Odd = (exchange: Exchange) => void

/** A registry of one image, `a:v1`, that takes uploads, but for what `answer` does instead. */
async function withServer(
  answer: Odd,
  work: (
    world: { host: string; log: string[]; received: () => Buffer } & {
      client: RegistryClient
      resolve: () => Promise<unknown>
    },
  ) => Promise<void>,
): Promise<void> {
  const log: string[] = []
  let received = Buffer.alloc(0)
  const { host, stop } = await startServer((request, response) => {
    const line = `${request.method} ${request.url}`
    if (request.url === '/v2/') return void response.end('{}')
    log.push(line)
    const right = () => {
      const content = [bytes, config, manifest].find((each) => line.endsWith(digestOf(each)))
      const top = line.endsWith('/manifests/v1') ? manifest : content
      if (request.method === 'POST')
        return void response.writeHead(202, { location: '/v2/a/blobs/uploads/1?state=a%2Fb' }).end()
      if (request.method === 'PUT') {
        const pieces: Buffer[] = []
        request.on('data', (piece: Buffer) => pieces.push(piece))
        return void request.on('end', () => {
          received = Buffer.concat(pieces)
          response.writeHead(201).end()
        })
      }
      if (top === undefined) return void response.writeHead(404).end()
      const type = top === manifest ? mediaTypes.ociManifest : 'application/octet-stream'
      response.writeHead(200, {
        'content-type': type,
        'content-length': top.length,
        'docker-content-digest': digestOf(top),
      })
      response.end(request.method === 'HEAD' ? undefined : top)
    }
    answer({ request, response, line, right })
  })
  const transport = createTransport({ headersTimeout: 400, idleTimeout: 400, connectTimeout: 400, env: {} })
  const registries = openRegistries({ transport, retry: { attempts: 2, delay: 5 }, credentials: async () => ({}) })
  const client = registries.at(host)
  const folder = temporaryFolder()
  for (const name of ['blobs/sha256', 'records', 'tmp']) mkdirSync(join(folder, name), { recursive: true })
  let count = 0
  const temporary = () => join(folder, 'tmp', String(++count))
  const store = {
    blobs: openBlobs(join(folder, 'blobs'), temporary),
    records: openRecords(join(folder, 'records'), temporary),
    images: { get: async () => undefined },
  }
  const resolver = createResolver({ store, mode: 'default', registry: () => client })
  const resolve = () => resolver.resolve(`${host}/a:v1`, { os: 'linux', architecture: 'amd64' })
  try {
    await work({ host, log, client, resolve, received: () => received })
  } finally {
    await registries.close()
    await stop()
  }
}

/** Only requests of that form are answered oddly. */
const when =
  (form: RegExp, answer: Odd): Odd =>
  (exchange) =>
    form.test(exchange.line) ? answer(exchange) : exchange.right()
const status =
  (code: number, headers: Record<string, string> = {}): Odd =>
  ({ response }) =>
    void response.writeHead(code, headers).end()
/** The manifest under other headers, or another manifest. */
const served =
  (headers: Record<string, string>, content: Uint8Array = manifest): Odd =>
  ({ request, response }) =>
    void response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : content)
const top = /manifests\/v1$/

const fine: readonly (readonly [name: string, Odd])[] = [
  ['HEAD is not allowed', when(/^HEAD/, status(405))],
  ['HEAD is not implemented', when(/^HEAD/, status(501))],
  ['HEAD is forbidden by the storage behind', when(/^HEAD/, status(403))],
  [
    'HEAD is answered with a body',
    when(/^HEAD/, ({ response }) => {
      const head = `HTTP/1.1 200 OK\r\nContent-Type: ${mediaTypes.ociManifest}\r\nDocker-Content-Digest: ${digestOf(manifest)}`
      response.socket!.write(`${head}\r\nContent-Length: ${manifest.length}\r\n\r\n${manifest}`)
    }),
  ],
  ['HEAD says no digest', when(/^HEAD/, served({ 'content-type': mediaTypes.ociManifest }))],
  [
    'the digest announced is of another algorithm',
    when(top, served({ 'docker-content-digest': `sha512:${'a'.repeat(128)}` })),
  ],
  ['there is no Content-Type', when(top, served({}))],
  [
    'the Content-Type has parameters',
    when(top, served({ 'content-type': `${mediaTypes.ociManifest}; charset=utf-8` })),
  ],
  ['the Content-Type is that of any JSON', when(top, served({ 'content-type': 'application/json' }))],
  [
    'the connection is closed after each answer',
    ({ response, right }) => {
      response.setHeader('connection', 'close')
      right()
    },
  ],
  [
    'answers come in chunks, a few bytes at a time',
    when(/^GET/, ({ line, response }) => {
      const content = line.endsWith(digestOf(config)) ? config : manifest
      for (let at = 0; at < content.length; at += 50) response.write(content.subarray(at, at + 50))
      response.end()
    }),
  ],
  [
    'manifests are elsewhere on the same host',
    when(/manifests/, (exchange) => {
      const path = exchange.request.url!
      if (path.endsWith('?moved')) return served({ 'content-type': mediaTypes.ociManifest })(exchange)
      exchange.response.writeHead(302, { location: `${path}?moved` }).end()
    }),
  ],
]

odd('what is odd but right is read', async () => {
  for (const [name, answer] of fine) {
    await withServer(answer, async ({ resolve, log }) => {
      const image = (await resolve().catch((error: Error) => assert.unreachable(`${name}: ${error.message}`))) as {
        digest: string
      }
      assert.is(image.digest, digestOf(manifest), name)
      assert.is(log.filter((line) => line === 'HEAD /v2/a/manifests/v1').length, 1, name)
    })
  }
})

const index = (manifests: readonly object[]): Buffer =>
  json({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests })
const asIndex = (content: Uint8Array) => served({ 'content-type': mediaTypes.ociIndex }, content)

const wrong: readonly (readonly [name: string, Odd, code: string, message: RegExp])[] = [
  [
    'no manifest but a page',
    when(top, served({ 'content-type': 'text/html' }, Buffer.from('<html>'))),
    'IMAGE_INVALID',
    /not JSON|"text\/html"/,
  ],
  ['nothing', when(top, served({ 'content-length': '0' }, Buffer.alloc(0))), 'IMAGE_INVALID', /./],
  [
    'less than announced',
    when(/^GET .*manifests/, ({ response }) => {
      response.writeHead(200, { 'content-length': manifest.length + 10 })
      response.write(manifest, () => response.destroy())
    }),
    'REGISTRY_UNREACHABLE',
    /the connection was (reset|closed early)/,
  ],
  [
    'more than announced',
    when(/^GET .*manifests/, ({ response }) => {
      response.socket!.end(`HTTP/1.1 200 OK\r\nContent-Length: 20\r\nConnection: close\r\n\r\n${manifest}`)
    }),
    'DIGEST_MISMATCH',
    /./,
  ],
  ['a refusal without a challenge', when(/manifests/, status(401)), 'REGISTRY_REFUSED', /answered 401/],
  [
    'a challenge that is none',
    when(/manifests/, status(401, { 'www-authenticate': '=, "", Digest x' })),
    'REGISTRY_REFUSED',
    /answered 401/,
  ],
  ['a redirect that leads nowhere', when(/manifests/, status(302)), 'REGISTRY_REFUSED', /answered 302/],
  [
    'a redirect to a file',
    when(/manifests/, status(307, { location: 'file:///etc/passwd' })),
    'REGISTRY_ANSWER',
    /not safe to follow/,
  ],
  [
    'an index of attestations only',
    when(
      top,
      asIndex(
        index([
          { ...described(mediaTypes.ociManifest, manifest), platform: { os: 'unknown', architecture: 'unknown' } },
        ]),
      ),
    ),
    'IMAGE_NOT_FOUND',
    /has no image for linux\/amd64/,
  ],
  [
    'layers with a digest of SHA-512',
    when(
      /manifests/,
      served(
        { 'content-type': mediaTypes.ociManifest },
        manifestWith({ layers: [{ ...blob, digest: `sha512:${'a'.repeat(128)}` }] }),
      ),
    ),
    'IMAGE_INVALID',
    /layers\[0\]\.digest/,
  ],
  [
    'a manifest that is half an index',
    when(/manifests/, served({}, manifestWith({ manifests: [] }))),
    'IMAGE_INVALID',
    /./,
  ],
]

odd('what is wrong is an error that says so, and soon', async () => {
  for (const [name, answer, code, message] of wrong) {
    await withServer(answer, async ({ resolve }) => {
      const started = performance.now()
      const error = await failure(resolve())
      assert.is(error.code, code, `${name}: ${error.message}`)
      assert.match(error.message, message)
      assert.ok(performance.now() - started < 4000, name)
    })
  }
})

/** Pieces of `size` bytes, `milliseconds` apart. */
async function* dripping(size: number, count: number, milliseconds: number): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < count; n++) {
    await sleep(milliseconds)
    yield Buffer.alloc(size)
  }
}

odd('a body that only drips is given up, a slow one or a slow reader is not', async () => {
  const read = async (body: AsyncIterable<Uint8Array>, pause: number) => {
    let size = 0
    for await (const piece of steady(body, 100)) {
      size += piece.byteLength
      await sleep(pause)
    }
    return size
  }
  await read(dripping(1, 100, 10), 0).then(
    () => assert.unreachable(),
    ({ message, transient }) => {
      assert.is(message, 'the transfer stalled')
      assert.is(transient, true)
    },
  )
  assert.is(await read(dripping(4096, 5, 60), 0), 5 * 4096)
  assert.is(await read(dripping(1, 5, 0), 60), 5)
})

odd('an image among attestations is found, and they are not asked for', () => {
  const attestation = {
    ...described(mediaTypes.ociManifest, json({})),
    platform: { os: 'unknown', architecture: 'unknown' },
  }
  const image = { ...described(mediaTypes.ociManifest, manifest), platform: { os: 'linux', architecture: 'amd64' } }
  const content = index([attestation, image, { ...attestation, annotations: { 'vnd.docker.reference.type': 'x' } }])
  const whole = when(/manifests\/v1$/, served({ 'content-type': mediaTypes.ociIndex }, content))
  return withServer(whole, async ({ resolve, log }) => {
    assert.is(((await resolve()) as { manifestDigest: string }).manifestDigest, image.digest)
    assert.not.ok(log.some((line) => line.includes(attestation.digest)))
  })
})

/** Where uploads may be said to go: as it is told, and as it must be asked for. */
const locations: readonly (readonly [location: (host: string) => string, path: string])[] = [
  [() => '/v2/a/blobs/uploads/7', '/v2/a/blobs/uploads/7?digest='],
  [() => '7?state=a%2Fb%3D', '/v2/a/blobs/uploads/7?state=a%2Fb%3D&digest='],
  [() => '../uploads/7?x=1&x=2#part', '/v2/a/blobs/uploads/7?x=1&x=2&digest='],
  [(host) => `http://${host}/elsewhere?a=b+c`, '/elsewhere?a=b+c&digest='],
  [(host) => `//${host}/short`, '/short?digest='],
]

odd('an upload goes where the registry says, its query untouched', async () => {
  for (const [location, path] of locations) {
    let host = ''
    const answer = when(/^POST/, ({ response }) => void response.writeHead(202, { location: location(host) }).end())
    await withServer(answer, async (world) => {
      host = world.host
      assert.is(await world.client.uploadBlob('a', blob, async () => [bytes]), 'uploaded')
      const put = world.log.find((line) => line.startsWith('PUT'))!
      assert.is(put, `PUT ${path}${encodeURIComponent(blob.digest)}`)
      assert.ok(world.received().equals(bytes))
    })
  }
})

odd('a mount that is answered with an upload becomes one, without asking again', () =>
  withServer(
    ({ right }) => right(),
    async ({ client, log, received }) => {
      assert.is(await client.uploadBlob('a', blob, async () => [bytes], { from: 'b' }), 'uploaded')
      assert.is(log.filter((line) => line.startsWith('POST')).length, 1)
      assert.ok(received().equals(bytes))
    },
  ),
)

const uploads: readonly (readonly [name: string, Odd, code: string | undefined, message: RegExp])[] = [
  ['202 without a Location', when(/^POST/, status(202)), 'REGISTRY_ANSWER', /says not where the content goes/],
  ['a Location of another kind', when(/^POST/, status(202, { location: 'ftp://x/y' })), 'REGISTRY_ANSWER', /not safe/],
  [
    'a Location with a password',
    when(/^POST/, status(202, { location: 'http://u:p@127.0.0.1/y' })),
    'REGISTRY_ANSWER',
    /not safe/,
  ],
  ['too much', when(/^PUT/, status(413)), 'REGISTRY_REFUSED', /answered 413/],
  ['another digest', when(/^PUT/, status(400)), 'REGISTRY_REFUSED', /answered 400/],
  [
    'done, in other words',
    when(/^PUT/, ({ request, response }) => void request.resume().on('end', () => response.writeHead(202).end())),
    undefined,
    /./,
  ],
  ['too busy once', onceBusy(), undefined, /./],
]

function onceBusy(): Odd {
  let busy = true
  return ({ line, request, response, right }) => {
    if (!busy || !line.startsWith('PUT')) return right()
    busy = false
    // a date that is past
    request.resume().on('end', () => response.writeHead(429, { 'retry-after': new Date(0).toUTCString() }).end())
  }
}

odd('an upload that is refused says why, and what is only busy is asked again', async () => {
  for (const [name, answer, code, message] of uploads) {
    await withServer(answer, async ({ client }) => {
      const work = client.uploadBlob('a', blob, async () => [bytes])
      if (code === undefined) return assert.is(await work, 'uploaded', name)
      const error = await failure(work)
      assert.is(error.code, code, name)
      assert.match(error.message, message)
      assert.not.match(error.message, 'u:p')
    })
  }
})

odd('a manifest that the registry stored as something else is an error', () =>
  withServer(when(/^PUT/, status(201, { 'docker-content-digest': digestOf('other') })), async ({ client }) => {
    const error = await failure(client.putManifest('a', 'v1', { bytes: manifest, mediaType: mediaTypes.ociManifest }))
    assert.is(error.code, 'REGISTRY_ANSWER')
    assert.match(error.message, `expected ${digestOf(manifest)}`)
  }),
)

odd('challenges are read however they are written', () => {
  const realm = 'https://auth.example/token'
  const table: readonly (readonly [header: string, scheme: string, parameters: Record<string, string>])[] = [
    [
      `Bearer realm="${realm}",service="s",scope="repository:a:pull,push"`,
      'bearer',
      { realm, service: 's', scope: 'repository:a:pull,push' },
    ],
    [`bearer  REALM = "${realm}" ,\tservice=s`, 'bearer', { realm, service: 's' }],
    [`Bearer realm=${realm}`, 'bearer', { realm }],
    [`Bearer realm="${realm}",`, 'bearer', { realm }],
    [`Bearer ,realm="${realm}"`, 'bearer', { realm }],
    [`Bearer realm="${realm}",service="a \\"b\\" \\\\ c"`, 'bearer', { realm, service: 'a "b" \\ c' }],
    [`Negotiate YII==, Bearer realm="${realm}"`, 'bearer', { realm }],
    [`Digest realm="x", qop="auth,auth-int", Bearer realm="${realm}"`, 'bearer', { realm }],
    [`BEARER realm="${realm}", Basic realm="y"`, 'bearer', { realm }],
    ['Basic', 'basic', {}],
  ]
  for (const [header, scheme, parameters] of table)
    assert.equal(parseChallenges(header)[0], { scheme, parameters }, header)
})

odd.run()
