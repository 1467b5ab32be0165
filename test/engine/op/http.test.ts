/** Remote files: what is fetched, kept and refused. */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchFile, type HttpFile, type HttpParts } from '../../../sdk/engine/op/http.ts'
import type { BuildEvent } from '../../../sdk/engine/ports.ts'
import { createTransport, type TransportOptions } from '../../../sdk/engine/registry/transport.ts'
import { openBlobs } from '../../../sdk/engine/store/blobs.ts'
import { openRecords } from '../../../sdk/engine/store/records.ts'
import { digestOf } from '../../../sdk/oci/digest.ts'
import { failure } from '../../helpers/failure.ts'
import { startServer } from '../../helpers/registry.ts'
import { assert, suite } from '../../helpers/suite.ts'

const http = suite('engine/op/http')

const bytes = randomBytes(200_000)
const digest = digestOf(bytes)
type Handler = (request: IncomingMessage, response: ServerResponse) => void

interface World {
  readonly url: string
  /** The second server, as if it were elsewhere. */
  readonly other: string
  readonly log: string[]
  readonly folder: string
  readonly events: BuildEvent[]
  fetch(
    path: string,
    options?: { attrs?: Record<string, string>; url?: string } & Partial<HttpParts>,
  ): Promise<HttpFile>
}

