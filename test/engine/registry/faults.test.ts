/** Registries that break, stall, lie and lead astray. Each server here is ours; the pushes go through a faulty proxy to a real one. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { RegistryClient } from '../../../sdk/engine/registry/client.ts'
import { openRegistries, type RegistryOptions } from '../../../sdk/engine/registry/registries.ts'
import { createTransport } from '../../../sdk/engine/registry/transport.ts'
import { digestOf } from '../../../sdk/oci/digest.ts'
import { type Descriptor, mediaTypes } from '../../../sdk/oci/types.ts'
import { failure } from '../../helpers/failure.ts'
import { account, startRegistry, startServer } from '../../helpers/registry.ts'
import { assert, suite } from '../../helpers/suite.ts'

const faults = suite('engine/registry/faults')

const bytes = randomBytes(300_000)
const blob: Descriptor = { mediaType: mediaTypes.ociLayer, digest: digestOf(bytes), size: bytes.length }
const blobPath = `/v2/a/blobs/${blob.digest}`
const named: RegistryOptions = { credentials: async () => ({ credentials: { kind: 'password', ...account } }) }
const nobody: RegistryOptions = { credentials: async () => ({}) }

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** Runs work against servers of ours; the first is the registry. */
async function against(
  handlers: readonly Handler[],
  work: (registry: RegistryClient, hosts: readonly string[], log: readonly string[][]) => Promise<void>,
  options: RegistryOptions = nobody,
): Promise<void> {
  const log = handlers.map((): string[] => [])
  const servers = await Promise.all(
    handlers.map((handle, i) =>
      startServer((request, response) => {
        const { authorization = '-', range = '-' } = request.headers
        if (request.url !== '/v2/')
          log[i]?.push(`${request.method} ${request.url?.split('?')[0]} ${authorization.split(' ')[0]} ${range}`)
        if (request.url === '/v2/') response.end('{}')
        else handle(request, response)
      }),
    ),
  )
  const transport = createTransport({ headersTimeout: 400, idleTimeout: 400, connectTimeout: 400, env: {} })
  const registries = openRegistries({ transport, retry: { attempts: 3, delay: 10 }, tokenHosts: [], ...options })
  try {
    await work(
      registries.at(servers[0]!.host),
      servers.map(({ host }) => host),
      log,
    )
  } finally {
    await registries.close()
    await Promise.all(servers.map(({ stop }) => stop()))
  }
}

const readAll = async (stream: Readable) => Buffer.concat(await stream.toArray())
const pull = async (registry: RegistryClient, descriptor = blob) => readAll(await registry.getBlob('a', descriptor))
const port = (host: string) => host.split(':')[1]

/** Asks for Basic authentication unless it is there. */
function guarded(handle: Handler): Handler {
  return (request, response) => {
    if (request.headers.authorization !== undefined) return handle(request, response)
    response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end()
  }
}

faults('A25 a redirect to another host carries no credentials', async () => {
  let target = ''
  await against(
    [
      guarded((_, response) => response.writeHead(307, { location: target }).end()),
      (_, response) => response.end(bytes),
    ],
    async (registry, [, storage], log) => {
      target = `http://${storage}/signed?key=1`
      assert.ok(bytes.equals(await pull(registry)))
      assert.equal(log, [[`GET ${blobPath} - -`, `GET ${blobPath} Basic -`], ['GET /signed - -']])
    },
    named,
  )
})

faults('A25 an upload Location on another host gets the bytes and no credentials', async () => {
  let target = ''
  let received = 0
  await against(
    [
      guarded((_, response) => response.writeHead(202, { location: target }).end()),
      (request, response) => {
        request.on('data', (piece: Buffer) => (received += piece.length))
        request.on('end', () => response.writeHead(201).end())
      },
    ],
    async (registry, [, storage], log) => {
      target = `http://${storage}/upload?state=1`
      assert.is(await registry.uploadBlob('a', blob, async () => [bytes]), 'uploaded')
      assert.is(received, bytes.length)
      assert.equal(log[1], ['PUT /upload - -'])
    },
    named,
  )
})

faults('A25 a challenge of another host is not answered', async () => {
  let target = ''
  let realm = ''
  await against(
    [
      (_, response) => response.writeHead(307, { location: target }).end(),
      (_, response) => response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end(),
      (_, response) => response.end(JSON.stringify({ token: 'good' })),
    ],
    async (registry, [, storage, service], log) => {
      target = `http://${storage}/x`
      realm = `http://${service}/token`
      const error = await failure(pull(registry))
      assert.is(error.code, 'REGISTRY_REFUSED')
      assert.equal(log.slice(1), [['GET /x - -'], []])
    },
    named,
  )
})

