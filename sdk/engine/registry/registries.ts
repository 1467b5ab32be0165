/** Opens registries, one client for each host, all over one transport. */

import { createClient, type RegistryClient } from './client.ts'
import { type CredentialSource, loginCredentials } from './credentials.ts'
import { limited } from './limited.ts'
import { defaultRetry, type RetryOptions } from './retry.ts'
import { openSession } from './session.ts'
import { createTransport, type Transport } from './transport.ts'

/** How registries are reached. */
export interface RegistryOptions {
  /** Hosts (with port) that may speak plain http or show any certificate. Those on this machine may without being listed. */
  readonly insecure?: readonly string[] | undefined
  /** @default what `docker login` and `podman login` have left, and credential helpers */
  readonly credentials?: CredentialSource | undefined
  /** Token services that may see passwords though they are on another domain. @default IMGSDK_TOKEN_HOSTS, split at commas */
  readonly tokenHosts?: readonly string[] | undefined
  /** @default 6 attempts from 0.5 seconds up */
  readonly retry?: Partial<RetryOptions> | undefined
  /** @default a new one, with the defaults of `createTransport` */
  readonly transport?: Transport | undefined
}

/** All registries. */
export interface Registries {
  /** The client for a host as in references, the same one each time. */
  at(host: string): RegistryClient
  /** The transport underneath, for other downloads. */
  readonly transport: Transport
  /** Closes the connections. */
  close(): Promise<void>
}

/** As skopeo; registries slow down or refuse whoever asks for much more. */
const downloadsAtOnce = 6

/** Registries by host. Nothing is read or sent before it is needed. */
export function openRegistries(options: RegistryOptions = {}): Registries {
  const transport = options.transport ?? createTransport()
  const credentials = options.credentials ?? loginCredentials()
  const tokenHosts =
    options.tokenHosts ??
    (process.env['IMGSDK_TOKEN_HOSTS'] ?? '')
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean)
  const retry = { ...defaultRetry, ...options.retry }
  const clients = new Map<string, RegistryClient>()
  return {
    transport,
    at(host) {
      const known = clients.get(host)
      if (known) return known
      const insecure = options.insecure?.includes(host) ?? false
      const session = openSession({ host, transport, credentials, tokenHosts, retry, insecure })
      const client = limited(createClient(session), downloadsAtOnce)
      clients.set(host, client)
      return client
    },
    close: () => transport.close(),
  }
}

/** One registry. Where several are needed, `openRegistries` shares connections between them. */
export function openRegistry(host: string, options: RegistryOptions = {}): RegistryClient {
  return openRegistries(options).at(host)
}
