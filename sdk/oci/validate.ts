/** Reads and checks manifests, indexes, configs and layouts, whoever wrote them. */
import { ImgError } from '../error.ts'
import { type Digest, digestOf } from './digest.ts'
import {
  count,
  invalid,
  list,
  type Member,
  map,
  member,
  members,
  parseJson,
  pick,
  quote,
  text,
  wrong,
} from './document.ts'
import { type ImageConfig, type ImageIndex, type Manifest, mediaTypes } from './types.ts'
import { readConfig } from './validate-config.ts'
import { readDescriptor } from './validate-descriptor.ts'

/** What a registry or a layout has under a tag. */
export type ImageDocument =
  | { readonly kind: 'manifest'; readonly mediaType: string; readonly manifest: Manifest }
  | { readonly kind: 'index'; readonly mediaType: string; readonly index: ImageIndex }

const manifestTypes: readonly string[] = [mediaTypes.ociManifest, mediaTypes.dockerManifest]
const indexTypes: readonly string[] = [mediaTypes.ociIndex, mediaTypes.dockerIndex]
const configTypes: readonly string[] = [mediaTypes.ociConfig, mediaTypes.dockerConfig]
const layerForm =
  /^application\/vnd\.(?:oci\.image\.layer\.(?:nondistributable\.)?v1\.tar(?:\+gzip|\+zstd)?|docker\.image\.rootfs\.(?:foreign\.)?diff\.tar(?:\.gzip|\.zstd)?)$/

/**
 * Reads a manifest or an index, finding out which of them it is. What its `mediaType`, the Content-Type and its members say must agree:
 * a document that is one thing to us and another to somebody else is refused.
 *
 * @param contentType  of the answer or of the descriptor that led here
 * @throws IMAGE_INVALID; UNSUPPORTED for Docker's schema 1
 * @source image-spec, manifest.md, image-index.md; adversarial A27
 */
export function parseImageDocument(bytes: Uint8Array, what: string, contentType?: string): ImageDocument {
  const root: Member = { what, path: '', value: parseJson(bytes, what) }
  const own = member(root, 'mediaType').value === undefined ? undefined : text(member(root, 'mediaType'))
  const said = specific(contentType)
  refuseSchema1(root, own ?? said)
  if (own !== undefined && said !== undefined && own !== said) {
    throw invalid(what, `its mediaType is ${quote(own)}, but it came as ${quote(said)}`)
  }
  const kind = kindOf(root)
  const type = own ?? said
  if (type !== undefined && !(kind === 'index' ? indexTypes : manifestTypes).includes(type)) {
    const known = manifestTypes.includes(type) || indexTypes.includes(type)
    throw invalid(
      what,
      `it is called ${quote(type)}, ${known ? `but its members are those of an image ${kind}` : 'which is no kind of image'}`,
    )
  }
  if (count(member(root, 'schemaVersion')) !== 2) throw wrong(member(root, 'schemaVersion'), '2')
  if (kind === 'index') return { kind, mediaType: type ?? mediaTypes.ociIndex, index: readIndex(root) }
  return { kind, mediaType: type ?? mediaTypes.ociManifest, manifest: readManifest(root) }
}

/** As parseImageDocument, where only a manifest will do. */
export function parseManifest(bytes: Uint8Array, what: string, contentType?: string): Manifest {
  const document = parseImageDocument(bytes, what, contentType)
  if (document.kind === 'manifest') return document.manifest
  throw invalid(what, 'it is an image index; expected a manifest')
}

/** As parseImageDocument, where only an index will do. */
export function parseIndex(bytes: Uint8Array, what: string, contentType?: string): ImageIndex {
  const document = parseImageDocument(bytes, what, contentType)
  if (document.kind === 'index') return document.index
  throw invalid(what, 'it is a manifest; expected an image index')
}

/**
 * Reads an image config. Members that no specification names are left out.
 * @throws IMAGE_INVALID
 * @source image-spec, config.md; Docker image spec
 */
export function parseConfig(bytes: Uint8Array, what: string): ImageConfig {
  return readConfig({ what, path: '', value: parseJson(bytes, what) })
}

/** Checks the `oci-layout` file of a layout. Source: image-spec, image-layout.md. */
export function checkLayoutFile(bytes: Uint8Array, what: string): void {
  const version = member({ what, path: '', value: parseJson(bytes, what) }, 'imageLayoutVersion')
  if (!/^1\.\d+\.\d+$/.test(text(version))) throw wrong(version, '"1.0.0"')
}

