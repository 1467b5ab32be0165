/** The /etc/hosts and /etc/resolv.conf that a RUN sees. Source: conformance D4.2.6. */
import { readFileSync } from 'node:fs'

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

/** The machine's own, as it is where the container shares its network; without the machine's local servers where not. */
export function resolvConf(sharesNetwork: boolean): string {
  const own = read('/etc/resolv.conf')
  if (sharesNetwork) return own
  const local = /^\s*nameserver\s+(127\.|::1\s*$)/
  const lines = own.split('\n')
  const real = onlyResolved(lines) ? read('/run/systemd/resolve/resolv.conf').split('\n') : lines
  return real.filter((line) => !local.test(line)).join('\n')
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
