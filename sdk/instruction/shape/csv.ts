/** One CSV record, as `--mount` has it. */

/** The fields; undefined where the record is malformed or empty. Source: Go, encoding/csv. */
export function readCsv(text: string): string[] | undefined {
  const line = text.replace(/\r?\n$/, '')
  if (line === '') return undefined
  const fields: string[] = []
  let at = 0
  while (true) {
    if (line[at] !== '"') {
      const comma = line.indexOf(',', at)
      const field = line.slice(at, comma < 0 ? line.length : comma)
      if (field.includes('"')) return undefined
      fields.push(field)
      if (comma < 0) return fields
      at = comma + 1
      continue
    }
    const close = closingQuote(line, at + 1)
    if (close < 0) return undefined
    fields.push(line.slice(at + 1, close).replaceAll('""', '"'))
    if (close + 1 === line.length) return fields
    if (line[close + 1] !== ',') return undefined
    at = close + 2
  }
}

function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 2)) if (line[at + 1] !== '"') return at
  return -1
}

/** A record of the fields. */
export function writeCsv(fields: readonly string[]): string {
  return fields.map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')
}
