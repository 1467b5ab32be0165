/** What `--output` says: `type=oci,dest=image.tar,compression=zstd`, with the keys of `docker buildx build`. */
import { ImgError } from '../error.ts'
import { nearest, typed } from '../instruction/shape/nearest.ts'
import type { MediaTypes } from '../oci/assemble.ts'
import { epochTime } from '../oci/history.ts'
import { type Annotation, Attributes, usage } from './attributes.ts'
import { splitCsv } from './csv.ts'

/** How layers are compressed. A base's layers keep their form unless `force` is set. */
export interface Compression {
  readonly type: 'gzip' | 'zstd' | 'none'
  /** gzip 0 to 9, zstd 0 to 22. @default the compressor's own */
  readonly level?: number
  readonly force: boolean
}

/** What every output that writes an image can be told. */
export interface ImageOptions {
  /** References; empty where the output was given none, and those of `-t` hold. */
  readonly names: readonly string[]
  readonly compression: Compression
  readonly mediaTypes: MediaTypes
  readonly annotations: readonly Annotation[]
  /** Seconds; instead of the build's SOURCE_DATE_EPOCH. */
  readonly sourceDateEpoch?: number
  /** Whether the epoch also clamps the times of files in layers that are not the base's. */
  readonly rewriteTimestamp: boolean
}

/** One `--output`. A `dest` of `-` is the standard output. */
export type Output =
  | (ImageOptions & { readonly type: 'oci'; readonly dest: string; readonly tar: boolean })
  /** Without `dest` the archive goes to the docker daemon (of `context`, where one is named). */
  | (ImageOptions & { readonly type: 'docker'; readonly dest?: string; readonly context?: string })
  /** Kept in the store under its names, and pushed when `push` is set: `type=registry`. */
  | (ImageOptions & {
      readonly type: 'image'
      readonly push: boolean
      readonly pushByDigest: boolean
      readonly insecure: boolean
    })
  /** `mode`: into a new or empty directory, over what is there, or instead of it. */
  | {
      readonly type: 'local'
      readonly dest: string
      readonly mode: 'new' | 'copy' | 'delete'
      readonly platformSplit?: boolean
    }
  | { readonly type: 'tar'; readonly dest: string; readonly platformSplit?: boolean }
  | { readonly type: 'cacheonly' }

/**
 * Reads one `--output`. A text without `type=` is the directory of `type=local`; `-` is `type=tar` to the standard output.
 *
 * @throws USAGE        an unknown type or key (with the nearest one), or a value that is not allowed
 * @throws UNSUPPORTED  a key of buildx that means nothing here
 * @source docker docs, buildx build: --output; BuildKit, exporter/containerimage/exptypes
 */
export function parseOutput(text: string): Output {
  const fields = splitCsv(text)
  if (fields.length === 1 && !text.startsWith('type=')) {
    if (text === '') throw usage('the output is empty', 'write type=…,dest=…')
    return text === '-' ? { type: 'tar', dest: '-' } : { type: 'local', dest: text, mode: 'new' }
  }
  const attributes = new Attributes(text, fields)
  const type = attributes.take('type')
  const read = type === undefined ? undefined : readers[type]
  if (!read) throw unknownType(text, type)
  const output = read(attributes)
  attributes.finish(type!)
  return output
}

type Reader = (attributes: Attributes) => Output

const readers: Readonly<Record<string, Reader>> = {
  oci: (from) => {
    const tar = from.flag('tar', true)
    return { type: 'oci', dest: from.dest(tar), tar, ...imageOptions(from, 'gzip') }
  },
  docker: (from) => {
    const dest = from.take('dest')
    const context = from.take('context')
    if (!from.flag('tar', true))
      throw usage('type=docker writes an archive', 'write type=oci,tar=false for a directory')
    return {
      type: 'docker',
      ...(dest === undefined ? {} : { dest }),
      ...(context === undefined ? {} : { context }),
      // Loads fastest, see sdk/export/tarball.ts.
      ...imageOptions(from, 'none'),
    }
  },
  image: (from) => image(from, false),
  registry: (from) => image(from, true),
  local: (from) => {
    const mode = from.choice('mode', ['new', 'copy', 'delete'] as const, 'new')
    return { type: 'local', dest: from.dest(false), mode, ...split(from) }
  },
  tar: (from) => ({ type: 'tar', dest: from.dest(true), ...split(from) }),
  cacheonly: () => ({ type: 'cacheonly' }),
}

function image(from: Attributes, push: boolean): Output {
  return {
    type: 'image',
    push: from.flag('push', push),
    pushByDigest: from.flag('push-by-digest', false),
    insecure: from.flag('registry.insecure', false),
    ...imageOptions(from, 'gzip'),
  }
}

/** What buildx has for other image stores; `false` asks for nothing and is let through. */
const elsewhere = ['unpack', 'name-canonical', 'prefer-nondist-layers', 'attestation-inline', 'oci-artifact']

function imageOptions(from: Attributes, usual: Compression['type']): ImageOptions {
  const given = from.choice('compression', ['gzip', 'zstd', 'uncompressed', 'none', 'estargz'] as const, undefined)
  if (given === 'estargz') throw new ImgError('UNSUPPORTED', 'compression=estargz is not built; gzip and zstd are')
  const type = given === undefined ? usual : given === 'uncompressed' ? 'none' : given
  const level = from.whole('compression-level', 0, type === 'zstd' ? 22 : 9)
  const mediaTypes = from.flag('oci-mediatypes', true) ? 'oci' : 'docker'
  if (type === 'zstd' && mediaTypes === 'docker') {
    throw usage('compression=zstd conflicts with oci-mediatypes=false', 'leave one of the two out')
  }
  const annotations = from.annotations()
  if (annotations.length > 0 && mediaTypes === 'docker') {
    throw usage('annotations conflict with oci-mediatypes=false', 'leave one of the two out')
  }
  from.flag('store', true)
  for (const key of elsewhere) {
    if (from.flag(key, false)) throw new ImgError('UNSUPPORTED', `${key}=true is not built`, { hint: 'leave it out' })
  }
  const epoch = from.whole('source-date-epoch', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  if (epoch !== undefined) epochTime(epoch)
  return {
    names: from.names(),
    compression: { type, ...(level === undefined ? {} : { level }), force: from.flag('force-compression', false) },
    mediaTypes,
    annotations,
    ...(epoch === undefined ? {} : { sourceDateEpoch: epoch }),
    rewriteTimestamp: from.flag('rewrite-timestamp', false),
  }
}

function split(from: Attributes): { platformSplit?: boolean } {
  const value = from.optionalFlag('platform-split')
  return value === undefined ? {} : { platformSplit: value }
}

function unknownType(text: string, type: string | undefined): ImgError {
  const types = Object.keys(readers)
  if (type === undefined) return usage(`--output "${text}" has no type`, `add type=…: ${types.join(', ')}`)
  const near = nearest(type, types, typed)
  const hint = near
    ? `did you mean type=${near}?`
    : 'type=oci,dest=FILE is an archive, type=local,dest=DIR are the files'
  return usage(`there is no output type "${type}"; expected ${types.join(', ')}`, hint)
}
