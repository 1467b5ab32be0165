/** Calls to one registry: finds where it is, proves who we are, follows redirects safely, tries again. */
import type { Readable } from 'node:stream'
import { ImgError } from '../../error.ts'
import type { Scope } from './address.ts'
import { type Authorizer, createAuthorizer } from './auth.ts'
import { discard, readBounded } from './body.ts'
import type { CredentialSource } from './credentials.ts'
import { nextUrl } from './redirect.ts'
import { refusal } from './refusal.ts'
import { type RetryOptions, retry, retryAfter, Transient, throwIfCancelled, unlessCancelled } from './retry.ts'
import { findRegistry } from './scheme.ts'
import type { HttpAnswer, HttpRequest, Transport } from './transport.ts'
import { explain } from './transport-error.ts'

/** One call. */
export interface Call {
  readonly method: HttpRequest['method']
  /** Below the registry's root (`/v2/…`), or where an earlier answer pointed to. */
  readonly url: string | URL
  readonly headers?: Readonly<Record<string, string>>
  /** Opened anew for each attempt. */
  readonly body?: () => Promise<Uint8Array | Readable>
  /** As in `repository:library/alpine:pull`. */
  readonly scopes: readonly string[]
  /** Statuses that are an answer; all others are errors. */
  readonly expect: readonly number[]
  /** What is being done, for messages: `pull docker.io/library/alpine:latest`. */
  readonly what: string
  readonly hint?: string
  readonly signal?: AbortSignal | undefined
}

/** An answer and the URL that gave it, after redirects. */
export interface Answer extends HttpAnswer {
  readonly url: URL
}

/** The way to one registry. */
export interface Session {
  /** One answer with an expected status; the caller reads or discards its body. Throws Transients: wrap in `retrying`. */
  once(call: Call): Promise<Answer>
  /** Runs work that makes calls until it succeeds or has failed too often. */
  retrying<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>
  /** A failure while a body was read, as an error about this registry; a Transient where another attempt may help. */
  broken(error: unknown, what: string, progress: boolean): Error
  readonly host: string
  /** After how many failures in a row nothing is tried any more. */
  readonly attempts: number
}

/** What a session works with. */
export interface SessionOptions {
  readonly host: string
  readonly transport: Transport
  readonly credentials: CredentialSource
  readonly insecure: boolean
  readonly tokenHosts: readonly string[]
  readonly retry: RetryOptions
}

const mostRedirects = 5
const longestError = 64 * 1024

/** A session with a registry. Nothing is sent before the first call. */
export function openSession(options: SessionOptions): Session {
  const { host, transport } = options
  let found: Promise<Base> | undefined
  const base = (): Promise<Base> => {
    found ??= locate(options).catch((error: unknown) => {
      found = undefined
      throw error
    })
    return found
  }
  const auth = createAuthorizer({ ...options, base })

  async function once(call: Call): Promise<Answer> {
    try {
      for (let attempt = 0; ; attempt++) {
        const { answer, sent } = await follow(call, await unlessCancelled(base(), call.signal), auth, transport)
        if (call.expect.includes(answer.status)) return answer
        const offer = answer.headers['www-authenticate']
        const own = answer.url.origin === (await base()).url.origin
        if (answer.status !== 401 || attempt > 0 || !own || offer === undefined)
          throw await refuse(call, answer, { auth, host, own })
        const body = await readBounded(answer.body, longestError, `registry "${host}"`)
        if (!(await auth.challenged(offer, call.scopes, sent, call.signal))) throw denied(call, body, auth, host)
      }
    } catch (error) {
      throwIfCancelled(call.signal)
      throw error instanceof ImgError || error instanceof Transient ? error : broken(error, call.what, false)
    }
  }

  function broken(error: unknown, what: string, progress: boolean): Error {
    if (error instanceof ImgError || error instanceof Transient) return error
    const { message, hint, transient } = explain(error)
    const failure = new ImgError('REGISTRY_UNREACHABLE', `cannot ${what}: registry "${host}": ${message}`, {
      hint,
      detail: { registry: host },
      cause: error,
    })
    return transient ? new Transient(failure, { progress }) : failure
  }

  return {
    host,
    attempts: options.retry.attempts,
    once,
    broken,
    retrying: (work, signal) => retry(work, options.retry, signal),
  }
}

interface Base {
  readonly url: URL
  readonly anyCertificate: boolean
  /** Nothing that the registry points to may be less public. */
  readonly floor: Scope
}

async function locate({ host, transport, insecure }: SessionOptions): Promise<Base> {
  const { url, anyCertificate } = await findRegistry(host, insecure, transport)
  const scope = await transport.scope(url)
  // storage on a private network behind a public registry is common, so only this machine is out of bounds
  return { url, anyCertificate, floor: scope === 0 ? 0 : 1 }
}

/** Sends a call and follows its redirects. Credentials go to the registry's own origin and nowhere else. */
async function follow(
  call: Call,
  base: Base,
  auth: Authorizer,
  transport: Transport,
): Promise<{ answer: Answer; sent: string | undefined }> {
  let url = typeof call.url === 'string' ? new URL(call.url, base.url) : call.url
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const own = url.origin === base.url.origin
    const authorization = own ? await auth.header(call.scopes, call.signal) : undefined
    const body = await call.body?.()
    const answer = await transport.request({
      method: call.method,
      url,
      headers: { ...call.headers, ...(authorization !== undefined && { authorization }) },
      ...(body !== undefined && { body }),
      ...(call.signal && { signal: call.signal }),
      floor: base.floor,
      anyCertificate: own && base.anyCertificate,
    })
    const location = answer.headers['location']
    const reads = call.method === 'GET' || call.method === 'HEAD'
    const redirected =
      (reads ? [301, 302, 303, 307, 308] : [307, 308]).includes(answer.status) && location !== undefined
    if (!redirected || call.expect.includes(answer.status)) return { answer: { ...answer, url }, sent: authorization }
    await discard(answer.body)
    url = nextUrl(location, url, base.url)
  }
  throw new ImgError('REGISTRY_ANSWER', `cannot ${call.what}: more than ${mostRedirects} redirects`)
}

async function refuse(
  call: Call,
  answer: Answer,
  from: { auth: Authorizer; host: string; own: boolean },
): Promise<Error> {
  const { auth, host, own } = from
  const body = await readBounded(answer.body, longestError, `registry "${host}"`).catch(() => new Uint8Array())
  const error = refusal({
    status: answer.status,
    body,
    what: call.what,
    host,
    hint: answer.status === 404 || auth.note() === undefined ? call.hint : auth.note(),
    redact: (text) => auth.redact(text),
  })
  // 501 says of a method that it will never be there
  const mayHelp = (answer.status >= 500 && answer.status !== 501) || answer.status === 429 || answer.status === 408
  if (mayHelp) return new Transient(error, { after: retryAfter(answer.headers['retry-after']) })
  // a signed URL that is no longer good: the registry gives a new one
  if (answer.status === 403 && !own) return new Transient(error)
  return error
}

function denied(call: Call, body: Uint8Array, auth: Authorizer, host: string): Error {
  return refusal({
    status: 401,
    body,
    what: call.what,
    host,
    hint: auth.note() ?? call.hint,
    redact: (text) => auth.redact(text),
  })
}
