/** Images in OCI layout folders: `folder`, `folder:tag`, `folder@digest`. Source: image-spec, image-layout.md. */
import { constants } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { ImgError } from '../../error.ts'
import { type Digest, hexOf, isDigest, parseDigest } from '../../oci/digest.ts'
import { documentLimit } from '../../oci/document.ts'
import type { Descriptor } from '../../oci/types.ts'
import { checkBytes, checkLayoutFile, parseIndex } from '../../oci/validate.ts'
import type { ImageSource } from './source.ts'

/** Which image of which layout. */
export interface LayoutReference {
  readonly folder: string
  readonly tag?: string
  readonly digest?: Digest
}

/** A tag or a name, and the full name where a tool wrote both. */
const nameKeys = ['io.containerd.image.name', 'org.opencontainers.image.ref.name']

/**
 * Reads what follows `oci-layout://`. Only a colon after the last slash begins a tag.
 * @throws DIGEST_INVALID
 */
export function parseLayoutReference(text: string): LayoutReference {
  const at = text.lastIndexOf('@')
  const digest = at >= 0 && !/[/\\]/.test(text.slice(at)) ? parseDigest(text.slice(at + 1)) : undefined
  const named = digest ? text.slice(0, at) : text
  const [, folder = named, tag] = /^(.*[^:]):([\w][\w.-]{0,127})$/s.exec(named) ?? []
  return {
    folder: isAbsolute(folder) ? folder : resolve(folder),
    ...(tag !== undefined && { tag }),
    ...(digest && { digest }),
  }
}

/** An image in a layout. */
export function layoutSource({ folder, tag, digest }: LayoutReference): ImageSource {
  const name = `the layout "${folder}"${tag === undefined ? '' : `:${tag}`}${digest ? `@${digest}` : ''}`
  const blob = (wanted: Digest) => join(folder, 'blobs', 'sha256', hexOf(wanted))
  const read = async (descriptor: Pick<Descriptor, 'digest'> & { size?: number }) => {
    const bytes = await readWhole(blob(descriptor.digest))
    checkBytes(bytes, descriptor, `"${blob(descriptor.digest)}"`)
    return bytes
  }
  return {
    name,
    async top() {
      await checkLayout(folder)
      if (digest) return { bytes: await read({ digest }), digest }
      const descriptor = await find(folder, tag)
      return { bytes: await read(descriptor), digest: descriptor.digest, mediaType: descriptor.mediaType }
    },
    document: read,
    layers: async (descriptors, diffIds) =>
      descriptors.map((descriptor, i) => ({
        descriptor,
        diffId: diffIds[i]!,
        open: async () =>
          (await openFile(blob(descriptor.digest), descriptor.size)).createReadStream({ highWaterMark: 256 * 1024 }),
      })),
  }
}

async function checkLayout(folder: string): Promise<void> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new ImgError('IMAGE_NOT_FOUND', `there is no OCI layout "${folder}"`, {
      hint: 'name a folder that holds oci-layout and index.json',
    })
  }
  const file = join(folder, 'oci-layout')
  checkLayoutFile(await readWhole(file), `"${file}"`)
}

async function find(folder: string, tag: string | undefined): Promise<Descriptor> {
  const file = join(folder, 'index.json')
  const { manifests } = parseIndex(await readWhole(file), `"${file}"`)
  return pickManifest(manifests, tag, `the layout "${folder}"`)
}

/** Whether a name is the one wanted, or ends in it: `1.2` and `app:1.2` both mean `docker.io/library/app:1.2`. */
export function isCalled(name: string, wanted: string): boolean {
  return name === wanted || name.endsWith(`:${wanted}`) || name.endsWith(`/${wanted}`)
}

/**
 * The one with that tag; without a tag the only one, or the one called latest.
 * @throws IMAGE_NOT_FOUND
 */
export function pickManifest(manifests: readonly Descriptor[], tag: string | undefined, what: string): Descriptor {
  const namesOf = ({ annotations }: Descriptor) => nameKeys.flatMap((key) => annotations?.[key] ?? [])
  const matches = (wanted: string) => manifests.find((each) => namesOf(each).some((name) => isCalled(name, wanted)))
  const found = tag === undefined ? (manifests.length === 1 ? manifests[0] : matches('latest')) : matches(tag)
  if (found && isDigest(found.digest)) return found
  const names = manifests.flatMap((each) => namesOf(each).slice(0, 1)).slice(0, 20)
  throw new ImgError('IMAGE_NOT_FOUND', `${what} has no image ${tag === undefined ? 'called latest' : `"${tag}"`}`, {
    hint: names.length > 0 ? `it has ${names.join(', ')}` : 'name one by its digest: folder@sha256:…',
  })
}

async function readWhole(path: string): Promise<Uint8Array> {
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    if (size > documentLimit)
      throw new ImgError('IMAGE_INVALID', `"${path}" has ${size} bytes; at most ${documentLimit}`)
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/** Opens a regular file of a layout that somebody else wrote: a link could lead anywhere, a FIFO never ends. */
async function openFile(path: string, size?: number): Promise<FileHandle> {
  let file: FileHandle
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new ImgError('IMAGE_NOT_FOUND', `the layout has no "${path}"`, { cause })
    throw new ImgError('IMAGE_INVALID', `"${path}" cannot be read: ${code}`, { cause })
  }
  const found = await file.stat()
  if (found.isFile() && (size === undefined || found.size === size)) return file
  await file.close()
  if (!found.isFile()) throw new ImgError('IMAGE_INVALID', `"${path}" is not a regular file`)
  throw new ImgError('DIGEST_MISMATCH', `"${path}" has ${found.size} bytes; expected ${size}`)
}
