/** The few calls of the Docker Engine API that handing over an image takes, over a Unix socket. */
import { type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ImgError } from '../error.ts'
import type { Digest } from '../oci/digest.ts'

const answerLimit = 64 * 2 ** 20

/** A docker daemon. All members throw EXPORT_FAILED. */
export interface DockerApi {
  /** Whether images are kept by containerd, not by the daemon's own graph drivers. */
  usesContainerd(): Promise<boolean>
  /** The diff IDs of each image that is there, or of the one with that ID; nothing where it is not. */
  layersOf(id: Digest): Promise<readonly string[] | undefined>
  images(): Promise<readonly Digest[]>
  tag(id: Digest, repository: string, tag: string): Promise<void>
  load(archive: AsyncIterable<Uint8Array>): Promise<void>
}

/** The API behind a socket. */
export function dockerApi(socket: string, signal: AbortSignal): DockerApi {
  const call = (method: string, path: string, body?: AsyncIterable<Uint8Array>) =>
    send({ socket, method, path, body, signal })
  return {
    async usesContainerd() {
      const info = await json<{ DriverStatus?: readonly (readonly string[])[] }>(call('GET', '/info'), 'info')
      return info.DriverStatus?.some((pair) => pair[1]?.startsWith('io.containerd.')) ?? false
    },
    async layersOf(id) {
      const answer = await call('GET', `/images/${id}/json`)
      if (answer.status === 404) return undefined
      const image = await json<{ RootFS?: { Layers?: readonly string[] } }>(Promise.resolve(answer), 'inspect')
      return image.RootFS?.Layers ?? []
    },
    async images() {
      const list = await json<readonly { Id: Digest }[]>(call('GET', '/images/json'), 'list images')
      return list.map(({ Id }) => Id)
    },
    async tag(id, repository, tag) {
      const answer = await call('POST', `/images/${id}/tag?${new URLSearchParams({ repo: repository, tag })}`)
      if (answer.status !== 201) throw refusal('tag the image', answer)
    },
    async load(archive) {
      const answer = await call('POST', '/images/load?quiet=1', archive)
      // The status is 200 also where loading fails: then a line of the answer says so.
      const error = answer.text.split('\n').flatMap(errorOf)[0]
      if (answer.status !== 200 || error !== undefined) throw refusal('load the image', answer, error)
    },
  }
}

interface Call {
  readonly socket: string
  readonly method: string
  readonly path: string
  readonly body: AsyncIterable<Uint8Array> | undefined
  readonly signal: AbortSignal
}

interface Answer {
  readonly status: number
  readonly text: string
}

async function send({ socket, method, path, body, signal }: Call): Promise<Answer> {
  const headers = { host: 'docker', ...(body && { 'content-type': 'application/x-tar' }) }
  const outgoing = request({ socketPath: socket, method, path, headers, signal })
  const answered = new Promise<IncomingMessage>((done, fail) => outgoing.once('response', done).once('error', fail))
  let bodyFailure: unknown
  const sending = body
    ? pipeline(Readable.from(body, { objectMode: false }), outgoing).catch((error: unknown) => {
        bodyFailure = error
      })
    : outgoing.end()
  try {
    const answer = await read(await answered)
    await sending
    // What reading the image threw says more than that the request was cut off.
    if (bodyFailure instanceof ImgError) throw bodyFailure
    return answer
  } catch (error) {
    await sending
    if (bodyFailure instanceof ImgError) throw bodyFailure
    throw error
  }
}

async function read(incoming: IncomingMessage): Promise<Answer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of incoming as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > answerLimit)
      throw new ImgError('EXPORT_FAILED', `the docker daemon answers more than ${answerLimit} bytes`)
    pieces.push(piece)
  }
  return { status: incoming.statusCode ?? 0, text: Buffer.concat(pieces).toString() }
}

async function json<T>(call: Promise<Answer>, what: string): Promise<T> {
  const answer = await call
  if (answer.status !== 200) throw refusal(what, answer)
  try {
    return JSON.parse(answer.text) as T
  } catch (cause) {
    throw new ImgError('EXPORT_FAILED', `the docker daemon did not answer "${what}" with JSON`, { cause })
  }
}

function errorOf(line: string): readonly string[] {
  if (!line.includes('"error')) return []
  try {
    const { error, errorDetail } = JSON.parse(line) as { error?: string; errorDetail?: { message?: string } }
    return [errorDetail?.message ?? error ?? []].flat()
  } catch {
    return []
  }
}

function refusal(what: string, { status, text }: Answer, message?: string): ImgError {
  const said = message ?? /"message":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text.slice(0, 200)
  return new ImgError('EXPORT_FAILED', `the docker daemon refused to ${what}: ${said.trim()} (status ${status})`, {
    detail: { status },
  })
}