/** A registry that wants tokens from `realm`. */
function tokenRegistry(realm: () => string): Handler {
  return (request, response) => {
    if (request.headers.authorization === 'Bearer good') return void response.end(bytes)
    response
      .writeHead(401, { 'www-authenticate': `Bearer realm="${realm()}",service="reg",scope="repository:a:pull"` })
      .end()
  }
}

faults('gets a token once for many requests, with the password only at the token service', async () => {
  let realm = ''
  const asked: string[] = []
  await against(
    [
      tokenRegistry(() => realm),
      (request, response) => {
        asked.push(request.url ?? '')
        response.end(JSON.stringify({ token: 'good', expires_in: 300 }))
      },
    ],
    async (registry, [, service], log) => {
      realm = `http://${service}/token`
      await Promise.all([pull(registry), pull(registry), pull(registry)])
      await pull(registry)
      assert.equal(log[1], ['GET /token Basic -'])
      assert.equal(asked, ['/token?service=reg&scope=repository%3Aa%3Apull'])
      assert.is(log[0]!.filter((line) => line.includes(' - ')).length, 3)
    },
    named,
  )
})

faults('renews a token that has run out', async () => {
  let realm = ''
  let [given, valid] = [0, '']
  await against(
    [
      (request, response) => {
        if (valid !== '' && request.headers.authorization === `Bearer ${valid}`) return void response.end(bytes)
        response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end()
      },
      (_, response) => {
        valid = `t${++given}`
        response.end(JSON.stringify({ access_token: valid, expires_in: 3600 }))
      },
    ],
    async (registry, [, service]) => {
      realm = `http://${service}/token`
      await pull(registry)
      valid = 'revoked'
      assert.ok(bytes.equals(await pull(registry)))
      assert.is(given, 2)
    },
  )
})

faults('trades an identity token by POST', async () => {
  let realm = ''
  let form = ''
  await against(
    [
      tokenRegistry(() => realm),
      (request, response) => {
        request.on('data', (piece) => (form += piece))
        request.on('end', () => response.end(JSON.stringify({ access_token: 'good' })))
      },
    ],
    async (registry, [, service], log) => {
      realm = `http://${service}/token`
      await pull(registry)
      assert.equal(log[1], ['POST /token - -'])
      assert.is(new URLSearchParams(form).get('refresh_token'), 'identity-canary')
    },
    { credentials: async () => ({ credentials: { kind: 'identity', token: 'identity-canary' } }) },
  )
})

faults('A26 a token service on a strange host gets no password, unless it is listed', async () => {
  let realm = ''
  const handlers: Handler[] = [
    tokenRegistry(() => realm),
    (_, response) => response.end(JSON.stringify({ token: 'good' })),
  ]
  const strange = (host: string) => `http://localhost:${port(host)}/token`
  await against(
    handlers,
    async (registry, [, service], log) => {
      realm = strange(service!)
      const error = await failure(pull(registry))
      assert.is(error.code, 'REGISTRY_REFUSED')
      assert.match(error.message, 'wants credentials sent to "localhost", which is not its own')
      assert.equal(log[1], [])
    },
    named,
  )
  await against(
    handlers,
    async (registry, [, service], log) => {
      realm = strange(service!)
      await pull(registry)
      assert.equal(log[1], ['GET /token Basic -'])
    },
    { ...named, tokenHosts: ['localhost'] },
  )
  await against(handlers, async (registry, [, service], log) => {
    realm = strange(service!)
    await pull(registry)
    assert.equal(log[1], ['GET /token - -'])
  })
})

faults('A26 a token service that is no safe address is not asked', async () => {
  let realm = ''
  for (const bad of [
    'file:///etc/passwd',
    'http://user:pw@127.0.0.1/',
    'nothing',
    'http://registry.example.com/token',
  ]) {
    realm = bad
    await against([tokenRegistry(() => realm)], async (registry) => {
      const { code } = await failure(pull(registry))
      assert.ok(code === 'REGISTRY_ANSWER' || code === 'REGISTRY_REFUSED', bad)
    })
  }
})

