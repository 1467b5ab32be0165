/** Source ops: base images, the build context, remote files, and git repositories. */
import { ImgError } from '../error.ts'
import type { SourceOp } from '../plan/op.ts'
import type { BaseLayer, Io, Layer, LayerStore, LocalContext, PackEntry } from './ports.ts'
import { empty, type Result, snapshot } from './solve/result.ts'
import type { Work } from './solve/solve.ts'

/** A file that was fetched. `mtime` in seconds. */
export interface Fetched {
  readonly path: string
  readonly size: number
  readonly mtime: number
  /** The bytes, in pieces. */
  content(): Iterable<Uint8Array>
}

/** What source ops are made from. */
export interface SourceParts {
  readonly layers: LayerStore
  /** The layers of an image that was resolved, by the identifier's reference and platform. */
  imageLayers(ref: string, platform: Work<SourceOp>['vertex']['platform']): readonly BaseLayer[] | undefined
  /** The local directory of that name: `context`, or a named context. */
  local(name: string): LocalContext
  fetch(op: SourceOp, io: Io): Promise<Fetched>
  /** The files of a git repository; whether they were there. */
  git(op: SourceOp, io: Work<SourceOp>['io']): Promise<{ readonly layer: Layer; readonly cached: boolean }>
}

/** The runner of source ops. */
export function sourceRunner(parts: SourceParts) {
  return async (work: Work<SourceOp>): Promise<readonly Result[]> => {
    const { identifier } = work.op
    const scheme = identifier.slice(0, identifier.indexOf('://'))
    const rest = identifier.slice(scheme.length + 3)
    switch (scheme) {
      case 'docker-image':
        return [await image(parts, rest, work)]
      case 'oci-layout':
        return [await image(parts, identifier, work)]
      case 'local':
        return [{ kind: 'local', context: parts.local(rest) }]
      case 'http':
      case 'https':
        return [await remoteFile(parts, work)]
      case 'git':
        return [await repository(parts, work)]
      default:
        throw new ImgError('UNSUPPORTED', `the built-in engine has no ${scheme}:// sources: "${identifier}"`)
    }
  }
}

async function image(parts: SourceParts, ref: string, work: Work<SourceOp>): Promise<Result> {
  const bases = parts.imageLayers(ref, work.vertex.platform)
  if (!bases) throw new ImgError('IMAGE_NOT_FOUND', `the image ${ref} was not resolved`)
  if (bases.length === 0) return empty
  // Nothing is fetched here: a layer is, when something looks into it.
  return snapshot(await Promise.all(bases.map((base) => parts.layers.base(base))))
}

async function repository(parts: SourceParts, work: Work<SourceOp>): Promise<Result> {
  const { layer, cached } = await parts.git(work.op, work.io)
  if (cached) work.cached()
  return snapshot([layer])
}

async function remoteFile(parts: SourceParts, work: Work<SourceOp>): Promise<Result> {
  const file = await parts.fetch(work.op, work.io)
  const name = work.op.attrs?.['http.filename'] ?? '__unnamed__'
  if (name.includes('/') || name === '' || name === '..')
    throw new ImgError('PATH_ESCAPES', `"${name}" is not a file name`)
  const entry: PackEntry = {
    path: name,
    type: 'file',
    mode: 0o600,
    uid: 0,
    gid: 0,
    size: file.size,
    mtime: file.mtime,
    content: () => file.content(),
  }
  return snapshot([await parts.layers.pack([entry], work.io)])
}
