/** Archives as their bytes tell what they are: gzip, zstd, bzip2, xz, or plain. */
import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { ImgError } from '../../error.ts'
import type { Io } from '../ports.ts'

const magics: readonly (readonly [name: Compression, bytes: readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
]

/** How a stream is compressed. */
export type Compression = 'gzip' | 'zstd' | 'bzip2' | 'xz' | 'none'

/** What the first bytes say. */
export function sniff(start: Uint8Array): Compression {
  return magics.find(([, bytes]) => bytes.every((byte, at) => start[at] === byte))?.[0] ?? 'none'
}

/**
 * The content, decompressed by what its first bytes say. The programs for bzip2 and xz are the host's, never an image's.
 *
 * @throws UNSUPPORTED where this machine cannot read the compression; LAYER_INVALID when the data is damaged
 */
export async function* decompress(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  io?: Pick<Io, 'signal'>,
): AsyncGenerator<Uint8Array> {
  const [start, rest] = await peek(content)
  const compression = sniff(start)
  if (compression === 'none') {
    yield* rest
    return
  }
  const input = Readable.from(rest, { objectMode: false })
  const output = await opener(compression)(input)
  const stop = () => output.destroy(new ImgError('BUILD_CANCELLED', 'the build was interrupted'))
  io?.signal.addEventListener('abort', stop, { once: true })
  try {
    yield* output as AsyncIterable<Uint8Array>
  } catch (error) {
    if (error instanceof ImgError) throw error
    throw new ImgError('LAYER_INVALID', `the ${compression} data is damaged: ${(error as Error).message}`, {
      cause: error,
    })
  } finally {
    io?.signal.removeEventListener('abort', stop)
    output.destroy()
    input.destroy()
  }
}

/** The first bytes, six or what there is, and everything from the start. */
async function peek(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<[Uint8Array, AsyncGenerator<Uint8Array>]> {
  const pieces = Symbol.asyncIterator in content ? content[Symbol.asyncIterator]() : content[Symbol.iterator]()
  const seen: Uint8Array[] = []
  let size = 0
  while (size < 6) {
    const next = await pieces.next()
    if (next.done) break
    seen.push(next.value)
    size += next.value.length
  }
  async function* all() {
    try {
      yield* seen
      for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value
    } finally {
      await pieces.return?.()
    }
  }
  return [Buffer.concat(seen).subarray(0, 6), all()]
}

type Opener = (input: Readable) => Promise<Readable>

function opener(compression: Exclude<Compression, 'none'>): Opener {
  if (compression === 'gzip')
    return async (input) => join(input, (await import('node:zlib')).createGunzip({ chunkSize: 1 << 18 }))
  if (compression === 'zstd') return openZstd
  return async (input) => throughProgram(compression, input)
}

async function openZstd(input: Readable): Promise<Readable> {
  const { createZstdDecompress } = (await import('node:zlib')) as {
    createZstdDecompress?: () => NodeJS.ReadWriteStream
  }
  if (createZstdDecompress) return join(input, createZstdDecompress())
  return throughProgram('zstd', input)
}

function join(input: Readable, transform: NodeJS.ReadWriteStream): Readable {
  const output = transform as unknown as Readable
  input.on('error', (error) => output.destroy(error))
  input.pipe(transform)
  return output
}

/** The host's own program, found on a fixed path so that nothing else can stand in for it. */
function throughProgram(name: 'bzip2' | 'xz' | 'zstd', input: Readable): Readable {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin', LC_ALL: 'C' }
  const child = spawn(name, ['-d', '-c', '-q'], { stdio: ['pipe', 'pipe', 'ignore'], cwd: '/', env })
  const ended = new Promise<Error | undefined>((resolve) => {
    child.on('error', (cause) => {
      const hint = `install ${name === 'xz' ? 'xz-utils' : name}`
      const message = `data compressed with ${name} needs the program ${name} on this machine`
      resolve(new ImgError('UNSUPPORTED', message, { hint, cause }))
    })
    child.on('close', (status) => resolve(status === 0 ? undefined : new Error(`${name} ended with ${status}`)))
  })
  child.stdin.on('error', () => {})
  input.on('error', (error) => child.stdout.destroy(error))
  input.pipe(child.stdin)
  async function* output() {
    try {
      yield* child.stdout as AsyncIterable<Buffer>
      // what was written so far may be all there is, or the part before the damage
      const error = await ended
      if (error) throw error
    } finally {
      child.kill()
    }
  }
  return Readable.from(output(), { objectMode: false })
}
