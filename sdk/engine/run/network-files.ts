/** The /etc/hosts and /etc/resolv.conf that a RUN sees. Source: conformance D4.2.6. */
import { readFileSync } from 'node:fs'

/** The name of the machine that a RUN sees. */
export const defaultHostname = 'buildkitsandbox'

/** @param extra  further names, from `--add-host` */
export function hosts(hostname: string, extra: readonly { readonly Host: string; readonly IP: string }[]): string {
  const lines = [
    `127.0.0.1\tlocalhost ${hostname}`,
    '::1\tlocalhost ip6-localhost ip6-loopback',
    ...extra.map(({ Host, IP }) => `${IP}\t${Host}`),
  ]
  return lines.join('\n') + '\n'
}

/**
 * The machine's own, as it is where the container shares its network; without the machine's local servers where it does not.
 *
 * @param network  `shared`, `none`, or the address of a name server for a network that reaches no local ones
 */
export function resolvConf(network: 'shared' | 'none' | { readonly nameserver: string }): string {
  const own = read('/etc/resolv.conf')
  if (network === 'shared') return own
  const lines = own.split('\n')
  const real = onlyResolved(lines) ? read('/run/systemd/resolve/resolv.conf').split('\n') : lines
  const kept = real.filter((line) => !/^\s*nameserver\s+(127\.|::1\s*$)/.test(line))
  const reachable = network === 'none' || kept.some((line) => /^\s*nameserver\s/.test(line))
  return (reachable ? kept : [`nameserver ${network.nameserver}`, ...kept]).join('\n')
}

function onlyResolved(lines: readonly string[]): boolean {
  const servers = lines.filter((line) => /^\s*nameserver\s/.test(line))
  return servers.length === 1 && /\s127\.0\.0\.53\s*$/.test(servers[0]!)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