async function withServer(
  handle: Handler,
  work: (world: World) => Promise<void>,
  transportOptions: TransportOptions = {},
): Promise<void> {
  const log: string[] = []
  const note =
    (name: string): Handler =>
    (request, response) => {
      const { authorization = '-', range = '-' } = request.headers
      log.push(`${name} ${request.url} ${authorization} ${range}`)
      handle(request, response)
    }
  const servers = [await startServer(note('one')), await startServer(note('two'))] as const
  const transport = createTransport({ env: {}, headersTimeout: 400, idleTimeout: 400, ...transportOptions })
  const folder = mkdtempSync(join(tmpdir(), 'imgsdk-http-'))
  for (const name of ['blobs/sha256', 'records', 'tmp']) mkdirSync(join(folder, name), { recursive: true })
  let count = 0
  const temporary = () => join(folder, 'tmp', String(++count))
  const store = {
    blobs: openBlobs(join(folder, 'blobs'), temporary),
    records: openRecords(join(folder, 'records'), temporary),
  }
  const events: BuildEvent[] = []
  const io = { signal: new AbortController().signal, emit: (event: BuildEvent) => void events.push(event) }
  try {
    await work({
      url: `http://${servers[0].host}`,
      other: `http://${servers[1].host}`,
      log,
      folder,
      events,
      fetch: (path, { attrs, url, ...rest } = {}) =>
        fetchFile(
          { identifier: `${url ?? `http://${servers[0].host}`}${path}`, ...(attrs && { attrs }) },
          { store, transport, retry: { attempts: 3, delay: 10 }, ...rest },
          io,
        ),
    })
  } finally {
    await transport.close()
    await Promise.all(servers.map(({ stop }) => stop()))
    rmSync(folder, { recursive: true })
  }
}

const content = (file: HttpFile) => Buffer.concat([...file.content()])

http('D6.74 fetches a file with its time, which is the epoch where the server names none', () =>
  withServer(
    (request, response) => {
      if (request.url === '/dated') response.setHeader('last-modified', 'Wed, 21 Oct 2015 07:28:00 GMT')
      if (request.url === '/odd') response.setHeader('last-modified', 'yesterday')
      response.setHeader('content-disposition', 'attachment; filename="../../etc/passwd"')
      response.end(bytes)
    },
    async ({ fetch, folder }) => {
      const file = await fetch('/dated')
      assert.is(file.mtime, Date.UTC(2015, 9, 21, 7, 28) / 1000)
      assert.is(file.size, bytes.length)
      assert.is(file.digest, digest)
      assert.ok(bytes.equals(content(file)))
      assert.ok(file.path.startsWith(folder))
      assert.is((await fetch('/plain')).mtime, 0)
      assert.is((await fetch('/odd')).mtime, 0)
    },
  ),
)

http('asks again by ETag, and takes it from a server that only repeats the tag', () => {
  let [etag, body] = ['"v1"', bytes]
  const asked: (string | undefined)[] = []
  return withServer(
    (request, response) => {
      asked.push(request.headers['if-none-match'])
      const known = request.headers['if-none-match'] === etag
      response
        .writeHead(known && request.url !== '/naive' ? 304 : 200, { etag })
        .end(known && request.url !== '/naive' ? '' : body)
    },
    async ({ fetch }) => {
      for (const path of ['/good', '/naive']) {
        etag = '"v1"'
        body = bytes
        const first = await fetch(path)
        const again = await fetch(path)
        assert.equal([again.digest, again.size, again.mtime], [first.digest, first.size, first.mtime])
        etag = '"v2"'
        body = randomBytes(10)
        assert.is((await fetch(path)).digest, digestOf(body))
      }
      assert.equal(asked, [undefined, '"v1"', '"v1"', undefined, '"v1"', '"v1"'])
    },
  )
})

http('D6.75 checks a checksum, asks no more once it is there, and keeps nothing that is wrong', () =>
  withServer(
    (_, response) => response.end(bytes),
    async ({ fetch, log, folder }) => {
      const wrong = await failure(fetch('/a', { attrs: { 'http.checksum': digestOf('x') } }))
      assert.is(wrong.code, 'FETCH_FAILED')
      assert.match(wrong.message, 'digest mismatch')
      assert.equal(readdirSync(join(folder, 'blobs/sha256')), [])
      assert.equal(readdirSync(join(folder, 'tmp')), [])
      const attrs = { 'http.checksum': digest }
      await fetch('/a', { attrs })
      await fetch('/a', { attrs })
      assert.is(log.length, 2)
      for (const bad of ['md5:abc', 'sha256:zz', 'sha256:../../x', '']) {
        assert.match((await failure(fetch('/a', { attrs: { 'http.checksum': bad } }))).message, 'is no checksum')
      }
    },
  ),
)

http('D6.75 checks sha384 and sha512 as well, and asks no more once it is there', () =>
  withServer(
    (_, response) => response.end(bytes),
    async ({ fetch, log, folder }) => {
      for (const algorithm of ['sha384', 'sha512']) {
        const sum = (content: Uint8Array | string) =>
          `${algorithm}:${createHash(algorithm).update(content).digest('hex')}`
        const wrong = await failure(fetch(`/${algorithm}`, { attrs: { 'http.checksum': sum('x') } }))
        assert.is(wrong.code, 'FETCH_FAILED')
        assert.match(wrong.message, `expected ${sum('x')}, found ${sum(bytes)}`)
        assert.equal(readdirSync(join(folder, 'tmp')), [])
        const attrs = { 'http.checksum': sum(bytes) }
        assert.is((await fetch(`/${algorithm}`, { attrs })).digest, digest)
        const asked = log.length
        assert.is((await fetch(`/${algorithm}`, { attrs })).digest, digest)
        assert.is(log.length, asked)
        await failure(fetch(`/${algorithm}`, { attrs: { 'http.checksum': sum('x') } }))
        assert.is(log.length, asked + 1)
      }
    },
  ),
)

http('D6.76 sends the secrets named after the host, to that host only', () =>
  withServer(
    (request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/there' }).end()
      else if (request.url?.startsWith('/away'))
        response.writeHead(302, { location: new URL(request.url, 'http://x').searchParams.get('to')! }).end()
      else response.end(bytes)
    },
    async ({ fetch, log, other, url }) => {
      const secrets = (known: Record<string, string>) => ({
        secrets: {
          get: async (id: string) => (known[id] === undefined ? undefined : Buffer.from(known[id])),
          agent: async () => undefined,
        },
      })
      await fetch('/1', secrets({ 'HTTP_AUTH_TOKEN_127.0.0.1': 'canary\n', 'HTTP_AUTH_HEADER_127.0.0.1': 'Basic x' }))
      await fetch('/2', secrets({ 'HTTP_AUTH_HEADER_127.0.0.1': 'Basic x' }))
      await fetch('/3', secrets({ 'HTTP_AUTH_TOKEN_example.com': 'canary' }))
      await fetch('/moved', secrets({ 'HTTP_AUTH_TOKEN_127.0.0.1': 'canary' }))
      await fetch(`/away?to=${other}/4`, secrets({ 'HTTP_AUTH_TOKEN_127.0.0.1': 'canary' }))
      await fetch('/5', { url: url.replace('//', '//bob:s3cret@') })
      await fetch('/6', { ...secrets({ special: 'Custom y' }), attrs: { 'http.authheadersecret': 'special' } })
      const basic = `Basic ${Buffer.from('bob:s3cret').toString('base64')}`
      assert.equal(
        log.map((line) => line.replace(/\?\S+/, '').replace(/ -$/, '')),
        [
          'one /1 Bearer canary',
          'one /2 Basic x',
          'one /3 -',
          'one /moved Bearer canary',
          'one /there Bearer canary',
          'one /away Bearer canary',
          'two /4 -',
          `one /5 ${basic}`,
          'one /6 Custom y',
        ],
      )
      assert.match(
        (await failure(fetch('/7', { attrs: { 'http.authheadersecret': 'gone' } }))).message,
        'no secret "gone"',
      )
    },
  ),
)

http('A30 shows neither passwords nor queries', () =>
  withServer(
    (_, response) => response.writeHead(404).end(),
    async ({ fetch, url, events }) => {
      const error = await failure(fetch('/x?token=canary', { url: url.replace('//', '//bob:canary@') }))
      assert.match(error.message, `cannot fetch ${url}/x: the server answered 404`)
      assert.not.match(JSON.stringify([error, error.message, error.hint, String(error.cause), events]), 'canary')
    },
  ),
)

http('A24 a public server may not send us to private places, nor a private one to this machine', () => {
  let location = ''
  // 127.0.0.1 stands for the Internet here, other addresses for what they are
  const internet = {
    scopeOf: (address: string): 0 | 1 | 2 => (address === '127.0.0.1' ? 2 : address.startsWith('10.') ? 1 : 0),
  }
  return withServer(
    (request, response) => {
      if (request.url === '/start') response.writeHead(302, { location }).end()
      else response.end(bytes)
    },
    async ({ fetch, other }) => {
      const port = new URL(other).port
      for (const host of [
        '127.0.0.2',
        '[::1]',
        '169.254.169.254',
        '10.0.0.1',
        '0.0.0.0',
        '2130706434',
        '[::ffff:127.0.0.2]',
      ]) {
        location = `http://${host}:${port}/latest/meta-data`
        const error = await failure(fetch('/start'))
        assert.is(error.code, 'FETCH_FAILED', host)
        assert.match(error.message, 'may send us to', host)
      }
      location = `${other}/fine`
      assert.is((await fetch('/start')).digest, digest)
      for (const bad of ['file:///etc/passwd', 'gopher://x/', 'http://[', 'data:,x']) {
        location = bad
        assert.is((await failure(fetch('/start'))).code, 'FETCH_FAILED')
      }
      location = '/start'
      assert.match((await failure(fetch('/start'))).message, 'redirects more than 10 times')
    },
    internet,
  )
})

http('A24 an endless body is cut off, and nothing of it stays', () =>
  withServer(
    (_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1 << 16)));
      }
      response.on('drain', more)
      more()
    },
    async ({ fetch, folder }) => {
      const error = await failure(fetch('/x', { longest: 5_000_000 }))
      assert.match(error.message, 'longer than 5000000 bytes')
      assert.equal([...readdirSync(join(folder, 'blobs/sha256')), ...readdirSync(join(folder, 'tmp'))], [])
    },
  ),
)

