/** The one HTTP client: pooled, with proxies, own certificates, deadlines, and a guard on the addresses it connects to. */
import { lookup as dnsLookup } from 'node:dns'
import { readFile } from 'node:fs/promises'
import { isIP, type LookupFunction } from 'node:net'
import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { ImgError } from '../../error.ts'
import { bareHost, type Scope, scopeOf } from './address.ts'
import { type Proxy, proxyFor } from './proxy.ts'
import { explain, TransportError } from './transport-error.ts'
import { loadUndici } from './undici.ts'

/** Deadlines in milliseconds. */
export interface TransportOptions {
  /** For a connection, TLS included. @default 15000 */
  readonly connectTimeout?: number
  /** From a request's end to the answer's headers. @default 60000 */
  readonly headersTimeout?: number
  /** Between two pieces of a body. @default 30000 */
  readonly idleTimeout?: number
  /** More certificates to trust, PEM; those of the file that SSL_CERT_FILE names come on top. */
  readonly ca?: string
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** How public an address is; tests say otherwise of loopback. */
  readonly scopeOf?: (address: string) => Scope
}

/** One request. Redirects are answers like any other. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string | Readable
  readonly signal?: AbortSignal
  /** Connect to nothing less public than this. @default 0 */
  readonly floor?: Scope
  /** Take any certificate. */
  readonly anyCertificate?: boolean
}

/** An answer, its header names in lower case. The body must be read or destroyed. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readable
}

/** Sends requests. Failures are TransportErrors, or what a body's stream failed with; an aborted signal's reason passes through. */
export interface Transport {
  request(request: HttpRequest): Promise<HttpAnswer>
  /** How public the least public address of a URL's host is; 2 where that cannot be told. */
  scope(url: URL): Promise<Scope>
  /** In words, what a body's stream failed with. */
  explain(error: unknown): TransportError
  close(): Promise<void>
}

/** A transport. Nothing is loaded or connected before the first request. */
export function createTransport(options: TransportOptions = {}): Transport {
  const env = options.env ?? process.env
  const scope = options.scopeOf ?? scopeOf
  const pools = new Map<string, Promise<Dispatcher>>()

  function pool(request: HttpRequest): Promise<Dispatcher> {
    const proxy = proxyFor(request.url, env)
    const settings: PoolSettings = { proxy, floor: request.floor ?? 0, anyCertificate: request.anyCertificate ?? false }
    const key = JSON.stringify(settings)
    let found = pools.get(key)
    if (!found) pools.set(key, (found = openPool(settings, options, env, scope)))
    return found
  }

  return {
    async request(request) {
      const { url, signal } = request
      const host = bareHost(url)
      signal?.throwIfAborted()
      if (isIP(host) && scope(host) < (request.floor ?? 0)) throw refused(host, host)
      try {
        const { send } = await loadUndici()
        const answer = await send.call(await pool(request), undiciOptions(request))
        return { status: answer.statusCode, headers: flatten(answer.headers), body: answer.body }
      } catch (error) {
        signal?.throwIfAborted()
        // what the sender of a body found wrong with it
        throw error instanceof ImgError ? error : explain(error)
      }
    },
    async scope(url) {
      const host = bareHost(url)
      if (isIP(host)) return scope(host)
      if (proxyFor(url, env)) return 2
      const addresses = await lookupAll(host)
      return Math.min(2, ...addresses.map(({ address }) => scope(address))) as Scope
    },
    explain,
    async close() {
      const opened = [...pools.values()]
      pools.clear()
      await Promise.all(opened.map(async (each) => (await each).destroy()))
    },
  }
}

interface PoolSettings {
  readonly proxy: Proxy | undefined
  readonly floor: Scope
  readonly anyCertificate: boolean
}

async function openPool(
  { proxy, floor, anyCertificate }: PoolSettings,
  options: TransportOptions,
  env: Readonly<Record<string, string | undefined>>,
  scope: (address: string) => Scope,
): Promise<Dispatcher> {
  const ca = await certificates(options.ca, env['SSL_CERT_FILE'])
  const timeout = options.connectTimeout ?? 15_000
  const tls = { ...(ca && { ca }), ...(anyCertificate && { rejectUnauthorized: false }), timeout }
  const shared = {
    headersTimeout: options.headersTimeout ?? 60_000,
    bodyTimeout: options.idleTimeout ?? 30_000,
    keepAliveTimeout: 10_000,
    maxHeaderSize: 64 * 1024,
  }
  if (!proxy) {
    const { Agent } = await loadUndici()
    return new Agent({ ...shared, connect: { ...tls, ...(floor > 0 && { lookup: guardedLookup(floor, scope) }) } })
  }
  const { ProxyAgent } = await import('undici')
  const token = proxy.authorization && { token: proxy.authorization }
  return new ProxyAgent({ ...shared, uri: proxy.url, ...token, requestTls: tls, proxyTls: tls, proxyTunnel: false })
}

function undiciOptions({ method, url, headers, body, signal }: HttpRequest) {
  const { origin, pathname, search } = url
  const sent = { 'user-agent': 'imgsdk', ...headers }
  // by itself undici gives a connection up after each HEAD and each body that is empty
  const where = { origin, path: `${pathname}${search}`, method, reset: false }
  return { ...where, headers: sent, ...(body !== undefined && { body }), ...(signal && { signal }) }
}

/** Looks a name up and forgets the addresses below the floor, so that what is checked is what is connected to. */
function guardedLookup(floor: Scope, scope: (address: string) => Scope): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      const allowed = addresses.filter(({ address }) => scope(address) >= floor)
      const [first] = allowed
      if (!first) return callback(refused(hostname, addresses[0]?.address ?? ''), [])
      if (options.all) return callback(null, allowed)
      callback(null, first.address, first.family)
    })
  }
}

function lookupAll(host: string): Promise<readonly { address: string }[]> {
  return new Promise((resolve) => {
    dnsLookup(host, { all: true }, (error, addresses) => resolve(error ? [] : addresses))
  })
}

function refused(host: string, address: string): TransportError {
  return new TransportError(`"${host}" is ${address}, an address that no public server may send us to`, {
    transient: false,
  })
}

/** Certificates to trust besides Node's own; undefined where there are none, so that NODE_EXTRA_CA_CERTS keeps working. */
async function certificates(more: string | undefined, file: string | undefined): Promise<string[] | undefined> {
  if (!more && !file) return undefined
  const { rootCertificates } = await import('node:tls')
  const fromFile = file ? [await readFile(file, 'utf8')] : []
  return [...rootCertificates, ...(more ? [more] : []), ...fromFile]
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}
