/** Decides where a Location may lead. */
import { ImgError } from '../../error.ts'
import { bareHost, isLoopback } from './address.ts'

/**
 * Where a Location leads. An https registry may not send us to http; behind a proxy that ends TLS many name their own host so by
 * mistake, and mean https.
 *
 * @throws REGISTRY_ANSWER
 */
export function nextUrl(location: string, from: URL, registry: URL): URL {
  if (!URL.canParse(location, from.href))
    throw new ImgError('REGISTRY_ANSWER', `registry "${registry.host}" redirects to something that is no URL`)
  const url = new URL(location, from)
  if (url.protocol === 'http:' && registry.protocol === 'https:' && url.hostname === registry.hostname) {
    url.protocol = 'https:'
    if (url.port === '80') url.port = registry.port
  }
  const downgraded = url.protocol === 'http:' && from.protocol === 'https:'
  if (downgraded || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new ImgError(
      'REGISTRY_ANSWER',
      `registry "${registry.host}" redirects to ${url.protocol}//${url.host}, which is not safe to follow`,
    )
  }
  if (isLoopback(bareHost(url)) && !isLoopback(bareHost(registry))) {
    throw new ImgError('REGISTRY_ANSWER', `registry "${registry.host}" redirects to this machine ("${url.host}")`)
  }
  return url
}