http('refuses bad statuses at once, and tries again what may pass', () => {
  let failures = 0
  return withServer(
    (request, response) => {
      if (request.url === '/gone') response.writeHead(410).end()
      else if (request.url === '/login') response.writeHead(401).end()
      else if (request.url === '/choices') response.writeHead(300).end(bytes)
      else if (request.url === '/down' || failures-- > 0) response.writeHead(503, { 'retry-after': '0' }).end()
      else response.end(bytes)
    },
    async ({ fetch, log }) => {
      assert.is((await failure(fetch('/gone'))).detail?.['status'], 410)
      assert.match((await failure(fetch('/login'))).hint ?? '', 'HTTP_AUTH_TOKEN_127.0.0.1')
      assert.is(log.length, 2)
      assert.is((await fetch('/choices')).digest, digest)
      failures = 2
      assert.is((await fetch('/up')).digest, digest)
      log.length = 0
      assert.match((await failure(fetch('/down'))).message, 'answered 503')
      assert.is(log.length, 3)
      assert.match((await failure(fetch('/x', { url: 'http://127.0.0.1:1' }))).message, 'the connection was refused')
    },
  )
})

http('A29 goes on where a download broke off, if the file is still the same', () => {
  let [breaks, etag] = [2, '"a"']
  return withServer(
    (request, response) => {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
      const same = request.headers['if-range'] === etag
      const start = same ? from : 0
      const range = same ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}
      response.writeHead(same ? 206 : 200, { etag, 'content-length': bytes.length - start, ...range })
      if (breaks-- <= 0) return void response.end(bytes.subarray(start))
      response.write(bytes.subarray(start, start + 50_000), () =>
        setTimeout(() => response.socket?.resetAndDestroy(), 20),
      )
      if (request.url === '/changing') etag = `"${breaks}"`
    },
    async ({ fetch, log }) => {
      assert.is((await fetch('/same')).digest, digest)
      assert.equal(
        log.map((line) => line.split(' ').at(-1)),
        ['-', 'bytes=50000-', 'bytes=100000-'],
      )
      breaks = 1
      assert.match((await failure(fetch('/changing'))).message, 'the server cannot go on there')
    },
  )
})

http('a stalled body, a truncated one and a cancelled download fail and leave nothing', () =>
  withServer(
    (request, response) => {
      if (request.url === '/short')
        response.writeHead(200, { 'content-length': 100 }).write('x', () => response.destroy())
      else response.writeHead(200, { 'content-length': 100 }).write('x')
    },
    async ({ fetch, folder, url }) => {
      assert.match((await failure(fetch('/stall'))).message, 'the transfer stalled')
      assert.is((await failure(fetch('/short'))).code, 'FETCH_FAILED')
      const transport = createTransport({ env: {} })
      const store = {
        blobs: openBlobs(join(folder, 'blobs'), () => join(folder, 'tmp', 'x')),
        records: openRecords(folder, () => join(folder, 'y')),
      }
      const controller = new AbortController()
      setTimeout(() => controller.abort(), 100)
      const started = performance.now()
      const io = { signal: controller.signal, emit: () => {} }
      const error = await failure(fetchFile({ identifier: `${url}/stall` }, { store, transport }, io))
      assert.is(error.code, 'BUILD_CANCELLED')
      assert.ok(performance.now() - started < 400)
      await transport.close()
      assert.equal([...readdirSync(join(folder, 'blobs/sha256')), ...readdirSync(join(folder, 'tmp'))], [])
      assert.not.ok(existsSync(join(folder, 'y')))
    },
  ),
)

http.run()
