/** A registry: manifests, blobs and tags of its repositories. Source: distribution-spec. */
import type { Readable } from 'node:stream'
import { ImgError } from '../../error.ts'
import { type Digest, digestOf, isDigest } from '../../oci/digest.ts'
import { documentLimit } from '../../oci/document.ts'
import { type Descriptor, mediaTypes } from '../../oci/types.ts'
import { checkBytes } from '../../oci/validate.ts'
import type { Io } from '../ports.ts'
import { openBlob } from './blob.ts'
import { discard, readBounded } from './body.ts'
import type { Answer, Session } from './session.ts'
import { hintForTag, listTags } from './tags.ts'
import { mount, type OpenBlob, upload } from './upload.ts'

/** The bytes of a manifest or an index, checked against the digest that they were asked for by or announced with. */
export interface ManifestBytes {
  readonly bytes: Uint8Array
  /** The Content-Type of the answer. */
  readonly mediaType: string
  readonly digest: Digest
}

/** What a HEAD tells of a manifest. */
export interface ManifestHead {
  readonly digest: Digest
  readonly mediaType: string
  readonly size: number
}

/**
 * One registry. All members throw REGISTRY_UNREACHABLE, REGISTRY_REFUSED, REGISTRY_ANSWER and BUILD_CANCELLED;
 * `reference` is a tag or a digest.
 */
export interface RegistryClient {
  /** As in references: `docker.io`, `localhost:5000`. */
  readonly host: string
  /** Throws IMAGE_NOT_FOUND; DIGEST_MISMATCH. */
  getManifest(repository: string, reference: string, io?: Io): Promise<ManifestBytes>
  /**
   * Undefined where the registry does not say the digest. Throws IMAGE_NOT_FOUND.
   * `access: 'push'` where a push follows, so that one token does for both.
   */
  headManifest(
    repository: string,
    reference: string,
    io?: Io,
    options?: { access?: 'pull' | 'push' },
  ): Promise<ManifestHead | undefined>
  putManifest(repository: string, reference: string, manifest: Omit<ManifestBytes, 'digest'>, io?: Io): Promise<Digest>
  /** Whether a blob need not be sent; asked with the token that a push needs. */
  hasBlob(repository: string, digest: Digest, io?: Io): Promise<boolean>
  /** Goes on by Range where it breaks off. `verify: false` leaves the digest to the reader. Throws IMAGE_NOT_FOUND. */
  getBlob(
    repository: string,
    descriptor: Descriptor,
    options?: { io?: Io | undefined; verify?: boolean },
  ): Promise<Readable>
  /** Whether the registry took the blob from its repository `from`. */
  mountBlob(repository: string, descriptor: Descriptor, from: string, io?: Io): Promise<boolean>
  /** Sends the blob, whether it is there or not; with `from`, tries a mount first. */
  uploadBlob(
    repository: string,
    descriptor: Descriptor,
    open: OpenBlob,
    options?: { io?: Io | undefined; from?: string | undefined },
  ): Promise<'mounted' | 'uploaded'>
  tags(repository: string, io?: Io): Promise<readonly string[]>
}

const accept = [mediaTypes.ociIndex, mediaTypes.dockerIndex, mediaTypes.ociManifest, mediaTypes.dockerManifest].join(
  ', ',
)

/** A client over a session. */
export function createClient(session: Session): RegistryClient {
  const { host } = session
  const pull = (repository: string): readonly string[] => [`repository:${repository}:pull`]
  const push = (repository: string): readonly string[] => [`repository:${repository}:pull,push`]
  const manifestCall = (
    repository: string,
    reference: string,
    io: Io | undefined,
    access: 'pull' | 'push' = 'pull',
  ) => ({
    url: `/v2/${repository}/manifests/${reference}`,
    scopes: access === 'push' ? push(repository) : pull(repository),
    expect: [200],
    what: `${access} ${host}/${repository}${isDigest(reference) ? '@' : ':'}${reference}`,
    signal: io?.signal,
  })

  return {
    host,
    async getManifest(repository, reference, io) {
      const call = { ...manifestCall(repository, reference, io), method: 'GET', headers: { accept } } as const
      const work = () => readManifest(session, call, reference)
      return session.retrying(work, io?.signal).catch(async (error: unknown) => {
        throw await hintForTag(session, repository, reference, error, io?.signal)
      })
    },
    async headManifest(repository, reference, io, { access = 'pull' } = {}) {
      const call = { ...manifestCall(repository, reference, io, access), method: 'HEAD', headers: { accept } } as const
      const work = async () => headOf(await session.once(call))
      return session.retrying(work, io?.signal).catch(async (error: unknown) => {
        throw await hintForTag(session, repository, reference, error, io?.signal)
      })
    },
    async putManifest(repository, reference, { bytes, mediaType }, io) {
      const call = { ...manifestCall(repository, reference, io, 'push'), method: 'PUT' } as const
      const { what } = call
      const headers = { 'content-type': mediaType, 'content-length': String(bytes.byteLength) }
      const answer = await session.retrying(
        () => session.once({ ...call, headers, body: async () => bytes, expect: [201, 200, 202, 204] }),
        io?.signal,
      )
      await discard(answer.body)
      return sameDigest(digestOf(bytes), answer, what)
    },
    async hasBlob(repository, digest, io) {
      const call = {
        method: 'HEAD',
        url: `/v2/${repository}/blobs/${digest}`,
        scopes: push(repository),
        expect: [200, 404],
        what: `look for ${host}/${repository}@${digest}`,
        signal: io?.signal,
      } as const
      const answer = await session.retrying(() => session.once(call), io?.signal)
      await discard(answer.body)
      return answer.status === 200
    },
    getBlob: (repository, descriptor, options = {}) => openBlob(session, { repository, descriptor, ...options }),
    mountBlob: (repository, descriptor, from, io) => mount(session, { repository, descriptor, from, io }),
    uploadBlob: (repository, descriptor, open, options = {}) =>
      upload(session, { repository, descriptor, open, ...options }),
    tags: (repository, io) => listTags(session, repository, io?.signal),
  }
}

async function readManifest(
  session: Session,
  call: Parameters<Session['once']>[0],
  reference: string,
): Promise<ManifestBytes> {
  const answer = await session.once(call)
  let bytes: Uint8Array
  try {
    bytes = await readBounded(answer.body, documentLimit, `registry "${session.host}"`)
  } catch (error) {
    call.signal?.throwIfAborted()
    throw session.broken(error, call.what, false)
  }
  const announced = answer.headers['docker-content-digest']
  const expected = isDigest(reference)
    ? reference
    : announced !== undefined && isDigest(announced)
      ? announced
      : undefined
  if (expected)
    checkBytes(bytes, { digest: expected }, `what registry "${session.host}" has as ${call.what.replace(/^pull /, '')}`)
  return { bytes, mediaType: answer.headers['content-type'] ?? '', digest: digestOf(bytes) }
}

async function headOf(answer: Answer): Promise<ManifestHead | undefined> {
  await discard(answer.body)
  const digest = answer.headers['docker-content-digest'] ?? ''
  const mediaType = answer.headers['content-type'] ?? ''
  return isDigest(digest) ? { digest, mediaType, size: Number(answer.headers['content-length'] ?? 0) } : undefined
}

function sameDigest(digest: Digest, answer: Answer, what: string): Digest {
  const stored = answer.headers['docker-content-digest']
  if (stored === undefined || stored === digest) return digest
  throw new ImgError(
    'REGISTRY_ANSWER',
    `cannot ${what}: the registry stored ${stored.slice(0, 100)}; expected ${digest}`,
  )
}
