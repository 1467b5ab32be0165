/** Sends a blob in one request, and the rest of it where that breaks off. Source: distribution-spec: Pushing blobs. */
import { Readable } from 'node:stream'
import { ImgError } from '../../error.ts'
import type { Descriptor } from '../../oci/types.ts'
import type { Io } from '../ports.ts'
import { discard } from './body.ts'
import { nextUrl } from './redirect.ts'
import { Transient, throwIfCancelled } from './retry.ts'
import type { Answer, Session } from './session.ts'

/** Opens a blob's bytes from the first; called anew for each attempt. */
export type OpenBlob = (io?: Io) => Promise<Readable | Iterable<Uint8Array>>

/** What to send. */
export interface UploadRequest {
  readonly repository: string
  readonly descriptor: Descriptor
  readonly open: OpenBlob
  readonly io?: Io | undefined
  /** A repository of the same registry that may have the blob, so that it need not be sent. A wrong one does no harm. */
  readonly from?: string | undefined
}

/**
 * Sends a blob. It is not asked whether the blob is there already; a mount is tried first where `from` says that it may work.
 *
 * @returns whether it was mounted instead of sent
 * @throws DIGEST_MISMATCH  the content has another size than its descriptor
 * @throws REGISTRY_REFUSED, REGISTRY_UNREACHABLE, REGISTRY_ANSWER
 */
export async function upload(session: Session, request: UploadRequest): Promise<'mounted' | 'uploaded'> {
  let open: Upload | undefined
  return session.retrying(async () => {
    const place = open ? await whereIs(session, request, open) : await start(session, request)
    if (place === 'mounted') return 'mounted'
    const progress = place.offset > (open?.offset ?? 0)
    open = place
    try {
      await send(session, request, place)
    } catch (error) {
      throwIfCancelled(request.io?.signal)
      throw error instanceof Transient ? new Transient(error.error, { after: error.after, progress }) : error
    }
    return 'uploaded'
  }, request.io?.signal)
}

/**
 * Asks the registry to take a blob from another of its repositories.
 * @returns false where it would rather have the bytes
 */
export async function mount(session: Session, request: Target): Promise<boolean> {
  return session.retrying(async () => {
    const place = await start(session, request)
    if (place === 'mounted') return true
    await session.once({ ...common(session, request), method: 'DELETE', url: place.url, expect: [204, 202, 200] }).then(
      ({ body }) => discard(body),
      () => {}, // an upload that nobody goes on with is the registry's to clean up
    )
    return false
  }, request.io?.signal)
}

/** An upload that has begun: where its next part goes, and how much of it is there. */
interface Upload {
  readonly url: URL
  readonly offset: number
}

type Target = Omit<UploadRequest, 'open'>

function common(session: Session, { repository, descriptor, io }: Target) {
  return {
    what: `push ${session.host}/${repository}@${descriptor.digest}`,
    scopes: [`repository:${repository}:pull,push`],
    signal: io?.signal,
  }
}

/** Begins an upload, or has the blob mounted. That `from` may not be read, or mounting is unknown, is no reason to fail. */
async function start(session: Session, request: Target): Promise<Upload | 'mounted'> {
  const { from, io } = request
  if (from === undefined) return post(session, request)
  try {
    return await post(session, request, from)
  } catch {
    throwIfCancelled(io?.signal)
    return post(session, request)
  }
}

async function post(session: Session, request: Target, from?: string): Promise<Upload | 'mounted'> {
  const { repository, descriptor } = request
  const { scopes, ...call } = common(session, request)
  const query = from === undefined ? '' : `?${new URLSearchParams({ mount: descriptor.digest, from })}`
  const answer = await session.once({
    ...call,
    method: 'POST',
    url: `/v2/${repository}/blobs/uploads/${query}`,
    scopes: from === undefined ? scopes : [...scopes, `repository:${from}:pull`],
    headers: { 'content-length': '0' },
    expect: [201, 202],
  })
  await discard(answer.body)
  return answer.status === 201 && from !== undefined ? 'mounted' : { url: place(answer, call.what), offset: 0 }
}

