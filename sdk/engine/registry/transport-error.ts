/** Failures below HTTP, in words: what happened, whether trying again may help, and what to do. */

/** A request that got no whole answer. The message names no URL and no secret. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  /** Trying again may help. */
  readonly transient: boolean
  readonly hint: string | undefined

  constructor(message: string, options: { transient: boolean; hint?: string | undefined; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.transient = options.transient
    this.hint = options.hint
  }
}

type Entry = readonly [message: string, transient: boolean, hint?: string]

const certificateHint = "set SSL_CERT_FILE to the authority's certificate, or list the host as insecure"

const known: Readonly<Record<string, Entry>> = {
  ECONNREFUSED: ['the connection was refused', false, 'is the server running, and is the port right?'],
  ENOTFOUND: ['the host name is not known', false, 'check the name and the DNS'],
  EAI_AGAIN: ['the host name could not be looked up', true, 'check the network and the DNS'],
  ECONNRESET: ['the connection was reset', true],
  EPIPE: ['the connection was reset', true],
  ETIMEDOUT: ['the connection timed out', true],
  EHOSTUNREACH: ['there is no way to the host', true, 'check the network'],
  ENETUNREACH: ['there is no way to the network', true, 'check the network'],
  UND_ERR_SOCKET: ['the connection was closed early', true],
  UND_ERR_CONNECT_TIMEOUT: [
    'connecting took too long',
    true,
    'check the network, and whether a proxy is needed (HTTPS_PROXY)',
  ],
  UND_ERR_HEADERS_TIMEOUT: ['no answer came in time', true],
  UND_ERR_BODY_TIMEOUT: ['the transfer stalled', true],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['the answer ended early', true],
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: ['the content has another size than announced', false],
  UND_ERR_HEADERS_OVERFLOW: ['the headers of the answer are too long', false],
  ERR_SSL_WRONG_VERSION_NUMBER: ['the server does not speak TLS', false, 'list the host as insecure to use plain HTTP'],
  EPROTO: ['the TLS handshake failed', false, 'list the host as insecure if it speaks plain HTTP'],
}

/** Whatever undici or Node threw, as a TransportError. */
export function explain(error: unknown): TransportError {
  if (error instanceof TransportError) return error
  const inner = innermost(error)
  if (inner instanceof TransportError) return inner
  const code = codeOf(inner) ?? codeOf(error) ?? ''
  const [message, transient, hint] = known[code] ?? fallback(code, inner)
  return new TransportError(message, { transient, hint, cause: error })
}

function fallback(code: string, error: unknown): Entry {
  const text = error instanceof Error ? error.message : String(error)
  if (/^(HPE_|ERR_HTTP)/.test(code) || (error as Error | undefined)?.name === 'HTTPParserError')
    return ['the answer is not HTTP', false, 'is it an HTTPS port?']
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code))
    return [`its certificate is not trusted: ${clean(text)}`, false, certificateHint]
  if (/ERR_SSL|ERR_TLS/.test(code)) return [`the TLS handshake failed: ${code}`, false]
  if (/terminated|other side closed|aborted/.test(text)) return ['the connection was closed early', true]
  if (/Proxy response \((\d+)\)/.test(text))
    return [`the proxy answered ${/\((\d+)\)/.exec(text)?.[1]}`, false, 'check HTTPS_PROXY and NO_PROXY']
  return [clean(text) || 'the request failed', false]
}

/** Several addresses tried make one AggregateError; undici wraps what the socket said. */
function innermost(error: unknown): unknown {
  let inner = error
  for (let depth = 0; depth < 5 && inner instanceof Error; depth++) {
    if (inner instanceof TransportError) return inner
    const next: unknown = inner instanceof AggregateError ? inner.errors[0] : inner.cause
    if (!(next instanceof Error)) return inner
    inner = next
  }
  return inner
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

/** A peer's text in a message: one line, nothing that steers a terminal, no URL with its query. */
function clean(text: string): string {
  return text
    .replace(/https?:\/\/\S+/g, '(address)')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .slice(0, 200)
}
