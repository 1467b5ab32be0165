/** Streams a blob, going on by Range where a transfer breaks off. */
import { createHash, type Hash } from 'node:crypto'
import { Readable } from 'node:stream'
import { ImgError } from '../../error.ts'
import type { Descriptor } from '../../oci/types.ts'
import type { Io } from '../ports.ts'
import { discard, steady } from './body.ts'
import { Transient, throwIfCancelled } from './retry.ts'
import type { Answer, Session } from './session.ts'

/** What to fetch, and how. */
export interface BlobRequest {
  readonly repository: string
  readonly descriptor: Descriptor
  readonly io?: Io | undefined
  /** Check the digest while streaming; false where the reader does. The size is always checked. @default true */
  readonly verify?: boolean | undefined
}

/**
 * The blob's bytes. The first answer has come when this resolves, so what is not there fails here; later failures are the stream's.
 *
 * @throws IMAGE_NOT_FOUND, REGISTRY_REFUSED, REGISTRY_UNREACHABLE; DIGEST_MISMATCH from the stream
 */
export async function openBlob(session: Session, request: BlobRequest): Promise<Readable> {
  const { descriptor, io } = request
  const what = `pull ${session.host}/${request.repository}@${descriptor.digest}`
  const first = await session.retrying(() => open(session, request, what, 0), io?.signal)
  const stream = Readable.from(transfer(session, request, what, first), {
    objectMode: false,
    highWaterMark: 256 * 1024,
  })
  // a stream that is given up before it was read has not begun to own the answer
  return stream.once('close', () => first.body.destroy())
}

/** More breaks than this in one transfer are no accident. */
const mostBreaks = 100

async function* transfer(
  session: Session,
  request: BlobRequest,
  what: string,
  first: Answer,
): AsyncGenerator<Uint8Array> {
  const { descriptor, io } = request
  const state: State = { at: 0, hash: request.verify === false ? undefined : createHash('sha256') }
  const report = reporter(request, what)
  let answer = first
  let fruitless = 0
  for (let breaks = 0; ; breaks++) {
    const before = state.at
    try {
      for await (const piece of steady(answer.body)) {
        take(state, piece, descriptor, what)
        report(state.at)
        yield piece
      }
      if (state.at === descriptor.size) break
      throw new Error('terminated')
    } catch (error) {
      throwIfCancelled(io?.signal)
      fruitless = state.at > before ? 1 : fruitless + 1
      const failure = session.broken(error, what, false)
      if (!(failure instanceof Transient)) throw failure
      if (fruitless >= session.attempts || breaks >= mostBreaks) throw failure.error
      answer = await resume(session, request, { what, at: state.at, failure })
    }
  }
  check(state, descriptor, what)
}

interface State {
  at: number
  readonly hash: Hash | undefined
}

function take(state: State, piece: Uint8Array, { size }: Descriptor, what: string): void {
  state.at += piece.byteLength
  state.hash?.update(piece)
  if (state.at > size)
    throw new ImgError('DIGEST_MISMATCH', `cannot ${what}: it has more than the ${size} bytes promised`)
}

function check({ hash }: State, { digest }: Descriptor, what: string): void {
  const actual = hash && `sha256:${hash.digest('hex')}`
  if (actual !== undefined && actual !== digest) {
    throw new ImgError('DIGEST_MISMATCH', `cannot ${what}: what came has the digest ${actual}`, {
      detail: { expected: digest, actual },
    })
  }
}

interface Break {
  readonly what: string
  readonly at: number
  readonly failure: Transient
}

/** The rest of the blob. The break itself counts as the first attempt, so there is a pause before the next. */
async function resume(session: Session, request: BlobRequest, { what, at, failure }: Break): Promise<Answer> {
  let broken = true
  return session.retrying(async () => {
    if (!broken) return open(session, request, what, at)
    broken = false
    throw failure
  }, request.io?.signal)
}

async function open(
  session: Session,
  { repository, descriptor, io }: BlobRequest,
  what: string,
  offset: number,
): Promise<Answer> {
  const answer = await session.once({
    method: 'GET',
    url: `/v2/${repository}/blobs/${descriptor.digest}`,
    // identity: the digest is that of the bytes as they are stored
    headers: { 'accept-encoding': 'identity', ...(offset > 0 && { range: `bytes=${offset}-` }) },
    scopes: [`repository:${repository}:pull`],
    expect: [200, 206],
    what,
    signal: io?.signal,
  })
  // an error that comes when nobody reads any more is nobody's
  answer.body.on('error', () => {})
  if (offset === 0 && answer.status === 200) return answer
  if (answer.status === 206) {
    const [, start] = /^bytes (\d+)-/.exec(answer.headers['content-range'] ?? '') ?? []
    if (Number(start) === offset) return answer
    await discard(answer.body)
    throw new ImgError(
      'REGISTRY_ANSWER',
      `cannot ${what}: asked for bytes from ${offset}, got ${answer.headers['content-range'] ?? 'others'}`,
    )
  }
  return { ...answer, body: skip(answer.body, offset) }
}

/** A server that does not know Range sends everything again. */
function skip(body: Readable, offset: number): Readable {
  return Readable.from(
    (async function* () {
      let left = offset
      for await (const piece of body as AsyncIterable<Uint8Array>) {
        if (left < piece.byteLength) yield left === 0 ? piece : piece.subarray(left)
        left = Math.max(0, left - piece.byteLength)
      }
    })(),
    { objectMode: false },
  )
}

/** Tells how far a transfer is: a hundred times at most, and not more often than each MiB. */
function reporter({ descriptor: { digest, size }, io }: BlobRequest, name: string): (current: number) => void {
  const step = Math.max(1024 * 1024, Math.ceil(size / 100))
  let next = 0
  return (current) => {
    if (!io || (current < next && current !== size)) return
    next = current + step
    io.emit({ type: 'progress', id: digest, name, current, total: size })
  }
}
