/** Single exchanges: kept connections, deadlines, answers that come early, tunnels through a proxy. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTransport, type Transport, type TransportOptions } from '../../../sdk/engine/registry/transport.ts'
import { startServer } from '../../helpers/registry.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'

const exchange = suite('engine/registry/exchange')

async function withTransport(options: TransportOptions, work: (transport: Transport) => Promise<void>): Promise<void> {
  const transport = createTransport({ env: {}, connectTimeout: 300, headersTimeout: 300, idleTimeout: 300, ...options })
  await work(transport).finally(() => transport.close())
}

const failure = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => new Error('it did not fail'),
    (error: Error) => error,
  )

const text = async (body: Readable) => Buffer.concat(await body.toArray()).toString()

/** A server that speaks in bytes; answers its port. */
async function rawServer(handle: (socket: Socket) => void): Promise<{ server: Server; url: URL }> {
  const server = createServer((socket) => handle(socket.on('error', () => {})))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`) }
}

exchange('uses a connection again, also after HEAD and after a request without a body', () =>
  withTransport({}, async (transport) => {
    const sockets = new Set<Socket>()
    const server = await startServer((request, response) => {
      sockets.add(request.socket)
      response.end('here')
    })
    const url = new URL(`http://${server.host}/`)
    for (const method of ['HEAD', 'POST', 'GET', 'HEAD'] as const) {
      const headers = method === 'POST' ? { 'content-length': '0' } : {}
      await text((await transport.request({ method, url, headers })).body)
      await sleep(5)
    }
    assert.is(sockets.size, 1)
    await server.stop()
  }),
)

exchange('a refusal that comes before all is sent ends the sending', () =>
  withTransport({}, async (transport) => {
    let given = 0
    const server = await startServer((_, response) => void response.writeHead(413).end('too much'))
    const body = Readable.from(
      (async function* () {
        for (; given < 1000; given++) {
          yield Buffer.alloc(65_536)
          await sleep(1)
        }
      })(),
    )
    const headers = { 'content-length': String(65_536_000) }
    const url = new URL(`http://${server.host}/`)
    const answer = await transport.request({ method: 'PUT', url, headers, body })
    assert.is(answer.status, 413)
    assert.is(await text(answer.body), 'too much')
    await sleep(20)
    assert.ok(given < 1000 && body.destroyed, `${given} pieces`)
    await server.stop()
  }),
)

exchange('whoever reads slowly is not told that the transfer stalled', () =>
  withTransport({}, async (transport) => {
    const bytes = Buffer.alloc(8 << 20, 'x')
    const server = await startServer((_, response) => void response.end(bytes))
    const { body } = await transport.request({ method: 'GET', url: new URL(`http://${server.host}/`) })
    await sleep(1000)
    assert.is((await text(body)).length, bytes.length)
    await server.stop()
  }),
)

exchange('a server whose TLS never begins ends at the deadline', () =>
  withTransport({}, async (transport) => {
    const { server, url } = await rawServer((socket) => socket.pause())
    const started = performance.now()
    const silent = await failure(transport.request({ method: 'GET', url: new URL(`https://${url.host}/`) }))
    assert.match(silent.message, 'connecting took too long')
    assert.ok(performance.now() - started < 3000)
    server.close()
  }),
)

exchange('answers of HTTP/1.0, in chunks, and of no announced length are read to their end', () =>
  withTransport({}, async (transport) => {
    const heads = [
      'HTTP/1.0 200 OK\r\n\r\nhello',
      'HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n',
      'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello',
    ]
    for (const head of heads) {
      const { server, url } = await rawServer((socket) => socket.once('data', () => socket.end(head)))
      assert.is(await text((await transport.request({ method: 'GET', url })).body), 'hello', head)
      server.close()
    }
  }),
)

exchange('an answer that breaks off, in chunks or before its length, is a failure of the body', () =>
  withTransport({}, async (transport) => {
    const heads = [
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense',
    ]
    for (const head of heads) {
      const { server, url } = await rawServer((socket) => socket.once('data', () => socket.end(head)))
      const { body } = await transport.request({ method: 'GET', url })
      const error = transport.explain(await failure(text(body)))
      assert.match(error.message, /the connection was (reset|closed early)|the answer is not HTTP/, head)
      server.close()
    }
  }),
)

exchange.needs(
  ['openssl'],
  'speaks TLS through a tunnel of a proxy, with the password for the proxy alone',
  async () => {
    const folder = temporaryFolder()
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key]
    const subject = ['-out', cert, '-subj', '/CN=far.example', '-addext', 'subjectAltName=DNS:far.example']
    assert.is(spawnSync('openssl', [...made, ...subject]).status, 0)
    const pem = readFileSync(cert, 'utf8')
    const target = createTlsServer({ key: readFileSync(key), cert: pem }, (request, response) => {
      request
        .resume()
        .on('end', () => response.end(`${request.headers.host} ${request.headers['proxy-authorization']}`))
    })
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve))
    const { port } = target.address() as AddressInfo
    const seen: string[] = []
    const proxy = await startServer((_, response) => void response.writeHead(500).end())
    proxy.server.on('connect', (request, socket: Socket) => {
      seen.push(`${request.url} ${request.headers['proxy-authorization']}`)
      const inner = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        inner.pipe(socket).pipe(inner)
      })
      for (const end of [inner, socket]) end.on('error', () => {})
    })
    const env = { https_proxy: `http://u:p@${proxy.host}` }
    await withTransport({ env, ca: pem }, async (transport) => {
      const url = new URL('https://far.example:8443/x')
      for (let times = 0; times < 2; times++) {
        const { body } = await transport.request({ method: 'PUT', url, body: 'bytes' })
        assert.is(await text(body), 'far.example:8443 undefined')
      }
      assert.equal([...new Set(seen)], [`far.example:8443 Basic ${Buffer.from('u:p').toString('base64')}`])
    })
    await withTransport({ env }, async (transport) => {
      const error = await failure(transport.request({ method: 'GET', url: new URL('https://far.example/') }))
      assert.match(error.message, 'its certificate is not trusted')
    })
    await proxy.stop()
    target.close()
    target.closeAllConnections()
  },
)

exchange('speaks to an address of IPv6', async () => {
  const server = createServer((socket) => {
    socket
      .on('error', () => {})
      .once('data', (bytes) => {
        const [, host] = /host: (.*)\r/i.exec(String(bytes)) ?? []
        socket.end(`HTTP/1.1 200 OK\r\n\r\n${host}`)
      })
  })
  const listens = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(0, '::1', () => resolve(true))
  })
  if (!listens) return // this machine has no IPv6
  const host = `[::1]:${(server.address() as AddressInfo).port}`
  await withTransport({}, async (transport) => {
    assert.is(await text((await transport.request({ method: 'GET', url: new URL(`http://${host}/`) })).body), host)
  })
  server.close()
})

exchange.run()
