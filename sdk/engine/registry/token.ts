/** Fetches one token from a token service. Source: Docker registry token authentication; OAuth 2 variant. */
import { ImgError } from '../../error.ts'
import type { Scope } from './address.ts'
import { readBounded } from './body.ts'
import type { Credentials } from './credentials.ts'
import { retryAfter, Transient } from './retry.ts'
import type { HttpAnswer, Transport } from './transport.ts'
import { explain } from './transport-error.ts'

/** A bearer token and when it stops to be of use, in milliseconds since the epoch. */
export interface Token {
  readonly token: string
  readonly until: number
}

/** What a token is asked for with. */
export interface TokenRequest {
  readonly transport: Transport
  readonly realm: URL
  readonly service: string | undefined
  readonly scopes: readonly string[]
  readonly credentials: Credentials | undefined
  /** The registry, for messages. */
  readonly host: string
  readonly floor: Scope
  readonly anyCertificate: boolean
}

const longestToken = 1024 * 1024
const patience = 60_000

/**
 * Asks for a token: by POST with a refresh token, else by GET, with the password where there is one.
 * Redirects are not followed: they would carry the password along.
 *
 * @throws REGISTRY_REFUSED, REGISTRY_ANSWER, REGISTRY_UNREACHABLE; the last inside a Transient where another attempt may help
 */
export async function fetchToken(request: TokenRequest): Promise<Token> {
  const { realm, host, transport, floor, anyCertificate, credentials } = request
  const service = `the token service "${realm.host}" of registry "${host}"`
  const signal = AbortSignal.timeout(patience)
  let answer: HttpAnswer
  let body: Uint8Array
  try {
    const send = credentials?.kind === 'identity' ? refresh(request, credentials.token) : ask(request)
    answer = await transport.request({ ...send, floor, anyCertificate, signal })
    body = await readBounded(answer.body, longestToken, service)
  } catch (error) {
    if (error instanceof ImgError) throw error
    const { message, hint, transient } = explain(error)
    const failure = new ImgError('REGISTRY_UNREACHABLE', `${service} does not answer: ${message}`, {
      hint,
      cause: error,
    })
    throw transient ? new Transient(failure) : failure
  }
  if (answer.status !== 200) throw refusal(service, answer, host, credentials !== undefined)
  return parse(body, service)
}

function ask({ realm, service, scopes, credentials }: TokenRequest) {
  const url = new URL(realm)
  if (service !== undefined) url.searchParams.set('service', service)
  for (const scope of scopes) url.searchParams.append('scope', scope)
  if (credentials?.kind !== 'password') return { method: 'GET' as const, url, headers: {} }
  const user = `${credentials.username}:${credentials.password}`
  return { method: 'GET' as const, url, headers: { authorization: `Basic ${Buffer.from(user).toString('base64')}` } }
}

function refresh({ realm, service, scopes }: TokenRequest, token: string) {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: token,
    client_id: 'imgsdk',
    scope: scopes.join(' '),
  })
  if (service !== undefined) form.set('service', service)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return { method: 'POST' as const, url: realm, headers, body: form.toString() }
}

function refusal(service: string, { status, headers }: HttpAnswer, host: string, named: boolean): Error {
  if (status >= 500 || status === 429) {
    const failure = new ImgError('REGISTRY_UNREACHABLE', `${service} answered ${status}`, { detail: { status } })
    return new Transient(failure, { after: retryAfter(headers['retry-after']) })
  }
  const hint = named ? `is the password still right? docker login ${host}` : `log in: docker login ${host}`
  return new ImgError('REGISTRY_REFUSED', `${service} gave no token: it answered ${status}`, {
    hint,
    detail: { status },
  })
}

/** The answer is `{ token | access_token, expires_in }`; a token is good for 60 seconds where nothing is said. */
function parse(body: Uint8Array, service: string): Token {
  let answer: { token?: unknown; access_token?: unknown; expires_in?: unknown }
  try {
    answer = JSON.parse(new TextDecoder().decode(body)) as typeof answer
  } catch {
    throw new ImgError('REGISTRY_ANSWER', `${service} gave an answer that is not JSON`)
  }
  const token = answer?.token || answer?.access_token
  // a header holds no line break; anything else in there would end up in our own requests
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new ImgError('REGISTRY_ANSWER', `${service} gave an answer without a token`)
  }
  const seconds = typeof answer.expires_in === 'number' && answer.expires_in > 0 ? answer.expires_in : 60
  return { token, until: Date.now() + seconds * 900 }
}
