/** One line of comma-separated values, for option values that hold commas themselves. */
import { ImgError } from '../error.ts'

/**
 * The fields of a line. One that starts with `"` runs to the closing quote, `""` in it is one quote: `type=oci,"name=a,b"`.
 * @throws USAGE  a quote that is not closed, or stands elsewhere
 * @source RFC 4180; Go's encoding/csv, which buildx reads options with
 */
export function splitCsv(line: string): string[] {
  const fields: string[] = []
  for (let at = 0; at <= line.length; ) {
    const quoted = line[at] === '"'
    const end = quoted ? closingQuote(line, at) : fieldEnd(line, at)
    const field = line.slice(quoted ? at + 1 : at, end)
    if (!quoted && field.includes('"')) throw malformed(line, 'a quote in the middle of a field')
    fields.push(quoted ? field.replaceAll('""', '"') : field)
    const next = quoted ? end + 1 : end
    if (next < line.length && line[next] !== ',') throw malformed(line, 'text after a closing quote')
    at = next + 1
  }
  return fields
}

function fieldEnd(line: string, from: number): number {
  const comma = line.indexOf(',', from)
  return comma < 0 ? line.length : comma
}

function closingQuote(line: string, start: number): number {
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] !== '"') continue
    if (line[at + 1] !== '"') return at
    at++
  }
  throw malformed(line, 'a quote that is not closed')
}

function malformed(line: string, reason: string): ImgError {
  return new ImgError('USAGE', `"${line}" has ${reason}`, { hint: 'quote a whole field: "name=a,b"' })
}
