/** Asks for a file, following redirects with care. */
import type { Readable } from 'node:stream'
import { ImgError } from '../../error.ts'
import type { Io } from '../ports.ts'

/** What is needed of an HTTP client. Its failures say in `transient` whether another attempt may help. */
export interface HttpTransport {
  request(request: {
    readonly method: 'GET'
    readonly url: URL
    readonly headers: Readonly<Record<string, string>>
    readonly signal: AbortSignal
    readonly floor: 0 | 1 | 2
  }): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Readable }>
  /** How public a host is: 0 this machine, 1 a private network, 2 the Internet. */
  scope(url: URL): Promise<0 | 1 | 2>
  /** In words, what a body's stream failed with. */
  explain(error: unknown): Error & { readonly hint: string | undefined }
}

/** What to fetch. */
export interface Target {
  readonly url: URL
  /** For messages: without query and credentials. */
  readonly shown: string
  /** Goes to the URL's own origin only. */
  readonly authorization?: string
  readonly accept?: string
}

const mostRedirects = 10

/** An answer that is the file, or a part of it, or says that it has not changed. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readable
  readonly url: URL
}

/**
 * Follows redirects, to no place less public than the start: a public server must not make us look at private ones.
 * @throws FETCH_FAILED; errors with `transient` where another attempt may help
 */
export async function follow(
  target: Target,
  { transport, io }: { readonly transport: HttpTransport; readonly io: Io },
  extra: Readonly<Record<string, string>>,
): Promise<Answer> {
  const floor = await transport.scope(target.url)
  let { url } = target
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const own = url.origin === target.url.origin
    const headers = {
      'accept-encoding': 'identity',
      ...(target.accept !== undefined && { accept: target.accept }),
      ...(own && target.authorization !== undefined && { authorization: target.authorization }),
      ...extra,
    }
    const answer = await transport.request({ method: 'GET', url, headers, signal: io.signal, floor })
    answer.body.on('error', () => {})
    const location = answer.headers['location']
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined)
      return accepted(target, { ...answer, url })
    answer.body.destroy()
    url = next(target, location, url)
  }
  throw failed(target, `it redirects more than ${mostRedirects} times`)
}

function next(target: Target, location: string, from: URL): URL {
  if (!URL.canParse(location, from.href)) throw failed(target, 'it redirects to something that is no URL')
  const url = new URL(location, from)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw failed(target, `it redirects to a ${url.protocol} address`)
  url.username = ''
  url.password = ''
  return url
}

function accepted(target: Target, answer: Answer): Answer {
  const { status, headers } = answer
  if (status >= 200 && status < 400) return answer
  answer.body.destroy()
  const hint = status === 401 || status === 403 ? authHint(target) : undefined
  const error = failed(target, `the server answered ${status}`, hint, { status })
  if (status < 500 && status !== 429 && status !== 408) throw error
  const wait = /^\d{1,4}$/.test(headers['retry-after'] ?? '') ? Number(headers['retry-after']) * 1000 : undefined
  throw Object.assign(new Error(error.message, { cause: error }), { transient: true, after: wait })
}

const authHint = ({ url }: Target): string => `give a token as the secret HTTP_AUTH_TOKEN_${url.hostname}`

/** The error for a file that cannot be had. */
export function failed(
  target: Target,
  reason: string,
  hint?: string,
  detail?: Readonly<Record<string, unknown>>,
  cause?: unknown,
): ImgError {
  return new ImgError('FETCH_FAILED', `cannot fetch ${target.shown}: ${reason}`, { hint, detail, cause })
}
