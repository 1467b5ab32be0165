/** Which proxy a URL goes through, as curl and Go read HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY. */
import { BlockList, isIP } from 'node:net'
import { bareHost, isLoopback } from './address.ts'

/** A proxy without its password, and the header that carries that. */
export interface Proxy {
  readonly url: string
  readonly authorization?: string
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy for a URL, or undefined for none. This machine is never reached through a proxy.
 * Lower-case names win, as in curl; HTTP_PROXY is not read under CGI, where a request header sets it.
 */
export function proxyFor(url: URL, env: Environment): Proxy | undefined {
  const host = bareHost(url)
  if (isLoopback(host) || isExcluded(url, env['no_proxy'] ?? env['NO_PROXY'] ?? '')) return undefined
  const text = url.protocol === 'https:' ? (env['https_proxy'] ?? env['HTTPS_PROXY']) : httpProxy(env)
  const chosen = text || env['all_proxy'] || env['ALL_PROXY']
  return chosen ? read(chosen) : undefined
}

const httpProxy = (env: Environment): string | undefined =>
  env['http_proxy'] ?? (env['REQUEST_METHOD'] ? undefined : env['HTTP_PROXY'])

function read(text: string): Proxy | undefined {
  let url: URL
  try {
    url = new URL(text.includes('://') ? text : `http://${text}`)
  } catch {
    return undefined
  }
  const { username, password } = url
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  url.username = ''
  url.password = ''
  return { url: url.href, ...(username !== '' && { authorization: `Basic ${Buffer.from(user).toString('base64')}` }) }
}

function isExcluded(url: URL, list: string): boolean {
  const host = bareHost(url).toLowerCase()
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const entries = list.split(/[\s,]+/).filter(Boolean)
  return entries.some((entry) => excludes(entry.toLowerCase(), host, port))
}

/** `*`, a network (10.0.0.0/8), an address, a domain with its subdomains, `.domain` or `*.domain` for its subdomains; a port may follow. */
function excludes(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true
  if (entry.includes('/')) return inNetwork(entry, host)
  const [, name = '', wantedPort] = /^(\[[^\]]+\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry) ?? []
  if (wantedPort !== undefined && wantedPort !== port) return false
  const bare = name.replace(/^\[|\]$/g, '')
  if (/^\*?\./.test(bare)) return host.endsWith(bare.replace(/^\*/, ''))
  return host === bare || (isIP(bare) === 0 && host.endsWith(`.${bare}`))
}

function inNetwork(entry: string, host: string): boolean {
  const [address = '', bits] = entry.split('/')
  const family = isIP(address)
  const length = Number(bits)
  if (family === 0 || isIP(host) === 0 || !Number.isInteger(length) || length < 0 || length > (family === 4 ? 32 : 128))
    return false
  const network = new BlockList()
  network.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6')
  return network.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6')
}