/** How much of a broken upload has arrived. An upload that the registry has forgotten starts again. */
async function whereIs(session: Session, request: UploadRequest, { url }: Upload): Promise<Upload | 'mounted'> {
  const call = { ...common(session, request), method: 'GET', url, expect: [204, 202, 404, 400, 405, 416] } as const
  const answer = await session.once(call)
  await discard(answer.body)
  if (answer.status !== 204 && answer.status !== 202) return start(session, request)
  const [, last] = /^(?:bytes=)?0-(\d+)$/.exec(answer.headers['range'] ?? '') ?? []
  const arrived = Number(last ?? 0) + 1
  // "0-0" is what some say of nothing, others of one byte
  if (arrived === 1 || arrived > request.descriptor.size) return start(session, request)
  return { url: answer.headers['location'] === undefined ? url : place(answer, call.what), offset: arrived }
}

/** One PUT with everything; or PATCH with the rest, and an empty PUT. */
async function send(session: Session, request: UploadRequest, { url, offset }: Upload): Promise<void> {
  const { descriptor } = request
  const call = { ...common(session, request), headers: { 'content-type': 'application/octet-stream' } }
  const rest = descriptor.size - offset
  const body = () => openFrom(request, offset)
  if (offset === 0) return finish(session, { ...call, body, length: rest }, url, descriptor)
  if (rest === 0) return finish(session, { ...call, length: 0 }, url, descriptor)
  const headers = {
    ...call.headers,
    'content-length': String(rest),
    'content-range': `${offset}-${descriptor.size - 1}`,
  }
  const answer = await session.once({ ...call, method: 'PATCH', url, headers, body, expect: [202, 204, 201] })
  await discard(answer.body)
  await finish(session, { ...call, length: 0 }, place(answer, call.what), descriptor)
}

type Part = Pick<Parameters<Session['once']>[0], 'what' | 'scopes' | 'signal' | 'body' | 'headers'> & {
  readonly length: number
}

async function finish(session: Session, { length, ...call }: Part, url: URL, { digest }: Descriptor): Promise<void> {
  const last = new URL(url)
  last.searchParams.set('digest', digest)
  const headers = { ...call.headers, 'content-length': String(length) }
  const answer = await session.once({ ...call, method: 'PUT', url: last, headers, expect: [201, 204, 202, 200] })
  await discard(answer.body)
}

function place(answer: Answer, what: string): URL {
  const location = answer.headers['location']
  if (location === undefined)
    throw new ImgError('REGISTRY_ANSWER', `cannot ${what}: the answer says not where the content goes`)
  return nextUrl(location, answer.url, answer.url)
}

async function openFrom({ open, descriptor, io, repository }: UploadRequest, offset: number): Promise<Readable> {
  const bytes = await open(io)
  const progress = {
    type: 'progress',
    id: descriptor.digest,
    name: `push ${repository}`,
    total: descriptor.size,
  } as const
  const report = (current: number) => io?.emit({ ...progress, current })
  return Readable.from(counted(bytes, offset, descriptor.size, report), {
    objectMode: false,
    highWaterMark: 256 * 1024,
  })
}

/** The bytes from `offset` on; content of another size than announced would corrupt the connection, so it ends here. */
async function* counted(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  offset: number,
  size: number,
  report: (current: number) => void,
): AsyncGenerator<Uint8Array> {
  const step = Math.max(1024 * 1024, Math.ceil(size / 100))
  let [at, next] = [0, 0]
  for await (const piece of bytes) {
    const skipped = Math.min(piece.byteLength, Math.max(0, offset - at))
    at += piece.byteLength
    if (at > size) throw wrongSize(at, size)
    if (skipped < piece.byteLength) yield skipped === 0 ? piece : piece.subarray(skipped)
    if (at < next) continue
    next = at + step
    report(at)
  }
  if (at !== size) throw wrongSize(at, size)
}

function wrongSize(actual: number, size: number): ImgError {
  return new ImgError(
    'DIGEST_MISMATCH',
    `the content to push has ${actual > size ? 'more than ' : ''}${Math.min(actual, size)} bytes; expected ${size}`,
  )
}
