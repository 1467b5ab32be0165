/**
 * URLs as Go's `net/url` takes them apart: which texts are none, and how they are spelled again. The names of fetched files
 * and of repositories come from it. Works on the bytes of UTF-8, each as a character; members are text again.
 */

/** A URL with an authority, taken apart; `host` and `path` are decoded. */
export interface GoUrl {
  readonly scheme: string
  readonly host: string
  readonly path: string
  /** In order, decoded; what is malformed is left out. */
  readonly query: readonly (readonly [name: string, value: string])[]
  readonly fragment: string
  /** Spelled again, without query and fragment. */
  readonly plain: string
}

const unreserved = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~'
const inUser = `${unreserved}$&+,;=`
const inHost = `${unreserved}!$&'()*+,;=:[]<>"`
const inPath = `${unreserved}$&+,/:;=@`

/** The URL `scheme://…` that a text is; undefined where Go finds it malformed. Source: Go 1.26, net/url, Parse. */
export function parseGoUrl(text: string): GoUrl | undefined {
  const bytes = Buffer.from(text, 'utf8').toString('latin1')
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(bytes)
  if (!match || hasControl(bytes.split('#', 1)[0]!)) return undefined
  const [, name, authority, rawPath, query = '', rawFragment = ''] = match as unknown as [
    string,
    string,
    string,
    string,
  ]
  const scheme = name.toLowerCase()
  const at = authority.lastIndexOf('@')
  const host = hostOf(authority.slice(at + 1), scheme)
  const user = at < 0 ? '' : userOf(authority.slice(0, at))
  const [path, fragment] = [unescape(rawPath), unescape(rawFragment)]
  if (host === undefined || user === undefined || path === undefined || fragment === undefined) return undefined
  const written = isValidPath(rawPath) ? rawPath : escape(path, inPath)
  const [rest] = bytes.split('#', 1)
  // A question mark with nothing behind it stays.
  const mark = query === '' && rest!.endsWith('?') ? '?' : ''
  const slashes = host !== '' || path !== '' || at >= 0 ? '//' : ''
  return {
    scheme,
    host: toText(host),
    path: toText(path),
    query: parseQuery(query),
    fragment: toText(fragment),
    plain: toText(`${scheme}:${slashes}${at < 0 ? '' : `${user}@`}${escape(host, inHost)}${written}${mark}`),
  }
}

/** The members of a query; what is malformed is left out. */
export function parseQuery(query: string): [name: string, value: string][] {
  return query.split('&').flatMap((member): [string, string][] => {
    const equals = member.indexOf('=')
    const [name, value] = equals < 0 ? [member, ''] : [member.slice(0, equals), member.slice(equals + 1)]
    const plain = [name, value].map((part) => unescape(part.replaceAll('+', ' ')))
    if (member === '' || member.includes(';') || plain.includes(undefined)) return []
    return [[toText(plain[0]!), toText(plain[1]!)]]
  })
}

/** Whether every member of a query is well formed. */
export function isQuery(query: string): boolean {
  return query.split('&').every((member) => !member.includes(';') && unescape(member) !== undefined)
}

function hostOf(host: string, scheme: string): string | undefined {
  const open = host.lastIndexOf('[')
  if (open > 0) return undefined
  if (open === 0) {
    const close = host.lastIndexOf(']')
    const address = close < 0 ? undefined : addressOf(host.slice(1, close))
    const port = host.slice(close + 1)
    return address === undefined || !isPort(port) ? undefined : `[${address}]${port}`
  }
  const first = host.indexOf(':')
  const last = host.lastIndexOf(':')
  const colon = scheme === 'http' || scheme === 'https' ? first : last
  if (colon >= 0 && !isPort(host.slice(colon))) return undefined
  return unescapeHost(host)
}

function addressOf(text: string): string | undefined {
  const zone = text.indexOf('%25')
  const address = unescapeHost(zone < 0 ? text : text.slice(0, zone))
  const plain = zone < 0 ? '' : unescape(text.slice(zone))
  if (address === undefined || plain === undefined || !URL.canParse(`http://[${address}]`)) return undefined
  return zone >= 0 && plain.length < 2 ? undefined : address + plain
}

function isPort(text: string): boolean {
  return /^(?::[0-9]*)?$/.test(text)
}

// In a host only bytes beyond ASCII, and the percent sign itself, may be escaped.
function unescapeHost(text: string): string | undefined {
  for (const [code] of text.matchAll(/%../gs)) if (!/^%(?:[89a-f]|25)/i.test(code)) return undefined
  for (const char of text) if (char < '\x80' && char !== '%' && !inHost.includes(char)) return undefined
  return unescape(text)
}

function userOf(text: string): string | undefined {
  if (!/^[A-Za-z0-9._:~!$&'()*+,;=%@-]*$/.test(text)) return undefined
  const colon = text.indexOf(':')
  const parts = (colon < 0 ? [text] : [text.slice(0, colon), text.slice(colon + 1)]).map(unescape)
  return parts.includes(undefined) ? undefined : parts.map((part) => escape(part!, inUser)).join(':')
}

function isValidPath(path: string): boolean {
  return [...path].every((char) => inPath.includes(char) || "!'()*[]%".includes(char))
}

function unescape(text: string): string | undefined {
  if (/%(?![0-9a-f]{2})/i.test(text)) return undefined
  return text.replace(/%(..)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}

function escape(text: string, allowed: string): string {
  const code = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  return [...text].map((char) => (allowed.includes(char) ? char : code(char))).join('')
}

function hasControl(bytes: string): boolean {
  return [...bytes].some((char) => char < ' ' || char === '\x7f')
}

/** The text that bytes are; bytes that are not UTF-8 give a text that is not well formed, as Go would keep them. */
function toText(bytes: string): string {
  const text = Buffer.from(bytes, 'latin1').toString('utf8')
  const same = !text.includes('\ufffd') || Buffer.from(text, 'utf8').toString('latin1') === bytes
  return same ? text : text.replaceAll('\ufffd', '\udcff')
}
