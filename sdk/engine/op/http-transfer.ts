/** One download: redirects followed with care, broken transfers gone on with, endless ones cut off. */
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { ImgError } from '../../error.ts'
import type { Io } from '../ports.ts'
import { type Answer, failed, follow, type HttpTransport, type Target } from './http-follow.ts'

/** How to fetch it. */
export interface Settings {
  readonly transport: HttpTransport
  readonly io: Io
  readonly retry: { readonly attempts: number; readonly delay: number }
}

/** An answer whose body is the file. `mtime` in seconds, 0 where the server says nothing. */
export interface Download {
  readonly body: Readable
  readonly mtime: number
  readonly etag?: string
  /** Bytes, where the server says. */
  readonly length?: number
  readonly secure: boolean
}

/**
 * Asks for the file. `unchanged` when it still has the ETag given, whether the server understood the question or not.
 * @throws FETCH_FAILED, BUILD_CANCELLED
 */
export function open(target: Target, settings: Settings, etag?: string): Promise<Download | 'unchanged'> {
  return retrying(target, settings, async () => {
    const answer = await follow(target, settings, etag === undefined ? {} : { 'if-none-match': etag })
    if (
      etag !== undefined &&
      (answer.status === 304 || (answer.status === 200 && bare(answer.headers['etag']) === bare(etag)))
    ) {
      answer.body.destroy()
      return 'unchanged'
    }
    return downloadOf(answer)
  })
}

/** The file's bytes. Goes on where the transfer breaks off, if the server can and the file is still the same. */
export async function* body(
  first: Download,
  target: Target,
  settings: Settings & { readonly longest: number; readonly pinned: boolean },
): AsyncGenerator<Uint8Array> {
  const { io, longest, retry } = settings
  if (target.url.protocol === 'https:' && !first.secure && !settings.pinned) {
    first.body.destroy()
    throw failed(target, 'it redirects from https to http', 'fetch it from an https address, or pin it with --checksum')
  }
  let [at, answer, fruitless] = [0, first, 0]
  for (;;) {
    const before = at
    try {
      for await (const piece of answer.body as AsyncIterable<Uint8Array>) {
        at += piece.byteLength
        if (at > longest) throw failed(target, `it is longer than ${longest} bytes`)
        io.emit({
          type: 'progress',
          id: target.shown,
          name: target.shown,
          current: at,
          ...(first.length !== undefined && { total: first.length }),
        })
        yield piece
      }
      if (first.length === undefined || at >= first.length) return
      throw new Error('terminated')
    } catch (error) {
      cancelled(io)
      fruitless = at > before ? 1 : fruitless + 1
      if (error instanceof ImgError || fruitless >= retry.attempts || first.etag?.startsWith('"') !== true)
        throw asFailure(target, error instanceof ImgError ? error : settings.transport.explain(error))
      await pause(retry.delay * 2 ** (fruitless - 1), io)
      answer = await goOn(target, settings, first.etag, at)
    }
  }
}

async function goOn(target: Target, settings: Settings, etag: string, at: number): Promise<Download> {
  return retrying(target, settings, async () => {
    const answer = await follow(target, settings, { range: `bytes=${at}-`, 'if-range': etag })
    const [, start] = /^bytes (\d+)-/.exec(answer.headers['content-range'] ?? '') ?? []
    if (answer.status === 206 && Number(start) === at) return downloadOf(answer)
    answer.body.destroy()
    throw failed(target, `the transfer broke off at byte ${at}, and the server cannot go on there`)
  })
}

function downloadOf({ status, headers, body: bytes, url }: Answer): Download {
  const length = headers['content-length']
  const modified = Date.parse(headers['last-modified'] ?? '')
  const etag = headers['etag']
  return {
    body: bytes,
    mtime: Number.isNaN(modified) ? 0 : Math.floor(modified / 1000),
    secure: url.protocol === 'https:',
    ...(etag !== undefined && etag !== '' && { etag }),
    ...(status !== 206 && length !== undefined && /^\d{1,15}$/.test(length) && { length: Number(length) }),
  }
}

/** Milliseconds; a server that asks for more is given up. */
const longestWait = 60_000

async function retrying<T>(target: Target, { io, retry }: Settings, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      cancelled(io)
      return await work()
    } catch (error) {
      cancelled(io)
      const { transient, after = 0 } = error as { transient?: boolean; after?: number }
      if (transient !== true || attempt >= retry.attempts || after > longestWait) throw asFailure(target, error)
      await pause(Math.max(after, retry.delay * 2 ** (attempt - 1)), io)
    }
  }
}

/** Up to a quarter longer by chance, so that many clients do not come back together. */
async function pause(milliseconds: number, io: Io): Promise<void> {
  await sleep(milliseconds * (1 + Math.random() / 4), undefined, { signal: io.signal }).catch(() => cancelled(io))
}

function cancelled({ signal }: Io): void {
  if (signal.aborted) throw new ImgError('BUILD_CANCELLED', 'the download was interrupted', { cause: signal.reason })
}

/** Weak tags count here: a file that is the same in all but bytes is not what servers of files mean by them. */
const bare = (etag: string | undefined): string | undefined => etag?.replace(/^W\//, '')

function asFailure(target: Target, error: unknown): ImgError {
  if (error instanceof ImgError) return error
  const { message, hint, cause } = error as Error & { hint?: string }
  return cause instanceof ImgError ? cause : failed(target, message, hint, undefined, error)
}