/**
 * Whether a manifest is of a container image, not of some other artifact: the media types of its config and layers.
 * @throws IMAGE_INVALID; UNSUPPORTED for encrypted layers
 */
export function checkImageManifest(manifest: Manifest, what: string): void {
  const { mediaType } = manifest.config
  // containerd still writes and takes application/octet-stream for configs pushed by very old tools
  if (!configTypes.includes(mediaType) && mediaType !== 'application/octet-stream') {
    throw invalid(what, `its config is ${quote(mediaType)}, so it is not a container image`)
  }
  for (const [i, layer] of manifest.layers.entries()) {
    if (layer.mediaType.endsWith('+encrypted'))
      throw new ImgError('UNSUPPORTED', `${what} has an encrypted layer (layers[${i}])`)
    if (!layerForm.test(layer.mediaType))
      throw invalid(what, `layers[${i}].mediaType is ${quote(layer.mediaType)}, which is no layer`)
  }
}

/** Checks that a manifest and its config speak of the same layers, and that the config is the one promised. */
export function checkConfigOf(manifest: Manifest, config: ImageConfig, what: string): void {
  const [layers, diffIds] = [manifest.layers.length, config.rootfs.diff_ids.length]
  if (layers !== diffIds) throw invalid(what, `its manifest has ${layers} layers, its config ${diffIds} diff IDs`)
}

/** Checks bytes against the descriptor that led to them. Throws DIGEST_MISMATCH. */
export function checkBytes(bytes: Uint8Array, { digest, size }: { digest: Digest; size?: number }, what: string): void {
  if (size !== undefined && bytes.byteLength !== size) {
    throw new ImgError('DIGEST_MISMATCH', `${what} has ${bytes.byteLength} bytes; expected ${size}`)
  }
  const actual = digestOf(bytes)
  if (actual !== digest) throw new ImgError('DIGEST_MISMATCH', `${what} has the digest ${actual}; expected ${digest}`)
}

/** A Content-Type that says something: without parameters, and not one of those that servers fall back on. */
function specific(contentType: string | undefined): string | undefined {
  const type = contentType?.split(';')[0]?.trim().toLowerCase()
  const vague = ['', 'application/json', 'application/octet-stream', 'binary/octet-stream', 'text/plain']
  return type === undefined || vague.includes(type) ? undefined : type
}

function refuseSchema1(root: Member, type: string | undefined): void {
  const old = type?.startsWith('application/vnd.docker.distribution.manifest.v1+')
  if (!old && members(root)['schemaVersion'] !== 1) return
  throw new ImgError('UNSUPPORTED', `${root.what} is a Docker manifest of schema 1, which was given up in 2017`, {
    hint: 'push the image again with any current tool',
  })
}

/** By its members. A key that differs from these only in case is read by other parsers, so it is refused. */
function kindOf(root: Member): 'manifest' | 'index' {
  const keys = Object.keys(members(root))
  const telling = ['manifests', 'layers', 'config', 'fsLayers', 'schemaVersion', 'mediaType', 'subject']
  const odd = keys.find(
    (key) => !telling.includes(key) && telling.some((name) => name.toLowerCase() === key.toLowerCase()),
  )
  if (odd !== undefined) throw invalid(root.what, `the key ${quote(odd)} is misspelt`)
  const both = ['layers', 'config', 'fsLayers'].find((key) => keys.includes('manifests') && keys.includes(key))
  if (both)
    throw invalid(root.what, `it has both "manifests" and ${quote(both)}, so it could be an index or a manifest`)
  return keys.includes('manifests') ? 'index' : 'manifest'
}

function readManifest(root: Member): Manifest {
  return {
    schemaVersion: 2,
    ...documentMembers(root),
    config: readDescriptor(member(root, 'config')),
    layers:
      'layers' in members(root) && member(root, 'layers').value === undefined
        ? []
        : list(member(root, 'layers'), readDescriptor),
  }
}

function readIndex(root: Member): ImageIndex {
  const manifests = member(root, 'manifests')
  return {
    schemaVersion: 2,
    ...documentMembers(root),
    manifests: manifests.value === undefined ? [] : list(manifests, readDescriptor),
  }
}

const documentMembers = (root: Member) =>
  pick<Pick<Manifest, 'mediaType' | 'artifactType' | 'annotations' | 'subject'>>(root, {
    mediaType: text,
    artifactType: text,
    annotations: (at) => map(at, text),
    subject: readDescriptor,
  })
