/** Canonical JSON: one text per value, so that a digest names it. */

/** JSON with sorted keys, no blanks, and no member whose value is undefined. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members: string[] = []
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key]
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`)
  }
  return `{${members.join(',')}}`
}

/** Whether two values have the same canonical JSON, found out without writing either. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return false
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
    return left.every((item, at) => sameJson(item, right[at]))
  }
  const [a, b] = [left as Record<string, unknown>, right as Record<string, unknown>]
  const missing = (of: Record<string, unknown>, key: string) => !Object.hasOwn(of, key) || of[key] === undefined
  return (
    Object.keys(a).every((key) => a[key] === undefined || (!missing(b, key) && sameJson(a[key], b[key]))) &&
    Object.keys(b).every((key) => b[key] === undefined || !missing(a, key))
  )
}