faults('A27 content of another digest or size is not taken', async () => {
  const other = randomBytes(bytes.length)
  await against([(_, response) => response.end(other)], async (registry) => {
    assert.is((await failure(pull(registry))).code, 'DIGEST_MISMATCH')
  })
  await against([(_, response) => response.end(Buffer.concat([bytes, other]))], async (registry) => {
    const error = await failure(pull(registry))
    assert.match(error.message, `more than the ${bytes.length} bytes promised`)
  })
  const manifest = Buffer.from('{}')
  await against([(_, response) => response.end(manifest)], async (registry) => {
    assert.is((await failure(registry.getManifest('a', blob.digest))).code, 'DIGEST_MISMATCH')
  })
  const lie = { 'docker-content-digest': blob.digest }
  await against([(_, response) => response.writeHead(200, lie).end(manifest)], async (registry) => {
    assert.is((await failure(registry.getManifest('a', 'v1'))).code, 'DIGEST_MISMATCH')
  })
})

/** Writes for ever, or until nobody listens. */
function endless(response: ServerResponse): void {
  const piece = Buffer.alloc(1 << 20, ' ')
  const more = () => {
    while (!response.destroyed && response.write(piece));
  }
  response.on('drain', more)
  more()
}

faults('A28 an endless manifest, list of tags, token or error is cut off', async () => {
  await against([(_, response) => endless(response)], async (registry) => {
    const error = await failure(registry.getManifest('a', 'v1'))
    assert.is(error.code, 'REGISTRY_ANSWER')
    assert.match(error.message, 'more than 4194304 bytes')
    assert.is((await failure(registry.tags('a'))).code, 'REGISTRY_ANSWER')
  })
  let realm = ''
  await against([tokenRegistry(() => realm), (_, response) => endless(response)], async (registry, [, service]) => {
    realm = `http://${service}/token`
    assert.match((await failure(pull(registry))).message, 'more than 1048576 bytes')
  })
  await against([(_, response) => endless(response.writeHead(403))], async (registry) => {
    assert.is((await failure(pull(registry))).code, 'REGISTRY_REFUSED')
  })
})

