/** Addresses, proxies and certificates. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLoopback, scopeOf } from '../../../sdk/engine/registry/address.ts'
import { proxyFor } from '../../../sdk/engine/registry/proxy.ts'
import { openRegistries } from '../../../sdk/engine/registry/registries.ts'
import { createTransport, type TransportOptions } from '../../../sdk/engine/registry/transport.ts'
import { must } from '../../helpers/program.ts'
import { startServer } from '../../helpers/registry.ts'
import { assert, suite } from '../../helpers/suite.ts'

const transport = suite('engine/registry/transport')

async function get(url: string, options: TransportOptions = {}, floor: 0 | 1 | 2 = 0): Promise<string> {
  const client = createTransport({ env: {}, connectTimeout: 1000, ...options })
  try {
    const { body } = await client.request({ method: 'GET', url: new URL(url), floor })
    return Buffer.concat(await body.toArray()).toString()
  } finally {
    await client.close()
  }
}

async function failure(work: Promise<unknown>): Promise<Error & { hint?: string; transient?: boolean }> {
  return work.then(
    () => {
      throw new Error('it did not fail')
    },
    (error: Error) => error,
  )
}

transport('A24 knows how public an address is', () => {
  const table: [0 | 1 | 2, string][] = [
    [
      0,
      '127.0.0.1 127.255.255.254 0.0.0.0 169.254.169.254 224.0.0.1 255.255.255.255 ::1 :: fe80::1 ff02::1 ::ffff:127.0.0.1 ::ffff:a9fe:a9fe 64:ff9b::127.0.0.1',
    ],
    [
      1,
      '10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 198.18.0.1 fc00::1 fd12::1 ::ffff:10.0.0.1 64:ff9b::10.1.2.3',
    ],
    [2, '1.1.1.1 172.32.0.1 169.253.0.1 128.0.0.1 11.0.0.1 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::8.8.8.8'],
  ]
  for (const [scope, addresses] of table)
    for (const address of addresses.split(' ')) assert.is(scopeOf(address), scope, address)
  for (const host of ['localhost', 'LOCALHOST', 'a.localhost', '127.0.0.5', '::1']) assert.ok(isLoopback(host), host)
  for (const host of ['localhost.evil.net', '127.0.0.1.nip.io', 'notlocalhost', '128.0.0.1'])
    assert.not.ok(isLoopback(host), host)
})

transport('A24 connects to nothing less public than the floor, by name or by address', async () => {
  const server = await startServer((_, response) => response.end('here'))
  const port = server.host.split(':')[1]
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1']) {
    assert.match((await failure(get(`http://${host}:${port}/`, {}, 1))).message, 'may send us to', host)
  }
  assert.is(await get(`http://localhost:${port}/`), 'here')
  assert.is(await get(`http://localhost:${port}/`, { scopeOf: () => 2 }, 2), 'here')
  await server.stop()
})

transport('reads proxies as curl and Go do', () => {
  const via = (url: string, env: Record<string, string>) => proxyFor(new URL(url), env)?.url
  const both = { HTTPS_PROXY: 'http://s.proxy:1', http_proxy: 'h.proxy:2' }
  assert.is(via('https://a.com/', both), 'http://s.proxy:1/')
  assert.is(via('http://a.com/', both), 'http://h.proxy:2/')
  assert.is(via('http://a.com/', { HTTP_PROXY: 'http://x', REQUEST_METHOD: 'GET' }), undefined)
  assert.is(via('https://a.com/', { ALL_PROXY: 'http://all' }), 'http://all/')
  assert.is(via('https://a.com/', { HTTPS_PROXY: 'http://x', https_proxy: '' }), undefined)
  for (const host of ['localhost', '127.0.0.1', '[::1]']) assert.is(via(`https://${host}/`, both), undefined)
  assert.equal(proxyFor(new URL('https://a.com'), { HTTPS_PROXY: 'http://u:p%40@x' }), {
    url: 'http://x/',
    authorization: `Basic ${Buffer.from('u:p@').toString('base64')}`,
  })
  const no = (list: string, url: string) => via(url, { ...both, NO_PROXY: list }) === undefined
  const excluded: [string, string][] = [
    ['*', 'https://a.com'],
    ['x, a.com', 'https://a.com'],
    ['a.com', 'https://sub.a.com'],
    ['.a.com', 'https://sub.a.com'],
    ['*.a.com', 'https://sub.a.com'],
    ['a.com:443', 'https://a.com'],
    ['10.0.0.0/8', 'https://10.1.2.3'],
    ['10.1.2.3', 'https://10.1.2.3'],
    ['[fd00::1]:443', 'https://[fd00::1]'],
    ['fd00::/8', 'https://[fd00::1]'],
  ]
  for (const [list, url] of excluded) assert.ok(no(list, url), `${list} ${url}`)
  const included: [string, string][] = [
    ['a.com', 'https://ba.com'],
    ['.a.com', 'https://a.com'],
    ['a.com:80', 'https://a.com'],
    ['10.0.0.0/8', 'https://11.1.2.3'],
    ['10.0.0.0/99', 'https://10.1.2.3'],
    ['', 'https://a.com'],
  ]
  for (const [list, url] of included) assert.not.ok(no(list, url), `${list} ${url}`)
})

transport('goes through a proxy, plain or by tunnel, with its password in a header of its own', async () => {
  const seen: string[] = []
  const target = await startServer((request, response) =>
    response.end(`target ${request.headers['proxy-authorization'] ?? '-'}`),
  )
  const proxy = await startServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']?.split(' ')[0]}`)
    response.end('from the proxy')
  })
  proxy.server.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url} ${request.headers['proxy-authorization']?.split(' ')[0]}`)
    socket.end('HTTP/1.1 502 no\r\n\r\n')
  })
  const env = { http_proxy: `http://u:canary@${proxy.host}`, https_proxy: `http://u:canary@${proxy.host}` }
  assert.is(await get('http://far.example/x', { env }), 'from the proxy')
  const error = await failure(get('https://far.example/x', { env }))
  assert.match(error.message, 'the proxy answered 502')
  assert.equal(seen, ['GET http://far.example/x Basic', 'CONNECT far.example:443 Basic'])
  assert.is(await get(`http://${target.host}/`, { env }), 'target -')
  await proxy.stop()
  await target.stop()
})

transport.needs(
  ['openssl'],
  'trusts what SSL_CERT_FILE and `ca` say, and any certificate only on this machine or when told',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'imgsdk-tls-'))
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const subject = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1']
    const made = spawnSync('openssl', [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      ...subject,
    ])
    assert.is(made.status, 0, String(made.stderr))
    const pem = readFileSync(cert, 'utf8')
    const server = createTlsServer({ key: readFileSync(key), cert: pem }, (request, response) => {
      if (request.url === '/v2/a/tags/list?n=1000') response.end('{"tags":["x"]}')
      else response.end('secure')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      const error = await failure(get(`https://${host}/`))
      assert.match(error.message, 'its certificate is not trusted')
      assert.match(error.hint ?? '', 'SSL_CERT_FILE')
      assert.is(error.transient, false)
      assert.is(await get(`https://${host}/`, { ca: pem }), 'secure')
      assert.is(await get(`https://${host}/`, { env: { SSL_CERT_FILE: cert } }), 'secure')
      const registries = openRegistries({ credentials: async () => ({}), retry: { attempts: 1 } })
      assert.equal(await registries.at(host).tags('a'), ['x'])
      await registries.close()
    } finally {
      server.close()
      server.closeAllConnections()
      rmSync(folder, { recursive: true })
    }
  },
)

transport('loads the parts of undici that a request needs, not the whole', async () => {
  const server = await startServer((_, response) => response.end('here'))
  const script = `
    import { createRequire } from 'node:module'
    const { createTransport } = await import(process.argv[1])
    const transport = createTransport()
    const { status } = await transport.request({ method: 'GET', url: new URL(process.argv[2]) })
    const loaded = Object.keys(createRequire(process.argv[1]).cache).filter((path) => path.includes('/undici/'))
    console.log(status, loaded.length, loaded.some((path) => path.endsWith('/undici/index.js')))
    await transport.close()`
  const module = new URL('../../../sdk/engine/registry/transport.js', import.meta.url).href
  const args = ['--input-type=module', '-e', script, module, `http://${server.host}/`]
  const said = await must(process.execPath, args).finally(() => server.stop())
  const [status, count, whole] = said.trim().split(' ')
  assert.is(status, '200')
  assert.ok(Number(count) > 5, `${count} files`)
  assert.is(whole, 'false')
})

transport('says in words what failed', async () => {
  assert.match((await failure(get('http://nowhere.invalid/'))).message, 'host name')
  const server = await startServer(() => {})
  server.server.removeAllListeners('connection')
  server.server.on('connection', (socket) => socket.end('this is not HTTP\r\n\r\n'))
  assert.match((await failure(get(`http://${server.host}/`))).message, 'the answer is not HTTP')
  assert.match((await failure(get(`https://${server.host}/`))).message, 'TLS')
  connect(Number(server.host.split(':')[1])).destroy()
  await server.stop()
})

transport.run()
