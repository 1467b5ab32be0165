/** Image references: what people write after FROM and `-t`, and its canonical form. */
import { ImgError } from '../error.ts'
import { type Digest, isDigest } from './digest.ts'

/** Where an image is, and which one. At least one of `tag` and `digest` is there. */
export interface Reference {
  /** Host, and port where one was given: `docker.io`, `localhost:5000`, `[::1]:5000`. */
  readonly registry: string
  /** Lower-case path components: `library/alpine`. */
  readonly repository: string
  readonly tag?: string
  readonly digest?: Digest
}

const hub = 'docker.io'
const oldHub = 'index.docker.io'
const official = 'library/'
const longestRepository = 255
const longestText = 4096

const hostForm =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/
const componentForm = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
const tagForm = /^\w[\w.-]{0,127}$/
const algorithmForm = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/

/**
 * Reads a reference as docker does: `alpine` is `docker.io/library/alpine:latest`. The first component is a registry when it
 * is `localhost` or holds `.`, `:` or an upper-case letter. A reference with a digest gets no default tag.
 *
 * @throws REFERENCE_INVALID; UNSUPPORTED for digests other than SHA-256
 * @source distribution/reference: grammar, normalised names
 */
export function parseReference(text: string): Reference {
  if (text.length > longestText) throw invalid(text, `it has ${text.length} characters`)
  if (/^[a-f0-9]{64}$/.test(text)) throw invalid(text, 'it is a bare image ID', `write name@sha256:${text}`)
  const { registry, rest } = splitRegistry(text)
  const at = rest.indexOf('@')
  const named = at < 0 ? rest : rest.slice(0, at)
  const digest = at < 0 ? undefined : checkDigest(text, rest.slice(at + 1))
  const colon = named.indexOf(':')
  const repository = colon < 0 ? named : named.slice(0, colon)
  const tag = colon < 0 ? (digest ? undefined : 'latest') : named.slice(colon + 1)

  checkName(text, registry, repository)
  if (tag !== undefined && !tagForm.test(tag)) {
    throw invalid(
      text,
      `"${tag}" is not a tag`,
      'a tag is 1 to 128 letters, digits, "_", "." and "-", not starting with "." or "-"',
    )
  }
  return { registry, repository, ...(tag !== undefined && { tag }), ...(digest && { digest }) }
}

/** Whether a text is a reference, be it one with a digest that we do not read. */
export function isReference(text: string): boolean {
  try {
    parseReference(text)
    return true
  } catch (thrown) {
    return !(thrown instanceof ImgError && thrown.code === 'REFERENCE_INVALID')
  }
}

/**
 * The canonical form of a name that an image is to be given. A digest is not given: it says what an image is.
 * @throws REFERENCE_INVALID
 */
export function canonicalName(text: string): string {
  const reference = parseReference(text)
  if (reference.digest === undefined) return formatReference(reference)
  throw invalid(text, 'it has a digest, which no image can be given', 'name it by a tag')
}

/** The canonical full form, as in `docker-image://` identifiers: `docker.io/library/alpine:latest`, `host/name:tag@sha256:…`. */
export function formatReference(ref: Reference): string {
  return `${ref.registry}/${ref.repository}${suffix(ref)}`
}

/** The short form that docker shows: without `docker.io/` and `library/`. `latest` stays. */
export function familiar(ref: Reference): string {
  if (ref.registry !== hub) return formatReference(ref)
  const short = ref.repository.startsWith(official) ? ref.repository.slice(official.length) : ref.repository
  return `${short.includes('/') ? ref.repository : short}${suffix(ref)}`
}

/** The same repository at another tag or digest; `undefined` members are left out. */
export function withoutTag(ref: Reference, digest: Digest): Reference {
  return { registry: ref.registry, repository: ref.repository, digest }
}

function suffix(ref: Reference): string {
  return `${ref.tag === undefined ? '' : `:${ref.tag}`}${ref.digest ? `@${ref.digest}` : ''}`
}

function splitRegistry(text: string): { registry: string; rest: string } {
  const slash = text.indexOf('/')
  const first = slash < 0 ? '' : text.slice(0, slash)
  const isHost = first === 'localhost' || /[.:]/.test(first) || first !== first.toLowerCase()
  const registry = !isHost || first === oldHub ? hub : first
  const rest = isHost ? text.slice(slash + 1) : text
  return { registry, rest: registry === hub && !rest.includes('/') ? official + rest : rest }
}

function checkName(text: string, registry: string, repository: string): void {
  const asked =
    repository.startsWith(official) && !text.includes(official) ? repository.slice(official.length) : repository
  if (repository !== repository.toLowerCase()) {
    throw invalid(
      text,
      `the repository name "${asked}" must be lower-case`,
      `write ${text.toLowerCase().slice(0, 200)}`,
    )
  }
  // A host with "_" is no host by the grammar, yet its text is a valid first component, and docker takes it.
  if (!hostForm.test(registry) && !componentForm.test(registry))
    throw invalid(text, `"${registry}" is not a registry host`)
  const wrong = repository.split('/').find((component) => !componentForm.test(component))
  if (wrong !== undefined) {
    throw invalid(text, asked === '' ? 'the repository name is missing' : `"${wrong}" is not a repository name`)
  }
  const length = hostForm.test(registry) ? repository.length : registry.length + 1 + repository.length
  if (length > longestRepository)
    throw invalid(text, `the repository name has ${length} characters; at most ${longestRepository}`)
}

function checkDigest(text: string, digest: string): Digest {
  if (isDigest(digest)) return digest
  if (algorithmForm.test(digest) && /^sha(384|512):[0-9a-f]+$/.test(digest)) {
    throw new ImgError(
      'UNSUPPORTED',
      `"${clip(text)}" has a ${digest.split(':')[0]} digest; only sha256 can be checked`,
    )
  }
  throw invalid(text, `"${clip(digest)}" is not a digest`, 'a digest is sha256: and 64 lower-case hexadecimal digits')
}

function invalid(text: string, reason: string, hint?: string): ImgError {
  return new ImgError('REFERENCE_INVALID', `"${clip(text)}" is not an image reference: ${reason}`, { hint })
}

const clip = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text)