faults('A28 redirects in a circle and lists of tags without end are given up', async () => {
  await against(
    [(request, response) => response.writeHead(302, { location: request.url }).end()],
    async (registry, _, log) => {
      assert.match((await failure(pull(registry))).message, 'more than 5 redirects')
      assert.is(log[0]?.length, 6)
    },
  )
  const page = (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(200, { link: '</v2/a/tags/list?last=x>; rel="next"' }).end('{"tags":["x"]}')
  await against([page], async (registry) => {
    assert.match((await failure(registry.tags('a'))).message, 'more than 1000 pages')
  })
})

faults('A28 an answer that never comes, and a body that stalls, end at the deadline', async () => {
  const once = { ...nobody, retry: { attempts: 1 } }
  const started = performance.now()
  await against(
    [() => {}],
    async (registry) => {
      const error = await failure(registry.getManifest('a', 'v1'))
      assert.is(error.code, 'REGISTRY_UNREACHABLE')
      assert.match(error.message, 'no answer came in time')
    },
    once,
  )
  const stalling: Handler = (_, response) => void response.writeHead(200, { 'content-length': bytes.length }).write('x')
  await against(
    [stalling],
    async (registry) => {
      assert.match((await failure(registry.getManifest('a', 'v1'))).message, 'the transfer stalled')
      assert.match((await failure(pull(registry))).message, 'the transfer stalled')
    },
    once,
  )
  assert.ok(performance.now() - started < 10_000)
})

faults('A29 what fails for a while is asked again', async () => {
  let count = 0
  const flaky =
    (failing: (response: ServerResponse) => void): Handler =>
    (_, response) =>
      ++count % 3 === 0 ? void response.end(bytes) : failing(response)
  const ways: ((response: ServerResponse) => void)[] = [
    (response) => void response.writeHead(503).end(),
    (response) => void response.writeHead(500).end('{"errors":[{"code":"UNKNOWN"}]}'),
    (response) => void response.writeHead(429, { 'retry-after': '0' }).end(),
    (response) => void response.socket?.destroy(),
  ]
  for (const way of ways) {
    await against([flaky(way)], async (registry) => assert.ok(bytes.equals(await pull(registry))))
  }
})

faults('A29 waits as long as Retry-After says, but not for ever', async () => {
  let count = 0
  const busy: Handler = (_, response) => {
    if (++count === 1) response.writeHead(429, { 'retry-after': '1' }).end()
    else response.end(bytes)
  }
  const started = performance.now()
  await against([busy], async (registry) => assert.ok(bytes.equals(await pull(registry))))
  assert.ok(performance.now() - started >= 990)
  const tooLong: Handler = (_, response) => response.writeHead(429, { 'retry-after': '3600' }).end()
  await against([tooLong], async (registry, _, log) => {
    const error = await failure(pull(registry))
    assert.is(error.detail?.['status'], 429)
    assert.is(log[0]?.length, 1)
  })
})

faults('A29 goes on by Range where a blob breaks off, wherever that is', async () => {
  const cuts = [0, 1, 100_000, 299_999]
  const breaking: Handler = (request, response) => {
    const [, from = '0'] = /bytes=(\d+)-/.exec(request.headers.range ?? '') ?? []
    const cut = cuts.find((each) => each >= Number(from) && cuts.splice(cuts.indexOf(each), 1))
    const status = request.headers.range ? 206 : 200
    response.writeHead(status, {
      'content-length': bytes.length - Number(from),
      ...(status === 206 && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
    })
    if (cut === undefined) return void response.end(bytes.subarray(Number(from)))
    response.write(bytes.subarray(Number(from), cut), () => setTimeout(() => response.socket?.resetAndDestroy(), 20))
    response.flushHeaders()
  }
  await against([breaking], async (registry, _, log) => {
    assert.ok(bytes.equals(await pull(registry)))
    const ranges = log[0]!.map((line) => line.split(' ').at(-1))
    assert.ok(
      ranges.includes('bytes=1-') && ranges.includes('bytes=100000-') && ranges.includes('bytes=299999-'),
      String(ranges),
    )
  })
})

faults('A29 a truncated blob without a length is gone on with, also by a server that knows no Range', async () => {
  let count = 0
  const truncating: Handler = (_, response) => {
    response.write(++count === 1 ? bytes.subarray(0, 1000) : bytes)
    response.end()
  }
  await against([truncating], async (registry) => {
    assert.ok(bytes.equals(await pull(registry)))
    assert.is(count, 2)
  })
})

faults('A29 a blob that always breaks off is given up', async () => {
  await against(
    [(_, response) => void response.writeHead(200, { 'content-length': 9 }).write('', () => response.destroy())],
    async (registry, _, log) => {
      assert.is((await failure(pull(registry))).code, 'REGISTRY_UNREACHABLE')
      assert.ok(log[0]!.length <= 12)
    },
  )
  const wrongRange: Handler = (request, response) => {
    if (!request.headers.range) return void response.end(bytes.subarray(0, 10))
    response.writeHead(206, { 'content-range': `bytes 5-${bytes.length}/${bytes.length}` }).end(bytes.subarray(5))
  }
  await against([wrongRange], async (registry) => {
    assert.is((await failure(pull(registry))).code, 'REGISTRY_ANSWER')
  })
})

const large = randomBytes(8 * 1024 * 1024)
const largeBlob = { ...blob, digest: digestOf(large), size: large.length }

async function* slowly(): AsyncGenerator<Buffer> {
  for (let at = 0; at < large.length; at += 1 << 18) {
    yield large.subarray(at, at + (1 << 18))
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

faults('A29 a push that breaks goes on where the registry has got to', async () => {
  const kept: Buffer[] = []
  let at = 0
  let broken = 0
  const handler: Handler = (request, response) => {
    const location = '/upload?state=1'
    if (request.method === 'POST') return void response.writeHead(202, { location }).end()
    if (request.method === 'GET') return void response.writeHead(204, { location, range: `0-${at - 1}` }).end()
    const [, from] = /^(\d+)-/.exec(request.headers['content-range'] ?? '') ?? []
    if (request.method === 'PATCH') assert.is(Number(from), at)
    const breaks = broken < 2 && request.headers['content-length'] !== '0'
    if (breaks) broken++
    const until = at + 2_000_000
    request.on('error', () => {})
    request.on('data', (piece: Buffer) => {
      if (breaks && at >= until) return void request.socket.destroy()
      kept.push(piece)
      at += piece.length
    })
    request.on('end', () => response.writeHead(request.method === 'PUT' ? 201 : 202, { location }).end())
  }
  await against([handler], async (registry, _, log) => {
    const open = async () => Readable.from(slowly())
    assert.is(await registry.uploadBlob('a', largeBlob, open), 'uploaded')
    assert.is(digestOf(Buffer.concat(kept)), largeBlob.digest)
    const verbs = log[0]!.map((line) => line.split(' ')[0])
    assert.equal(verbs, ['POST', 'PUT', 'GET', 'PATCH', 'GET', 'PATCH', 'PUT'])
  })
})

faults('a mount that is refused, by whatever answer, becomes an upload', async () => {
  for (const status of [400, 401, 403, 404, 405, 500]) {
    const handler: Handler = (request, response) => {
      if (request.url?.includes('mount=')) return void response.writeHead(status).end()
      request.resume().on('end', () => {
        response.writeHead(request.method === 'POST' ? 202 : 201, { location: '/upload?state=1' }).end()
      })
    }
    await against([handler], async (registry, _, log) => {
      assert.is(await registry.uploadBlob('a', blob, async () => [bytes], { from: 'b' }), 'uploaded', String(status))
      assert.equal(
        log[0]!.map((line) => line.split(' ')[0]),
        ['POST', 'POST', 'PUT'],
      )
    })
  }
})

faults.needs(['docker-registry'], 'A29 a push that the registry has forgotten begins again', async () => {
  let broken = 0
  const server = await startRegistry({
    async fault(request, response) {
      if (request.method !== 'PUT' || broken >= 2) return false
      broken++
      let seen = 0
      request.on('data', (piece: Buffer) => {
        seen += piece.length
        if (seen > 2 * 1024 * 1024) response.socket?.resetAndDestroy()
      })
      return false
    },
  })
  const registries = openRegistries({ ...nobody, retry: { attempts: 4, delay: 50 } })
  try {
    const registry = registries.at(server.host)
    assert.is(await registry.uploadBlob('a', largeBlob, async () => Readable.from(slowly())), 'uploaded')
    assert.ok(large.equals(await readAll(await registry.getBlob('a', largeBlob))))
    assert.is(broken, 2)
  } finally {
    await registries.close()
    await server.stop()
  }
})

faults('A29 cancelling works at once, in whatever it is waiting for', async () => {
  const stalling: Handler = (_, response) => void response.writeHead(200, { 'content-length': bytes.length }).write('x')
  const busy: Handler = (_, response) => response.writeHead(429, { 'retry-after': '30' }).end()
  const silent: Handler = () => {}
  for (const handler of [stalling, busy, silent]) {
    await against([handler], async (registry) => {
      const controller = new AbortController()
      setTimeout(() => controller.abort(new Error('stop')), 100)
      const started = performance.now()
      const io = { signal: controller.signal, emit: () => {} }
      const error = await failure(registry.getBlob('a', blob, { io }).then(readAll))
      assert.is(error.code, 'BUILD_CANCELLED')
      assert.ok(performance.now() - started < 350)
    })
  }
})

faults('shows what a registry says, but lets it steer no terminal and repeat no password', async () => {
  const rude: Handler = (request, response) => {
    const message = `\u001b[2J no\r\nway ${Buffer.from(request.headers.authorization?.split(' ')[1] ?? '', 'base64')}`
    response.writeHead(403).end(JSON.stringify({ errors: [{ code: 'DENIED', message }] }))
  }
  await against(
    [guarded(rude)],
    async (registry) => {
      const { message, detail } = await failure(pull(registry))
      assert.match(message, 'answered 403 (DENIED: [2J no way alice:***)')
      assert.is(detail?.['code'], 'DENIED')
    },
    named,
  )
})

faults('gives up a stream that nobody reads', async () => {
  let closed = false
  const handler: Handler = (request, response) => {
    request.socket.on('close', () => (closed = true))
    endless(response.writeHead(200, { 'content-length': 2 ** 40 }))
  }
  await against([handler], async (registry) => {
    const stream = await registry.getBlob('a', { ...blob, size: 2 ** 40 })
    stream.destroy()
    await new Promise((resolve) => setTimeout(resolve, 100))
    assert.ok(closed)
  })
})

faults('tells how far a transfer is', async () => {
  await against([(_, response) => response.end(bytes)], async (registry) => {
    const events: unknown[] = []
    const io = { signal: new AbortController().signal, emit: (event: unknown) => void events.push(event) }
    await readAll(await registry.getBlob('a', blob, { io }))
    assert.equal(events.at(-1), {
      type: 'progress',
      id: blob.digest,
      name: `pull ${registry.host}/a@${blob.digest}`,
      current: bytes.length,
      total: bytes.length,
    })
  })
})

faults.run()
