/** How public an address is: what an answer from outside may send us to. */
import { BlockList, isIP } from 'node:net'

/** 2 the Internet, 1 a private network, 0 this machine and its link (loopback, link-local, multicast, unspecified). */
export type Scope = 0 | 1 | 2

const near: readonly string[] = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4']
const nearSix: readonly string[] = ['::/128', '::1/128', 'fe80::/10', 'ff00::/8']
const inside: readonly string[] = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
]
const insideSix: readonly string[] = ['fc00::/7', 'fec0::/10']

const lists: readonly BlockList[] = [blockList(near, nearSix), blockList(inside, insideSix)]

/** The scope of an IP address, IPv4 inside IPv6 included. */
export function scopeOf(address: string): Scope {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (lists[0]!.check(address, family)) return 0
  return lists[1]!.check(address, family) ? 1 : 2
}

/** The host of a URL without brackets. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

/** Whether a host means this machine by its name alone: `localhost`, `*.localhost`, 127.0.0.0/8, ::1. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase()
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true
  return isIP(name) === 4 && name.startsWith('127.')
}

function blockList(four: readonly string[], six: readonly string[]): BlockList {
  const blocked = new BlockList()
  for (const subnet of four) {
    const [address = '', bits] = subnet.split('/')
    blocked.addSubnet(address, Number(bits), 'ipv4')
    // NAT64: what such a network sends on to the IPv4 address inside
    blocked.addSubnet(`64:ff9b::${address}`, 96 + Number(bits), 'ipv6')
  }
  for (const subnet of six) {
    const [address = '', bits] = subnet.split('/')
    blocked.addSubnet(address, Number(bits), 'ipv6')
  }
  return blocked
}
