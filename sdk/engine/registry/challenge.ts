/** Reads WWW-Authenticate, and decides which token services a registry may name. */
import { isIP } from 'node:net'

/** What a registry wants to see. Parameter names in lower case. Source: RFC 7235, 4.1; RFC 6750, 3. */
export interface Challenge {
  readonly scheme: 'basic' | 'bearer'
  readonly parameters: Readonly<Record<string, string>>
}

const longestHeader = 16 * 1024

/** The challenges that we can answer, in the order given. */
export function parseChallenges(header: string): readonly Challenge[] {
  const found: { scheme: string; parameters: Record<string, string> }[] = []
  const token = /([A-Za-z0-9!#$%&'*+.^_`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g
  const text = header.slice(0, longestHeader)
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [, name = '', quoted, plain] = match
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain
    if (value === undefined) found.push({ scheme: name.toLowerCase(), parameters: {} })
    else Object.assign(found.at(-1)?.parameters ?? {}, { [name.toLowerCase()]: value })
  }
  return found.filter(
    (challenge): challenge is Challenge => challenge.scheme === 'basic' || challenge.scheme === 'bearer',
  )
}

/** Domains under which strangers live side by side: having one of them in common means nothing. */
const shared = new Set(
  (
    'amazonaws.com azurecr.io azurewebsites.net windows.net cloudfront.net herokuapp.com github.io gitlab.io pages.dev workers.dev ' +
    'web.app run.app cloudfunctions.net appspot.com vercel.app netlify.app fly.dev onrender.com ngrok.io ngrok.app ' +
    'ngrok-free.app nip.io sslip.io duckdns.org'
  ).split(' '),
)

/** Registries whose token service has another name, known to be theirs. */
const known: readonly (readonly [registry: RegExp, service: string])[] = [
  [/(^|\.)scw\.cloud$/, 'api.scaleway.com'],
  [/(^|\.)redhat\.io$/, 'sso.redhat.com'],
]

/**
 * Whether a registry's password may go to a token service: its own host, a host of the same domain, or one that is known or listed.
 * Anything else would let a registry, or whoever answers in its place, have passwords sent where it likes.
 */
export function mayTrust(registry: string, service: string, listed: readonly string[]): boolean {
  const [a, b] = [registry.toLowerCase(), service.toLowerCase()]
  if (a === b || listed.includes(b)) return true
  if (isIP(a) !== 0 || isIP(b) !== 0) return false
  if (known.some(([form, name]) => form.test(a) && name === b)) return true
  const domain = domainOf(a)
  return domain !== undefined && domain === domainOf(b)
}

/** The part of a name that one owner has: its last two labels, or three under `co.uk` and its like. */
function domainOf(host: string): string | undefined {
  const labels = host.split('.')
  const secondLevel = labels.at(-1)?.length === 2 && (labels.at(-2)?.length ?? 0) <= 3
  const length = secondLevel ? 3 : 2
  const domain = labels.slice(-length).join('.')
  return labels.length < length || shared.has(labels.slice(-2).join('.')) ? undefined : domain
}
