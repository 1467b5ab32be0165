/** Proves who we are to one registry: nothing, Basic, or tokens from its token service, each fetched once and kept while valid. */
import { ImgError } from '../../error.ts'
import { bareHost, isLoopback, type Scope } from './address.ts'
import { type Challenge, mayTrust, parseChallenges } from './challenge.ts'
import type { CredentialSource, Credentials, Lookup } from './credentials.ts'
import { unlessCancelled } from './retry.ts'
import { fetchToken, type Token } from './token.ts'
import type { Transport } from './transport.ts'

/** Gives and renews the Authorization header for one registry. Scopes as in `repository:library/alpine:pull`. */
export interface Authorizer {
  /** The header for these scopes, as far as is known without a challenge having been seen. */
  header(scopes: readonly string[], signal?: AbortSignal): Promise<string | undefined>
  /** Takes a 401's challenges; whether there is something new to try. */
  challenged(
    header: string,
    scopes: readonly string[],
    sent: string | undefined,
    signal?: AbortSignal,
  ): Promise<boolean>
  /** Why there may be no credentials, for the hint of a refusal. */
  note(): string | undefined
  /** Replaces every secret that this authorizer knows. */
  redact(text: string): string
}

/** What an authorizer works with. */
export interface AuthOptions {
  /** As in references: `docker.io`, `localhost:5000`. */
  readonly host: string
  readonly transport: Transport
  readonly credentials: CredentialSource
  /** Where the registry itself is, once that is known. */
  readonly base: () => Promise<{ readonly url: URL; readonly anyCertificate: boolean; readonly floor: Scope }>
  /** Hosts of token services that may see the password though they are not the registry's own. */
  readonly tokenHosts: readonly string[]
}

/** An authorizer. Source: distribution-spec; Docker registry token authentication. */
export function createAuthorizer(options: AuthOptions): Authorizer {
  const tokens = new Map<string, Promise<Token>>()
  const secrets = new Set<string>()
  let challenge: Challenge | undefined
  /** By repository: a login may be for a namespace only. */
  const lookups = new Map<string, Promise<Lookup>>()
  let note: string | undefined

  async function credentials(scopes: readonly string[]): Promise<Credentials | undefined> {
    const repository = /^repository:(.+):/.exec(scopes[0] ?? '')?.[1] ?? ''
    const lookup = lookups.get(repository) ?? options.credentials(options.host, repository || undefined)
    lookups.set(repository, lookup)
    const found = await lookup
    note = found.note
    for (const secret of secretsOf(found.credentials)) secrets.add(secret)
    return found.credentials
  }

  /** The token for these scopes: whoever asks first fetches it, the others wait for that. */
  async function token(scopes: readonly string[]): Promise<Token> {
    const key = keyOf(scopes)
    for (;;) {
      const kept = tokens.get(key)
      if (!kept) {
        const fresh = acquire(scopes)
        tokens.set(key, fresh)
        fresh.catch(() => forget(key, fresh))
        return fresh
      }
      const value = await kept
      if (value.until > Date.now()) return value
      forget(key, kept)
    }
  }

  function forget(key: string, token: Promise<Token>): void {
    if (tokens.get(key) === token) tokens.delete(key)
  }

  async function acquire(scopes: readonly string[]): Promise<Token> {
    const { url, anyCertificate, floor } = await options.base()
    const who = await credentials(scopes)
    const realm = realmOf(challenge!, url, who !== undefined, options)
    const fresh = await fetchToken({
      transport: options.transport,
      realm,
      service: challenge!.parameters['service'],
      scopes,
      credentials: who,
      host: options.host,
      floor,
      anyCertificate: anyCertificate && bareHost(realm) === bareHost(url),
    })
    secrets.add(fresh.token)
    return fresh
  }

  async function header(scopes: readonly string[]): Promise<string | undefined> {
    if (!challenge) return undefined
    const who = await credentials(scopes)
    if (who?.kind === 'bearer') return `Bearer ${who.token}`
    if (challenge.scheme === 'bearer') return `Bearer ${(await token(scopes)).token}`
    return who?.kind === 'password' ? `Basic ${basic(who)}` : undefined
  }

  return {
    header: (scopes, signal) => unlessCancelled(header(scopes), signal),
    async challenged(text, scopes, sent, signal) {
      const offers = parseChallenges(text)
      const next = offers.find(({ scheme }) => scheme === 'bearer') ?? offers[0]
      if (!next) return false
      challenge = next
      // what was sent is refused, so it is of no more use; unless somebody else has replaced it already
      const kept = tokens.get(keyOf(scopes))
      if (kept && `Bearer ${(await kept.catch(() => undefined))?.token}` === sent) forget(keyOf(scopes), kept)
      const fresh = await unlessCancelled(header(scopes), signal)
      return fresh !== undefined && fresh !== sent
    },
    note: () => note,
    redact(text) {
      const known = [...secrets].filter((secret) => secret.length > 3)
      return known.reduce((clean, secret) => clean.replaceAll(secret, '***'), text)
    },
  }
}

const keyOf = (scopes: readonly string[]): string => [...scopes].sort().join(' ')

const basic = ({ username, password }: { username: string; password: string }): string =>
  Buffer.from(`${username}:${password}`).toString('base64')

function secretsOf(who: Credentials | undefined): readonly string[] {
  if (!who) return []
  return who.kind === 'password' ? [who.password, basic(who)] : [who.token]
}

/** The token service's address, unless asking there could give something away. */
function realmOf(challenge: Challenge, registry: URL, withPassword: boolean, { host, tokenHosts }: AuthOptions): URL {
  const text = challenge.parameters['realm'] ?? ''
  const realm = URL.canParse(text) ? new URL(text) : undefined
  if (
    !realm ||
    (realm.protocol !== 'https:' && realm.protocol !== 'http:') ||
    realm.username !== '' ||
    realm.password !== ''
  ) {
    throw new ImgError('REGISTRY_ANSWER', `registry "${host}" names no token service that can be asked`)
  }
  const service = bareHost(realm)
  const sameHost = service === bareHost(registry)
  if (realm.protocol === 'http:' && !(registry.protocol === 'http:' && (sameHost || isLoopback(service)))) {
    throw refused(host, service, 'without encryption', 'tell the people who run the registry')
  }
  if (withPassword && !mayTrust(bareHost(registry), service, tokenHosts)) {
    throw refused(host, service, 'which is not its own', `if that is right, add ${service} to IMGSDK_TOKEN_HOSTS`)
  }
  return realm
}

function refused(host: string, service: string, why: string, hint: string): ImgError {
  return new ImgError('REGISTRY_REFUSED', `registry "${host}" wants credentials sent to "${service}", ${why}`, { hint })
}
