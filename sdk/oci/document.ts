/** Reads JSON that others wrote: bounded, without duplicate keys, checked member by member. */
import { ImgError } from '../error.ts'

/** The longest manifest, index or config that is read, in bytes. Registries refuse manifests above 4 MiB. */
export const documentLimit = 4 * 1024 * 1024
const deepest = 64

/**
 * JSON text as a value.
 *
 * @param what  names the document in messages: `manifest of docker.io/library/alpine:latest`
 * @throws IMAGE_INVALID  too long, not UTF-8, not JSON, nested above 64 levels, or an object with a key twice
 */
export function parseJson(bytes: Uint8Array, what: string, limit = documentLimit): unknown {
  if (bytes.byteLength > limit) throw invalid(what, `it has ${bytes.byteLength} bytes; at most ${limit}`)
  const text = decode(bytes, what)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new ImgError('IMAGE_INVALID', `${what} is not JSON: it begins with ${quote(text.trimStart())}`, { cause })
  }
  checkKeys(text, what)
  return value
}

/** The error for a document that breaks its specification. `path` is where in it: `layers[2].size`. */
export function invalid(what: string, reason: string, hint?: string): ImgError {
  return new ImgError('IMAGE_INVALID', `${what} is invalid: ${reason}`, { hint })
}

/** A value shortened for a message. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

/** A member of a document: its value, and how to name it. Go writes an empty list or map as null, so null is absent. */
export interface Member {
  readonly what: string
  readonly path: string
  readonly value: unknown
}

/** An object's members. */
export type Members = Readonly<Record<string, unknown>>

/** The member `key` of an object that is at `at`. */
export function member(at: Member, key: string): Member {
  const value = members(at)[key]
  return { what: at.what, path: at.path === '' ? key : `${at.path}.${key}`, value: value === null ? undefined : value }
}

/** The value as an object. */
export function members(at: Member): Members {
  if (typeof at.value === 'object' && at.value !== null && !Array.isArray(at.value)) return at.value as Members
  throw wrong(at, 'an object')
}

/** The value as text. */
export function text(at: Member): string {
  if (typeof at.value === 'string') return at.value
  throw wrong(at, 'a string')
}

/** The value as a whole number from 0 to `most`. */
export function count(at: Member, most = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(at.value) && (at.value as number) >= 0 && (at.value as number) <= most)
    return at.value as number
  throw wrong(at, `a whole number from 0 to ${most}`)
}

/** Each element of a list, read. */
export function list<T>(at: Member, read: (element: Member) => T): readonly T[] {
  if (!Array.isArray(at.value)) throw wrong(at, 'a list')
  return at.value.map((value: unknown, i) => read({ what: at.what, path: `${at.path}[${i}]`, value }))
}

/** Each value of an object, read, under its key. */
export function map<T>(at: Member, read: (element: Member) => T): Readonly<Record<string, T>> {
  const entries = Object.entries(members(at))
  return Object.fromEntries(
    entries.map(([key, value]) => [key, read({ what: at.what, path: `${at.path}[${quote(key)}]`, value })]),
  )
}

/** The named members that are there, each read. Members that nobody asks for are left out. */
export function pick<T extends object>(
  at: Member,
  readers: { readonly [K in keyof T]: (element: Member) => T[K] },
): Partial<T> {
  const found = Object.entries(readers).flatMap(([key, read]) => {
    const element = member(at, key)
    return element.value === undefined ? [] : [[key, (read as (element: Member) => unknown)(element)]]
  })
  return Object.fromEntries(found) as Partial<T>
}

/** The error for a member of another type than the one expected. */
export function wrong({ what, path, value }: Member, expected: string): ImgError {
  const name = path === '' ? 'it' : path
  return invalid(what, value === undefined ? `${name} is missing` : `${name} is ${quote(value)}; expected ${expected}`)
}

function decode(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new ImgError('IMAGE_INVALID', `${what} is invalid: it is not UTF-8`, { cause })
  }
}

/**
 * Finds keys that an object has twice, which parsers disagree about, and absurd nesting.
 * The text is known to be JSON, so strings and brackets are all that matter.
 */
function checkKeys(text: string, what: string): void {
  const open: (Set<string> | undefined)[] = []
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === 0x7b || char === 0x5b) {
      open.push(char === 0x7b ? new Set() : undefined)
      if (open.length > deepest) throw invalid(what, `it is nested above ${deepest} levels`)
    }
    if (char === 0x7d || char === 0x5d) open.pop()
    if (char !== 0x22) continue
    const end = endOfString(text, i)
    const keys = open.at(-1)
    if (keys && isKey(text, end + 1)) addKey(keys, JSON.parse(text.slice(i, end + 1)) as string, what)
    i = end
  }
}

function addKey(keys: Set<string>, key: string, what: string): void {
  if (keys.has(key)) throw invalid(what, `the key ${quote(key)} is there twice`)
  keys.add(key)
}

/** The position of the closing quote: the next one that an even number of backslashes precedes. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let slash = end
    while (text.charCodeAt(slash - 1) === 0x5c) slash--
    if ((end - slash) % 2 === 0) return end
  }
}

/** Whether a colon is next, white space aside. */
function isKey(text: string, from: number): boolean {
  let i = from
  while (text.charCodeAt(i) <= 0x20) i++
  return text.charCodeAt(i) === 0x3a
}
