/** Port specifications: `[[ip:]hostport:]port[-port][/proto]`. Source: Dockerfile reference, EXPOSE; conformance D4.7. */
import { ImgError } from '../../error.ts'

/** The `port/proto` entries that one specification means. An address and a host port are checked and dropped. Throws ARGUMENT_VALUE. */
export function parsePorts(spec: string): string[] {
  const pieces = spec.split(':')
  const container = pieces.at(-1)!
  const hostPort = pieces.length > 1 ? pieces.at(-2)! : ''
  const address = pieces.slice(0, -2).join(':')
  const slash = container.indexOf('/')
  const port = slash < 0 ? container : container.slice(0, slash)
  const proto = slash < 0 ? '' : container.slice(slash + 1)
  if (port === '') fail(spec, 'no port specified')
  if (!['', 'tcp', 'udp', 'sctp'].includes(proto.toLowerCase()))
    fail(spec, `invalid proto "${proto}"; expected tcp, udp or sctp`)
  // brackets with nothing between them are no address, which is none to check
  if (!['', '[]'].includes(address) && !isAddress(address.replace(/^\[(.*)\]$/, '$1')))
    fail(spec, `invalid IP address "${address}"`)
  const [first, last] = range(spec, port, 'containerPort')
  if (hostPort !== '') {
    const [hostFirst, hostLast] = range(spec, hostPort, 'hostPort')
    if (last - first !== hostLast - hostFirst && first !== last)
      fail(spec, `invalid ranges specified: ${port} and ${hostPort}`)
  }
  return Array.from({ length: last - first + 1 }, (_, n) => `${first + n}/${proto.toLowerCase() || 'tcp'}`)
}

function isAddress(text: string): boolean {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (v4) return v4.slice(1).every((part) => Number(part) <= 255 && !/^0\d/.test(part))
  // of other characters some would end the host, and so the address
  return /^[0-9a-f.]*:[0-9a-f:.]*$/i.test(text) && URL.canParse(`http://[${text}]/`)
}

function range(spec: string, text: string, what: string): [number, number] {
  const dash = text.indexOf('-')
  const ends = dash < 0 ? [text, text] : [text.slice(0, dash), text.slice(dash + 1)]
  const [first, last] = ends.map((end) => {
    if (!/^(?:\+?[0-9]+|-0+)$/.test(end) || Number(end) > 65535)
      fail(spec, `invalid ${what} "${text}"; expected 0 to 65535, or a range`)
    return Math.abs(Number(end))
  }) as [number, number]
  if (last < first) fail(spec, `invalid ${what} "${text}"; the range descends`)
  return [first, last]
}

function fail(spec: string, why: string): never {
  throw new ImgError('ARGUMENT_VALUE', `EXPOSE "${spec}": ${why}`, { hint: 'write ports as 80, 53/udp or 8000-8010' })
}
