/** `http://` and `https://` sources: one file, fetched once, asked for again only by its ETag. Source: D6.74 to D6.76. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { Readable } from 'node:stream'
import { ImgError } from '../../error.ts'
import { type Checksum, type Digest, digestOf, isChecksum, isDigest } from '../../oci/digest.ts'
import type { SourceOp } from '../../plan/op.ts'
import type { BlobStore, Io, Records, Secrets } from '../ports.ts'
import type { HttpTransport, Target } from './http-follow.ts'
import { body, open } from './http-transfer.ts'

/** A file that was fetched. It is one of the store's blobs. */
export interface HttpFile {
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly digest: Digest
  /** Seconds: the server's Last-Modified, else 0. */
  readonly mtime: number
  /** The bytes, in pieces. */
  content(): Iterable<Uint8Array>
}

/** What fetching needs. */
export interface HttpParts {
  readonly store: { readonly blobs: BlobStore & { path(digest: Digest): string }; readonly records: Records }
  /** `openRegistries(…).transport`. */
  readonly transport: HttpTransport
  readonly secrets?: Secrets | undefined
  /** Bytes; a longer file is refused. @default 64 GiB */
  readonly longest?: number | undefined
  /** Attempts in all, and milliseconds before the second; it doubles with each. @default 4 and 500 */
  readonly retry?: { readonly attempts: number; readonly delay: number } | undefined
}

/** What is remembered of a file. */
interface Known {
  readonly digest: Digest
  readonly size: number
  readonly mtime: number
  readonly etag?: string
  /** A checksum of a longer hash that it was found to have. */
  readonly checked?: Checksum
}

const kind = 'http'

/**
 * Fetches the file of a source op. With `http.checksum`, a file that is in the store is not asked for again; without, the server is
 * asked whether it has changed, where it gave an ETag.
 *
 * @throws FETCH_FAILED  status, redirect, address, checksum or length; nothing is kept
 * @throws BUILD_CANCELLED
 */
export async function fetchFile(op: SourceOp, parts: HttpParts, io: Io): Promise<HttpFile> {
  const { blobs, records } = parts.store
  const checksum = checksumOf(op)
  const target = await targetOf(op, parts)
  const key = digestOf(JSON.stringify([op.identifier, op.attrs?.['http.authheadersecret'] ?? '', target.accept ?? '']))
  const known = await records.get<Known>(kind, key)
  const kept = known && (await blobs.has(known.digest)) ? known : undefined
  if (kept && checksum !== undefined && (kept.digest === checksum || kept.checked === checksum))
    return fileOf(kept, blobs)

  const settings = { transport: parts.transport, io, retry: parts.retry ?? { attempts: 4, delay: 500 } }
  const answer = await open(target, settings, checksum ? undefined : kept?.etag)
  if (answer === 'unchanged') return fileOf(kept!, blobs)
  const pieces = body(answer, target, {
    ...settings,
    longest: parts.longest ?? 64 * 2 ** 30,
    pinned: checksum !== undefined,
  })
  const { digest, size } = await keep(blobs, pieces, { checksum, url: target.shown }, io)
  const fresh: Known = {
    digest,
    size,
    mtime: answer.mtime,
    ...(answer.etag !== undefined && { etag: answer.etag }),
    ...(checksum !== undefined && checksum !== digest && { checked: checksum }),
  }
  await records.put(kind, key, fresh)
  return fileOf(fresh, blobs)
}

async function keep(
  blobs: BlobStore,
  pieces: AsyncIterable<Uint8Array>,
  { checksum, url }: { checksum: Checksum | undefined; url: string },
  io: Io,
): Promise<{ digest: Digest; size: number }> {
  const longer = checksum === undefined || isDigest(checksum) ? undefined : checksum
  const expected = checksum === undefined || longer !== undefined ? {} : { digest: checksum as Digest }
  const bytes = longer === undefined ? pieces : checking(pieces, longer)
  return blobs.put(Readable.from(bytes, { objectMode: false }), expected, io).catch((error: unknown) => {
    if (!(error instanceof ImgError) || error.code !== 'DIGEST_MISMATCH') throw error
    throw new ImgError('FETCH_FAILED', `digest mismatch for ${url}: ${error.message}`, {
      hint: 'correct --checksum, if the new content is right',
      detail: { expected: checksum },
      cause: error,
    })
  })
}

/** The pieces, and at their end a refusal where their hash is another: the store itself knows only sha256. */
async function* checking(pieces: AsyncIterable<Uint8Array>, checksum: Checksum): AsyncGenerator<Uint8Array> {
  const [algorithm] = checksum.split(':') as [string]
  const hash = createHash(algorithm)
  for await (const piece of pieces) {
    hash.update(piece)
    yield piece
  }
  const found = `${algorithm}:${hash.digest('hex')}`
  if (found !== checksum) throw new ImgError('DIGEST_MISMATCH', `expected ${checksum}, found ${found}`)
}

function checksumOf({ identifier, attrs }: SourceOp): Checksum | undefined {
  const text = attrs?.['http.checksum']
  if (text === undefined || isChecksum(text)) return text
  throw new ImgError(
    'FETCH_FAILED',
    `"${text.slice(0, 150)}" is no checksum of ${identifier}; expected sha256:, sha384: or sha512: and hexadecimal digits`,
  )
}

/** The address, and the credentials that are secrets named after its host. */
async function targetOf({ identifier, attrs }: SourceOp, { secrets }: HttpParts): Promise<Target> {
  if (!URL.canParse(identifier)) throw new ImgError('FETCH_FAILED', `"${identifier}" is not a URL`)
  const url = new URL(identifier)
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  const basic = url.username === '' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`
  url.username = ''
  url.password = ''
  url.hash = ''
  const authorization = (await secretHeader(url, attrs?.['http.authheadersecret'], secrets)) ?? basic
  const accept = attrs?.['http.header.accept']
  return {
    url,
    // a query may hold a signature
    shown: `${url.origin}${url.pathname}`,
    ...(authorization !== undefined && { authorization }),
    ...(accept !== undefined && { accept }),
  }
}

async function secretHeader(
  url: URL,
  name: string | undefined,
  secrets: Secrets | undefined,
): Promise<string | undefined> {
  const read = async (id: string) => {
    const bytes = await secrets?.get(id)
    return bytes && new TextDecoder().decode(bytes).trim()
  }
  if (name !== undefined) {
    const value = await read(name)
    if (value !== undefined) return value
    throw new ImgError('FETCH_FAILED', `there is no secret "${name}" to fetch ${url.origin}${url.pathname} with`)
  }
  const token = await read(`HTTP_AUTH_TOKEN_${url.hostname}`)
  return token === undefined ? read(`HTTP_AUTH_HEADER_${url.hostname}`) : `Bearer ${token}`
}

function fileOf({ digest, size, mtime }: Known, blobs: { path(digest: Digest): string }): HttpFile {
  const path = blobs.path(digest)
  return { path, size, digest, mtime, content: () => read(path) }
}

function* read(path: string): Iterable<Uint8Array> {
  const file = openSync(path, 'r')
  try {
    for (;;) {
      const piece = Buffer.allocUnsafe(1 << 20)
      const count = readSync(file, piece)
      if (count === 0) return
      yield piece.subarray(0, count)
    }
  } finally {
    closeSync(file)
  }
}
